"""The invitee accepts: an invitation becomes a grant, once (D-4, D-5)."""

from uuid import UUID

from delegation.errors import ContactNotProved, InvitationOver
from delegation.grants.activate_grant import activate_grant
from delegation.invitations.move_invitation import settle, take_for_move
from delegation.invitations.rules import InvitationMove
from delegation.people.queries import is_reachable_as, may_act_for
from delegation.people.rules import child_label, full_name
from shared.contracts.delegation import InvitationAccepted
from shared.db import UnitOfWork
from shared.http import Caller


async def accept_invitation(uow: UnitOfWork, caller: Caller, invitation_id: UUID) -> None:
    """Accept, and open the diary in the same transaction.

    Raises:
        ContactNotProved: the caller's contact or surname is no longer the invited one.
        InvitationOver: cancelled, lapsed, or the inviter has lost the right to it.
        TooManyTrusted: the child has five trusted persons.
        AlreadyTrusted: the caller is one of them.
        InvitationNotFound, NotYoursToMove, MoveNotAllowed: see `take_for_move`.
    """
    async with uow.begin() as tx:
        invitation, state = await take_for_move(tx, caller, invitation_id, InvitationMove.ACCEPT)
        if not await is_reachable_as(tx.session, caller.account_id, invitation.contact_hash, invitation.surname_hash):
            raise ContactNotProved
        if not await may_act_for(tx.session, invitation.inviter_account_id, invitation.pupil_id, tx.now):
            raise InvitationOver
        grant_id = await activate_grant(
            tx,
            school_id=invitation.school_id,
            pupil_id=invitation.pupil_id,
            invitation_id=invitation_id,
            account_id=caller.account_id,
            granted_by=invitation.inviter_account_id,
            scope=invitation.scope,
            valid_until=invitation.grant_until,
        )
        await settle(tx, invitation, state, caller.account_id, grant_id)
        tx.emit(
            InvitationAccepted(
                invitation_id=invitation_id,
                inviter_account_id=invitation.inviter_account_id,
                invitee_account_id=caller.account_id,
                invitee_name=full_name(
                    invitation.invitee_surname, invitation.invitee_given_name, invitation.invitee_patronymic
                ),
                pupil_id=invitation.pupil_id,
                child_label=child_label(invitation.child_surname, invitation.child_given_name),
                grant_id=grant_id,
                accepted_at=tx.now,
            )
        )
