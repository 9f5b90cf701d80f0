"""An invitation is taken back: by a representative of the child, or because nobody stands behind it any more."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from delegation.invitations.move_invitation import settle, take_for_move
from delegation.invitations.rules import InvitationMove, InvitationState
from delegation.invitations.tables import invitations
from shared.contracts.delegation import InvitationCancelled
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def cancel_invitation(uow: UnitOfWork, caller: Caller, invitation_id: UUID) -> None:
    """Take back an invitation that was not answered yet (D-6).

    Raises:
        InvitationNotFound, NotYoursToMove, InvitationOver, MoveNotAllowed: see `take_for_move`.
    """
    async with uow.begin() as tx:
        invitation, state = await take_for_move(tx, caller, invitation_id, InvitationMove.CANCEL)
        await settle(tx, invitation, state, caller.account_id)
        tx.emit(
            InvitationCancelled(
                invitation_id=invitation_id,
                inviter_account_id=invitation.inviter_account_id,
                invitee_account_id=invitation.invitee_account_id,
                pupil_id=invitation.pupil_id,
                cancelled_at=tx.now,
            )
        )


async def cancel_pending(tx: Tx, which: ColumnElement[bool]) -> int:
    """Take back what waits among `which`, within the caller's transaction. Answers how many."""
    rows = (
        await tx.session.execute(
            select(invitations)
            .where(which, invitations.c.state == InvitationState.PENDING.value, invitations.c.expires_at > tx.now)
            .order_by(invitations.c.invitation_id)
            .with_for_update()
        )
    ).all()
    if not rows:
        return 0
    await tx.session.execute(
        update(invitations)
        .where(invitations.c.invitation_id.in_([row.invitation_id for row in rows]))
        .values(state=InvitationState.CANCELLED.value, settled_at=tx.now)
    )
    for row in rows:
        tx.emit(
            InvitationCancelled(
                invitation_id=row.invitation_id,
                inviter_account_id=row.inviter_account_id,
                invitee_account_id=row.invitee_account_id,
                pupil_id=row.pupil_id,
                cancelled_at=tx.now,
            )
        )
    return len(rows)
