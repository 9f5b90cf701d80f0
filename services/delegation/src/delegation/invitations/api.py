"""Routes of invitations."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from delegation.container import Wired
from delegation.errors import (
    AlreadyInvited,
    AlreadyTrusted,
    CannotInviteYourself,
    ChildNotFound,
    ContactNotProved,
    InvitationNotFound,
    InvitationOver,
    LevelTwoRequired,
    MoveNotAllowed,
    NotYoursToMove,
    TermNotAllowed,
    TooManyInvitations,
    TooManyTrusted,
)
from delegation.invitations.accept_invitation import accept_invitation
from delegation.invitations.cancel_invitation import cancel_invitation
from delegation.invitations.decline_invitation import decline_invitation
from delegation.invitations.even_answers import takes_at_least
from delegation.invitations.move_invitation import parts_in
from delegation.invitations.queries import Direction, invitations_named, invitations_seen_by
from delegation.invitations.rules import (
    InvitationMove,
    InvitationPart,
    InvitationState,
    allowed_moves,
    state_at,
)
from delegation.invitations.send_invitations import Addressee, send_invitations
from delegation.people.queries import children_acted_for
from delegation.people.rules import child_label, full_name
from shared.contacts import UnacceptableContact, masked_phone, masked_snils, phone_number, snils
from shared.contracts.delegation import Section
from shared.crypto import BlindIndex
from shared.http import (
    Body,
    CurrentCaller,
    Page,
    PageQuery,
    RecentCaller,
    StepUpRequired,
    TemporarilyUnavailable,
    cursor_of,
    responses,
)
from shared.names import UnacceptableName, comparable_name, name_as_written

router = APIRouter(tags=["invitations"])

MOST_CHILDREN = 10
LONGEST_CONTACT = 60


def _accepted_by(
    accept: Callable[[str], str], refused: type[ValueError], code: str, ru: str, en: str
) -> AfterValidator:
    """A validator that keeps the normal form; what was typed is never repeated (I-4)."""

    def normal(written: str) -> str:
        try:
            return accept(written)
        except refused:
            raise PydanticCustomError(code, "{en}", {"ru": ru, "en": en}) from None

    return AfterValidator(normal)


Phone = Annotated[
    str,
    Field(max_length=LONGEST_CONTACT, examples=["+7 900 123-45-67"]),
    _accepted_by(
        phone_number, UnacceptableContact, "phone_invalid", "Это не номер телефона", "This is not a phone number"
    ),
]
Snils = Annotated[
    str,
    Field(max_length=LONGEST_CONTACT, examples=["112-233-445 95"]),
    _accepted_by(
        snils, UnacceptableContact, "snils_invalid", "Это не СНИЛС: проверьте цифры", "This is not a valid СНИЛС"
    ),
]
Surname = Annotated[
    str,
    Field(max_length=LONGEST_CONTACT * 4),
    _accepted_by(name_as_written, UnacceptableName, "surname_invalid", "Укажите фамилию", "Give a surname"),
]


class NewInvitations(Body):
    """Whom to invite to whose diaries."""

    children: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_CHILDREN)]
    """Pupils' ids; one invitation is made for each."""
    phone: Phone | None = Field(default=None, repr=False)
    """Either this or `snils`."""
    snils: Snils | None = Field(default=None, repr=False)
    surname: Surname
    until: date | None = None
    """The last day of access; 31 August unless it is given, at most twelve months away (D-6)."""
    scope: Annotated[tuple[Section, ...], Field(min_length=1, max_length=4)] | None = None
    """What may be read; everything that can be, unless it is given (D-7)."""

    @model_validator(mode="after")
    def _one_contact_and_no_child_twice(self) -> Self:
        if (self.phone is None) == (self.snils is None):
            raise PydanticCustomError(
                "one_contact",
                "{en}",
                {"ru": "Укажите либо телефон, либо СНИЛС", "en": "Give either a phone or a СНИЛС"},
            )
        if len(set(self.children)) != len(self.children):
            raise PydanticCustomError(
                "child_twice", "{en}", {"ru": "Ребёнок указан дважды", "en": "A child is named twice"}
            )
        return self

    def addressee(self, index: BlindIndex) -> Addressee:
        """The addressee as this service may keep it: hashes and a mask (D-2)."""
        if self.phone is not None:
            contact_hash, hint = index.of("phone", self.phone), masked_phone(self.phone)
        else:
            assert self.snils is not None
            contact_hash, hint = index.of("snils", self.snils), masked_snils(self.snils)
        return Addressee(contact_hash, index.of("surname", comparable_name(self.surname)), hint, self.surname)


class InvitationView(BaseModel):
    """An invitation, as those see it who may."""

    id: UUID
    direction: Direction
    pupil_id: UUID
    child: str
    """«Анна К.»"""
    inviter_name: str
    scope: list[Section]
    grant_until: datetime
    """When the access would end."""
    sent_at: datetime
    expires_at: datetime
    """When it can no longer be accepted."""
    state: InvitationState
    allowed: list[InvitationMove]
    """What the caller may do now."""
    addressee_surname: str | None = None
    """As typed; only for the child's side."""
    addressee_contact: str | None = None
    """Masked; only for the child's side."""
    invitee_name: str | None = None
    """Only after acceptance: otherwise any phone number could be turned into a name (D-1)."""
    grant_id: UUID | None = None


class SentInvitations(BaseModel):
    """One for each child, in the order asked for."""

    items: list[InvitationView]


@router.post(
    "/invitations",
    status_code=status.HTTP_201_CREATED,
    responses=responses(
        ChildNotFound,
        LevelTwoRequired,
        StepUpRequired,
        TermNotAllowed,
        CannotInviteYourself,
        AlreadyInvited,
        TooManyTrusted,
        TooManyInvitations,
        TemporarilyUnavailable,
    ),
)
async def invite(body: NewInvitations, container: Wired, caller: RecentCaller) -> SentInvitations:
    """Invite a person to read the diaries of one or more children; answers alike for the known and the unknown."""
    async with takes_at_least(container.settings.invitation_answer_seconds):
        made = await send_invitations(
            container.database.uow,
            caller,
            pupil_ids=body.children,
            addressee=body.addressee(container.index),
            until=body.until,
            scope=body.scope,
        )
        now = container.database.clock()
        parts = frozenset({InvitationPart.REPRESENTATIVE})
        items = [_view(row, caller.account_id, parts, now) for row in made]
    return SentInvitations(items=items)


@router.get("/invitations")
async def list_invitations(
    container: Wired,
    caller: CurrentCaller,
    paging: PageQuery,
    direction: Annotated[Direction | None, Query(description="Only sent or only received")] = None,
) -> Page[InvitationView]:
    """Received by me; sent by me, or about my children by anybody. Newest first."""
    position = paging.position(UUID)
    now = container.database.clock()
    async with container.database.read() as session:
        mine = await children_acted_for(session, caller.account_id, now)
        rows = await invitations_seen_by(
            session,
            caller.account_id,
            mine,
            direction=direction,
            before=position[0] if position else None,
            limit=paging.limit + 1,
        )
    shown = rows[: paging.limit]
    items = []
    for row in shown:
        parts = {InvitationPart.REPRESENTATIVE} if row.pupil_id in mine else set()
        if row.invitee_account_id == caller.account_id:
            parts.add(InvitationPart.INVITEE)
        items.append(_view(row, caller.account_id, frozenset(parts), now))
    return Page(items=items, next=cursor_of(str(shown[-1].invitation_id)) if len(rows) > len(shown) else None)


@router.get("/invitations/{invitation_id}", responses=responses(InvitationNotFound))
async def read_invitation(invitation_id: UUID, container: Wired, caller: CurrentCaller) -> InvitationView:
    """One invitation, for the invitee and for the child's side."""
    return await _read(container, caller.account_id, invitation_id)


@router.post(
    "/invitations/{invitation_id}/accept",
    responses=responses(
        InvitationNotFound,
        NotYoursToMove,
        StepUpRequired,
        ContactNotProved,
        InvitationOver,
        MoveNotAllowed,
        AlreadyTrusted,
        TooManyTrusted,
    ),
)
async def accept(invitation_id: UUID, container: Wired, caller: RecentCaller) -> InvitationView:
    """Accept; the diary opens within two seconds (D-5). The answer has the grant's id."""
    await accept_invitation(container.database.uow, caller, invitation_id)
    return await _read(container, caller.account_id, invitation_id)


@router.post(
    "/invitations/{invitation_id}/decline",
    responses=responses(InvitationNotFound, NotYoursToMove, InvitationOver, MoveNotAllowed),
)
async def decline(invitation_id: UUID, container: Wired, caller: CurrentCaller) -> InvitationView:
    """Decline; the inviter is told."""
    await decline_invitation(container.database.uow, caller, invitation_id)
    return await _read(container, caller.account_id, invitation_id)


@router.post(
    "/invitations/{invitation_id}/cancel",
    responses=responses(InvitationNotFound, NotYoursToMove, InvitationOver, MoveNotAllowed),
)
async def cancel(invitation_id: UUID, container: Wired, caller: CurrentCaller) -> InvitationView:
    """Take back an invitation that was not answered yet."""
    await cancel_invitation(container.database.uow, caller, invitation_id)
    return await _read(container, caller.account_id, invitation_id)


async def _read(container: Wired, account_id: UUID, invitation_id: UUID) -> InvitationView:
    now = container.database.clock()
    async with container.database.read() as session:
        found = await invitations_named(session, [invitation_id])
        if not found:
            raise InvitationNotFound
        parts = await parts_in(session, found[0], account_id, now)
    if not parts and found[0].inviter_account_id != account_id:
        raise InvitationNotFound
    return _view(found[0], account_id, parts, now)


def _view(row: Row[Any], account_id: UUID, parts: frozenset[InvitationPart], now: datetime) -> InvitationView:
    # An invitee who also represents the child receives: the child's side of it is for the other one to see.
    received = row.invitee_account_id == account_id
    state = state_at(InvitationState(row.state), row.expires_at, now)
    accepted = state is InvitationState.ACCEPTED
    return InvitationView(
        id=row.invitation_id,
        direction="received" if received else "sent",
        pupil_id=row.pupil_id,
        child=child_label(row.child_surname, row.child_given_name),
        inviter_name=full_name(row.inviter_surname, row.inviter_given_name, row.inviter_patronymic),
        scope=row.scope,
        grant_until=row.grant_until,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        state=state,
        allowed=list(allowed_moves(state, parts)),
        addressee_surname=None if received else row.surname_typed,
        addressee_contact=None if received else row.contact_hint,
        invitee_name=full_name(row.invitee_surname, row.invitee_given_name, row.invitee_patronymic)
        if accepted and not received
        else None,
        grant_id=row.grant_id,
    )
