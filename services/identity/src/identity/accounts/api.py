"""The own account, over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from identity.accounts.queries import account, own_identifiers
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
    )
