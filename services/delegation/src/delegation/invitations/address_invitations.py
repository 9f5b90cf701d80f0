"""An invitation meets its addressee: when it is sent, or later, when the person turns up (D-2)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, update

from delegation.invitations.queries import with_names
from delegation.invitations.rules import InvitationState
from delegation.invitations.tables import invitations
from delegation.people.queries import accounts_reachable_as
from delegation.people.rules import child_label, full_name
from shared.contracts.delegation import InvitationSent
from shared.db import Tx


async def address_invitations(tx: Tx, contact_hashes: Collection[bytes]) -> int:
    """Address what waits for these contacts, which the transaction holds. Answers how many were addressed.

    A contact belongs to one account; while two claim it, because one event is ahead of the other, it waits on.
    """
    waiting = await tx.session.execute(
        with_names()
        .where(
            invitations.c.contact_hash.in_(contact_hashes),
            invitations.c.state == InvitationState.PENDING.value,
            invitations.c.invitee_account_id.is_(None),
            invitations.c.expires_at > tx.now,
        )
        .order_by(invitations.c.invitation_id)
        .with_for_update(of=invitations)
    )
    addressed = 0
    for invitation in waiting.all():
        found = await accounts_reachable_as(tx.session, invitation.contact_hash, invitation.surname_hash)
        if len(found) == 1 and found[0] != invitation.inviter_account_id:
            await _address(tx, invitation, found[0])
            addressed += 1
    return addressed


async def _address(tx: Tx, invitation: Row[Any], invitee: Any) -> None:
    await tx.session.execute(
        update(invitations)
        .where(
            invitations.c.school_id == invitation.school_id,
            invitations.c.invitation_id == invitation.invitation_id,
        )
        .values(invitee_account_id=invitee, addressed_at=tx.now)
    )
    tx.emit(
        InvitationSent(
            invitation_id=invitation.invitation_id,
            inviter_account_id=invitation.inviter_account_id,
            inviter_name=full_name(
                invitation.inviter_surname, invitation.inviter_given_name, invitation.inviter_patronymic
            ),
            invitee_account_id=invitee,
            pupil_id=invitation.pupil_id,
            child_label=child_label(invitation.child_surname, invitation.child_given_name),
            scope=tuple(invitation.scope),
            grant_until=invitation.grant_until,
            sent_at=tx.now,
            expires_at=invitation.expires_at,
        )
    )
