"""A level-2 representative invites somebody to the diaries of one or more children (D-1, D-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from delegation.errors import (
    AlreadyInvited,
    CannotInviteYourself,
    ChildNotFound,
    LevelTwoRequired,
    TermNotAllowed,
    TooManyInvitations,
    TooManyTrusted,
)
from delegation.grants.queries import count_in_force
from delegation.grants.rules import MOST_ACTIVE, TermOutOfBounds, term_end, whole_scope
from delegation.invitations.address_invitations import address_invitations
from delegation.invitations.queries import invitations_named, is_waiting, sent_in_a_day
from delegation.invitations.rules import MOST_A_DAY, InvitationState, expiry, wait_for_limit
from delegation.invitations.tables import invitations
from delegation.people.queries import (
    Child,
    edges_on,
    hold_accounts,
    hold_children,
    hold_contacts,
    is_reachable_as,
)
from delegation.people.rules import acts_for, knows
from shared.db import Tx, UnitOfWork
from shared.http import Caller, TemporarilyUnavailable


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom the inviter means: two keyed hashes to look up by, and what of it may be shown again."""

    contact_hash: bytes
    surname_hash: bytes
    contact_hint: str
    surname_typed: str


async def send_invitations(
    uow: UnitOfWork,
    caller: Caller,
    *,
    pupil_ids: Sequence[UUID],
    addressee: Addressee,
    until: date | None,
    scope: Sequence[str] | None,
) -> Sequence[Row[Any]]:
    """Make one invitation per child, all or none. Whether the addressee is known changes nothing in the answer.

    Raises:
        ChildNotFound: a child is unknown, has left, or is nothing to the caller.
        LevelTwoRequired: the caller reads the diary of a child, but no more.
        TermNotAllowed: `until` is over or too far away.
        CannotInviteYourself: the contact is the caller's own.
        AlreadyInvited: the same invitation is waiting.
        TooManyTrusted: a child has five trusted persons.
        TooManyInvitations: more than ten in 24 hours.
        TemporarilyUnavailable: the caller's own name has not been told yet.
    """
    async with uow.begin() as tx:
        await hold_contacts(tx.session, [addressee.contact_hash])
        known = await hold_accounts(tx.session, [caller.account_id])
        children = await hold_children(tx.session, pupil_ids)
        await _check_right(tx, caller, pupil_ids, children)
        if not known:
            # The name comes in a stream of its own and may be behind: the invitee must see who invites (D-3).
            raise TemporarilyUnavailable
        terms = {pupil_id: _term(until, tx.now, children[pupil_id]) for pupil_id in pupil_ids}
        await _check_limits(tx, caller, pupil_ids, addressee)
        ids = [tx.new_id() for _ in pupil_ids]
        await tx.session.execute(
            insert(invitations),
            [
                {
                    "school_id": children[pupil_id].school_id,
                    "invitation_id": invitation_id,
                    "pupil_id": pupil_id,
                    "inviter_account_id": caller.account_id,
                    "contact_hash": addressee.contact_hash,
                    "surname_hash": addressee.surname_hash,
                    "contact_hint": addressee.contact_hint,
                    "surname_typed": addressee.surname_typed,
                    "scope": list(whole_scope(scope)),
                    "grant_until": terms[pupil_id],
                    "sent_at": tx.now,
                    "expires_at": expiry(tx.now, terms[pupil_id]),
                    "state": InvitationState.PENDING.value,
                }
                for invitation_id, pupil_id in zip(ids, pupil_ids, strict=True)
            ],
        )
        made = await invitations_named(tx.session, ids)
        await address_invitations(tx, [addressee.contact_hash])
    return made


async def _check_right(tx: Tx, caller: Caller, pupil_ids: Sequence[UUID], children: dict[UUID, Child]) -> None:
    edges = await edges_on(tx.session, caller.account_id, pupil_ids)
    for pupil_id in pupil_ids:
        if pupil_id not in children or not knows(edges, pupil_id, tx.now):
            raise ChildNotFound
    for pupil_id in pupil_ids:
        if not acts_for(edges, pupil_id, tx.now):
            raise LevelTwoRequired


async def _check_limits(tx: Tx, caller: Caller, pupil_ids: Sequence[UUID], addressee: Addressee) -> None:
    contact = (addressee.contact_hash, addressee.surname_hash)
    if await is_reachable_as(tx.session, caller.account_id, *contact):
        raise CannotInviteYourself
    if await is_waiting(tx.session, caller.account_id, pupil_ids, *contact, tx.now):
        raise AlreadyInvited
    sent = await sent_in_a_day(tx.session, caller.account_id, tx.now)
    over = len(sent) + len(pupil_ids) - MOST_A_DAY
    if over > 0:
        raise TooManyInvitations(retry_after=wait_for_limit(sent[over - 1], tx.now), limit=MOST_A_DAY)
    for pupil_id in pupil_ids:
        if await count_in_force(tx.session, pupil_id, tx.now) >= MOST_ACTIVE:
            raise TooManyTrusted(limit=MOST_ACTIVE)


def _term(until: date | None, now: datetime, child: Child) -> datetime:
    try:
        return term_end(until, now, child.time_zone)
    except TermOutOfBounds as bounds:
        raise TermNotAllowed(first=bounds.first.isoformat(), last=bounds.last.isoformat()) from None
