"""Seven days without an answer (D-3). Nobody can accept from that instant on; this makes it known."""

from sqlalchemy import select, update

from delegation.invitations.rules import InvitationState
from delegation.invitations.tables import invitations
from shared.contracts.delegation import InvitationLapsed
from shared.db import UnitOfWork

BATCH = 500
"""Invitations of one transaction."""


async def lapse_invitations(uow: UnitOfWork) -> int:
    """Let lapse what is due; a job of the worker. Answers how many."""
    total = 0
    while True:
        lapsed = await _lapse_batch(uow)
        total += lapsed
        if lapsed < BATCH:
            return total


async def _lapse_batch(uow: UnitOfWork) -> int:
    async with uow.begin() as tx:
        due = (
            await tx.session.execute(
                select(invitations)
                .where(invitations.c.state == InvitationState.PENDING.value, invitations.c.expires_at <= tx.now)
                .order_by(invitations.c.expires_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
        ).all()
        if due:
            await tx.session.execute(
                update(invitations)
                .where(invitations.c.invitation_id.in_([row.invitation_id for row in due]))
                .values(state=InvitationState.LAPSED.value, settled_at=invitations.c.expires_at)
            )
        for row in due:
            tx.emit(
                InvitationLapsed(
                    invitation_id=row.invitation_id,
                    inviter_account_id=row.inviter_account_id,
                    invitee_account_id=row.invitee_account_id,
                    pupil_id=row.pupil_id,
                    lapsed_at=row.expires_at,
                )
            )
    return len(due)
