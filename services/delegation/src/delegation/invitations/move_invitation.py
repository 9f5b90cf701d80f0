"""What every move of an invitation begins with: the locks in their order, who the caller is to it, and the verdict."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncSession

from delegation.errors import InvitationNotFound, InvitationOver, MoveNotAllowed, NotYoursToMove
from delegation.invitations.queries import child_and_inviter, invitation_for_update
from delegation.invitations.rules import (
    InvitationMove,
    InvitationPart,
    InvitationState,
    Refusal,
    allowed_moves,
    judge,
    state_at,
)
from delegation.invitations.tables import invitations
from delegation.people.queries import hold_accounts, hold_children, may_act_for
from shared.db import Tx
from shared.http import Caller


async def parts_in(
    session: AsyncSession, invitation: Row[Any], account_id: UUID, now: datetime
) -> frozenset[InvitationPart]:
    """What an account is to an invitation; nothing at all, if it is a stranger's.

    All level-2 representatives of the child stand for it, not only the one who sent it (D-9).
    """
    parts: set[InvitationPart] = set()
    if invitation.invitee_account_id == account_id:
        parts.add(InvitationPart.INVITEE)
    if await may_act_for(session, account_id, invitation.pupil_id, now):
        parts.add(InvitationPart.REPRESENTATIVE)
    return frozenset(parts)


async def take_for_move(
    tx: Tx, caller: Caller, invitation_id: UUID, move: InvitationMove
) -> tuple[Row[Any], InvitationState]:
    """Hold caller, inviter, child and the invitation, and judge the move. Answers the row and its next state.

    Raises:
        InvitationNotFound: there is none, or the caller is a stranger to it.
        NotYoursToMove: the other side's move.
        InvitationOver: cancelled or lapsed.
        MoveNotAllowed: answered before.
    """
    about = await child_and_inviter(tx.session, invitation_id)
    if about is None:
        raise InvitationNotFound
    pupil_id, inviter = about
    await hold_accounts(tx.session, {caller.account_id, inviter})
    await hold_children(tx.session, [pupil_id])
    invitation = await invitation_for_update(tx.session, invitation_id)
    if invitation is None:
        raise InvitationNotFound
    parts = await parts_in(tx.session, invitation, caller.account_id, tx.now)
    state = state_at(InvitationState(invitation.state), invitation.expires_at, tx.now)
    verdict = judge(state, move, parts)
    match verdict:
        case InvitationState():
            return invitation, verdict
        case Refusal.UNKNOWN:
            raise InvitationNotFound
        case Refusal.NOT_YOURS:
            raise NotYoursToMove
        case Refusal.OVER:
            raise InvitationOver
        case Refusal.NOT_ALLOWED:
            raise MoveNotAllowed(state, allowed_moves(state, parts))


async def settle(
    tx: Tx, invitation: Row[Any], state: InvitationState, by: UUID | None, grant_id: UUID | None = None
) -> None:
    """Write down how an invitation ended."""
    await tx.session.execute(
        update(invitations)
        .where(
            invitations.c.school_id == invitation.school_id,
            invitations.c.invitation_id == invitation.invitation_id,
        )
        .values(state=state.value, settled_at=tx.now, settled_by_account_id=by, grant_id=grant_id)
    )
