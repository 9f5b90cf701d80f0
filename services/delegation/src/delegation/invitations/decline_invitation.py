"""The invitee declines; the inviter is told (D-3)."""

from uuid import UUID

from delegation.invitations.move_invitation import settle, take_for_move
from delegation.invitations.rules import InvitationMove
from delegation.people.rules import child_label
from shared.contracts.delegation import InvitationDeclined
from shared.db import UnitOfWork
from shared.http import Caller


async def decline_invitation(uow: UnitOfWork, caller: Caller, invitation_id: UUID) -> None:
    """Decline.

    Raises:
        InvitationNotFound, NotYoursToMove, InvitationOver, MoveNotAllowed: see `take_for_move`.
    """
    async with uow.begin() as tx:
        invitation, state = await take_for_move(tx, caller, invitation_id, InvitationMove.DECLINE)
        await settle(tx, invitation, state, caller.account_id)
        tx.emit(
            InvitationDeclined(
                invitation_id=invitation_id,
                inviter_account_id=invitation.inviter_account_id,
                invitee_account_id=caller.account_id,
                pupil_id=invitation.pupil_id,
                child_label=child_label(invitation.child_surname, invitation.child_given_name),
                declined_at=tx.now,
            )
        )
