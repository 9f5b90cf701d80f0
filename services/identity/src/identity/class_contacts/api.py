"""The class teacher's register over HTTP."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from identity.class_contacts.correct_contacts import correct_contacts
from identity.class_contacts.person_card import PersonCard, opened_values
from identity.class_contacts.queries import AnyRow, changes_of_person, school_of_kept_person, waiting_proposals
from identity.class_contacts.read_contacts import read_contacts
from identity.class_contacts.settle_proposal import Word, opened_changes, require_second_pair_of_eyes, settle_proposal
from identity.container import Wired
from identity.errors import (
    ClassNotFound,
    ContactsStale,
    OwnProposal,
    PersonNotFound,
    ProposalNotFound,
    ProposalOvertaken,
    ProposalSettled,
)
from identity.personal_data.contacts import masked_email
from identity.personal_data.fields import EmailField, NameField, PatronymicField, PhoneField, SnilsField
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.history import NAMES
from shared.contacts import masked_phone, masked_snils
from shared.crypto import FieldPlace
from shared.http import Body, CurrentCaller, InvalidCursor, Page, PageQuery, cursor_of, responses

router = APIRouter(tags=["class contacts"])

_EARLIEST_BIRTH = date(1900, 1, 1)


class PersonContacts(BaseModel):
    """What the school knows of a person, in clear."""

    person_id: UUID
    kind: Literal["pupil", "representative"]
    version: int
    """Send it back with a change."""
    surname: str
    given_name: str
    patronymic: str | None
    birth_date: date | None
    phone: str | None
    email: str | None
    snils: str | None
    has_access: bool
    """An account opens diaries by this record."""
    waits_for_second_person: bool
    """A change waits for another member of staff."""


class ClassPupil(PersonContacts):
    """A pupil of the class."""

    representatives: list[PersonContacts]


class ClassContacts(BaseModel):
    """The register of a class."""

    class_id: UUID
    class_name: str
    pupils: list[ClassPupil]


def _born(day: date) -> date:
    # A day ahead of UTC is today in the east; the exact day matters to nobody here.
    if not _EARLIEST_BIRTH <= day <= datetime.now(UTC).date() + timedelta(days=1):
        raise PydanticCustomError(
            "birth_date_invalid",
            "{en}",
            {"ru": "Дата рождения в будущем или до 1900 года", "en": "The birth date is in the future or before 1900"},
        )
    return day


BirthDate = Annotated[date, AfterValidator(_born)]


class Correction(Body):
    """What to put right. A field that is left out stays; null takes a value away."""

    version: Annotated[int, Field(ge=1)]
    """Of the record that the correction was made from."""
    surname: NameField = Field(default="")
    given_name: NameField = Field(default="")
    patronymic: PatronymicField = None
    phone: PhoneField | None = None
    email: EmailField | None = None
    snils: SnilsField | None = None
    birth_date: BirthDate | None = None

    def wished(self) -> dict[str, str | None]:
        """Field → value in normal form."""
        return self.model_dump(mode="json", include=self.model_fields_set - {"version"})


class CorrectedPerson(BaseModel):
    """How the record stands now."""

    person: PersonContacts
    proposal_id: UUID | None
    """With 202: nothing has changed yet, this proposal waits for a second member of staff."""


class ProposedValue(BaseModel):
    """One value of a proposal, masked."""

    field: str
    before: str | None
    after: str | None


class Proposal(BaseModel):
    """A change that waits for a second member of staff."""

    proposal_id: UUID
    person_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    proposed_by: str
    """Surname and initials of the teacher."""
    own: bool
    """Proposed by the caller, who therefore cannot confirm it."""
    proposed_at: datetime
    changes: list[ProposedValue]


class Change(BaseModel):
    """One value that was replaced."""

    change_id: UUID
    field: str
    before: str | None
    """Masked."""
    changed_at: datetime
    changed_by: str | None
    """Surname and initials; None for the school's bundle."""
    confirmed_by: str | None
    """The second member of staff, where one was needed."""


@router.get("/classes/{class_id}/contacts", summary="Contacts of the own class", responses=responses(ClassNotFound))
async def get_contacts(class_id: UUID, caller: CurrentCaller, wired: Wired) -> ClassContacts:
    """Names, birth dates, e-mail, phone and СНИЛС of pupils and their representatives, for the class teacher (I-14).

    In clear; each reading is written down.
    """
    register = await read_contacts(wired.database.uow, wired.keys, caller.account_id, class_id)
    cards = {card.person_id: card for card in register.people}
    return ClassContacts(
        class_id=class_id,
        class_name=register.class_name,
        pupils=[
            ClassPupil(
                **_fields(card),
                representatives=[
                    PersonContacts(**_fields(cards[person_id]))
                    for person_id in register.families.get(card.person_id, [])
                    if person_id in cards
                ],
            )
            for card in register.people
            if card.kind == "pupil"
        ],
    )


@router.patch(
    "/people/{person_id}/contacts",
    summary="Put a record right",
    responses={
        **responses(PersonNotFound, ContactsStale),
        202: {"model": CorrectedPerson, "description": "Waits for a second member of staff"},
    },
)
async def patch_contacts(
    person_id: UUID, body: Correction, caller: CurrentCaller, wired: Wired, response: Response
) -> CorrectedPerson:
    """Change names, birth date, phone, e-mail or СНИЛС of a pupil or representative of the own class (I-14).

    Whom it lets into a diary is decided at once. Replacing both phone and e-mail of a person who has access needs a
    second member of staff: 202.
    """
    corrected = await correct_contacts(
        wired.database.uow, wired.keys, caller.account_id, person_id, body.version, body.wished()
    )
    if corrected.proposal_id is not None:
        response.status_code = 202
    return CorrectedPerson(person=PersonContacts(**_fields(corrected.card)), proposal_id=corrected.proposal_id)


@router.get(
    "/people/{person_id}/contacts/history",
    summary="What was changed in a record",
    responses=responses(PersonNotFound, InvalidCursor),
)
async def get_history(person_id: UUID, caller: CurrentCaller, wired: Wired, paging: PageQuery) -> Page[Change]:
    """Who has replaced which value and when, the newest first; for the class teacher (I-14)."""
    position = paging.position(UUID)
    async with wired.database.read() as session:
        school_id = await school_of_kept_person(session, caller.account_id, person_id, wired.database.clock())
        if school_id is None:
            raise PersonNotFound
        after = position[0] if position else None
        rows = await changes_of_person(session, school_id, person_id, after, paging.limit)
    shown = rows[: paging.limit]
    return Page(
        items=[_change(wired.keys, row) for row in shown],
        next=cursor_of(str(shown[-1].change_id)) if len(rows) > len(shown) else None,
    )


@router.get(
    "/schools/{school_id}/contact-proposals",
    summary="Changes that wait for a second member of staff",
    responses=responses(ProposalNotFound, InvalidCursor),
)
async def get_proposals(school_id: UUID, caller: CurrentCaller, wired: Wired, paging: PageQuery) -> Page[Proposal]:
    """The oldest first, values masked; for class teachers, deputies, the director and administrators (I-14)."""
    position = paging.position(UUID)
    async with wired.database.read() as session:
        await require_second_pair_of_eyes(session, caller.account_id, school_id, wired.database.clock())
        rows = await waiting_proposals(session, school_id, position[0] if position else None, paging.limit)
    shown = rows[: paging.limit]
    return Page(
        items=[_proposal(wired.keys, row, caller.account_id) for row in shown],
        next=cursor_of(str(shown[-1].proposal_id)) if len(rows) > len(shown) else None,
    )


_SETTLING = responses(ProposalNotFound, ProposalSettled, OwnProposal, ProposalOvertaken)


@router.post(
    "/schools/{school_id}/contact-proposals/{proposal_id}/confirm",
    status_code=204,
    summary="Confirm a change",
    responses=_SETTLING,
)
async def post_confirm(school_id: UUID, proposal_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Carry the change out; by anybody of the circle but the one who proposed it."""
    await _settle(wired, caller.account_id, school_id, proposal_id, "confirmed")


@router.post(
    "/schools/{school_id}/contact-proposals/{proposal_id}/decline",
    status_code=204,
    summary="Decline a change",
    responses=_SETTLING,
)
async def post_decline(school_id: UUID, proposal_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Drop the change; whoever proposed it may take it back so."""
    await _settle(wired, caller.account_id, school_id, proposal_id, "declined")


async def _settle(wired: Wired, account_id: UUID, school_id: UUID, proposal_id: UUID, word: Word) -> None:
    await settle_proposal(wired.database.uow, wired.keys, account_id, school_id, proposal_id, word)


def _fields(card: PersonCard) -> dict[str, Any]:
    return {name: getattr(card, name) for name in PersonContacts.model_fields}


def _proposal(keys: PersonalDataKeys, row: AnyRow, account_id: UUID) -> Proposal:
    stands = {name: getattr(row, name) for name in NAMES} | opened_values(keys.vault, row)
    changes = opened_changes(keys, row, row.changes)
    return Proposal(
        proposal_id=row.proposal_id,
        person_id=row.person_id,
        surname=row.surname,
        given_name=row.given_name,
        patronymic=row.patronymic,
        proposed_by=_short_name(row.proposer_surname, row.proposer_given_name, row.proposer_patronymic),
        own=row.proposed_by == account_id,
        proposed_at=row.proposed_at,
        changes=[
            ProposedValue(field=field, before=_masked(field, stands[field]), after=_masked(field, value))
            for field, value in changes.items()
        ],
    )


def _change(keys: PersonalDataKeys, row: AnyRow) -> Change:
    before = row.value_before
    if before is not None:
        place = FieldPlace("value_history", row.field, row.change_id)
        before = keys.vault.open_person_key(row.data_key).decrypt(place, before)
    return Change(
        change_id=row.change_id,
        field=row.field,
        before=_masked(row.field, before),
        changed_at=row.changed_at,
        changed_by=row.teacher_surname
        and _short_name(row.teacher_surname, row.teacher_given_name, row.teacher_patronymic),
        confirmed_by=row.second_surname
        and _short_name(row.second_surname, row.second_given_name, row.second_patronymic),
    )


def _masked(field: str, value: str | None) -> str | None:
    """Enough to compare with what a parent says on the phone, not enough to carry away."""
    if value is None or field in NAMES:
        return value
    masks = {"phone": masked_phone, "email": masked_email, "snils": masked_snils}
    return masks[field](value) if field in masks else "**.**." + value[:4]


def _short_name(surname: str, given_name: str, patronymic: str | None) -> str:
    initials = " ".join(f"{name[0]}." for name in (given_name, patronymic) if name)
    return f"{surname} {initials}"
