"""The own account, over HTTP."""

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from identity.accounts.queries import account, duties_of, own_identifiers, records_of
from identity.container import Wired
from identity.errors import AccountNotFound
from identity.personal_data.contacts import masked_email
from shared.contacts import masked_phone, masked_snils
from shared.http import CurrentCaller, responses

router = APIRouter(prefix="/me", tags=["me"])


class Contact(BaseModel):
    """One of the own contacts, masked: a screen may be seen by others."""

    masked: str
    """«+7 *** ***-45-67»."""
    proved: bool


class Me(BaseModel):
    """The own account."""

    account_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    locale: Literal["ru", "en"]
    username: str | None
    """The login of an access slip, if a school has issued this account."""
    phone: Contact | None
    email: Contact | None
    snils: Contact | None
    missing: list[Literal["phone", "email"]]
    """What has to be filled in before a diary can be opened (I-19, row 0)."""
    unproved: list[Literal["phone", "email"]]
    """What is filled in and waits for its code or link: a school compares only what is proved."""


@router.get("", summary="The own account", responses=responses(AccountNotFound))
async def get_me(caller: CurrentCaller, wired: Wired) -> Me:
    """Names and masked contacts, which of them are proved, and which are missing for the diary (I-11)."""
    async with wired.database.read() as session:
        owner = await account(session, caller.account_id)
        if owner is None:
            raise AccountNotFound
        own = await own_identifiers(session, wired.keys.vault, owner)
    masks = {"phone": masked_phone, "email": masked_email, "snils": masked_snils}
    contacts = {
        kind: Contact(masked=mask(own[kind][0]), proved=own[kind][1]) if kind in own else None
        for kind, mask in masks.items()
    }
    needed: tuple[Literal["phone", "email"], ...] = ("phone", "email")
    missing = [kind for kind in needed if contacts[kind] is None]
    return Me(
        account_id=owner.account_id,
        surname=owner.surname,
        given_name=owner.given_name,
        patronymic=owner.patronymic,
        locale=owner.locale,
        username=own["username"][0] if "username" in own else None,
        phone=contacts["phone"],
        email=contacts["email"],
        snils=contacts["snils"],
        missing=missing,
        unproved=[kind for kind in needed if (contact := contacts[kind]) is not None and not contact.proved],
    )


class Role(BaseModel):
    """What somebody is in a school; subject teachers by class and subject, class teachers and pupils by class."""

    role: Literal[
        "pupil",
        "representative",
        "subject_teacher",
        "class_teacher",
        "deputy",
        "director",
        "school_administrator",
        "agent",
    ]
    class_id: UUID | None
    class_name: str | None
    subject_id: UUID | None
    subject_title: str | None
    valid_until: date | None
    """The last day; null while nobody has ended it."""


class SchoolRoles(BaseModel):
    """A school and what the account is there."""

    school_id: UUID
    school_name: str
    city: str
    roles: list[Role]


class Roles(BaseModel):
    """All schools that know this account, by name."""

    items: list[SchoolRoles]


@router.get("/roles", summary="What I am in which school")
async def get_roles(caller: CurrentCaller, wired: Wired) -> Roles:
    """Schools, roles, classes × subjects (I-11). What a role allows is decided by each service for itself."""
    async with wired.database.read() as session:
        rows = [
            *await duties_of(session, caller.account_id, wired.database.clock()),
            *await records_of(session, caller.account_id),
        ]
    found: dict[UUID, SchoolRoles] = {}
    for row in sorted(rows, key=lambda row: (row.school_name, row.school_id)):
        school = found.setdefault(
            row.school_id,
            SchoolRoles(school_id=row.school_id, school_name=row.school_name, city=row.city, roles=[]),
        )
        school.roles.append(
            Role(
                role=row.role,
                class_id=row.class_id,
                class_name=row.class_name,
                subject_id=row.subject_id,
                subject_title=row.subject_title,
                valid_until=row.valid_until,
            )
        )
    return Roles(items=list(found.values()))
