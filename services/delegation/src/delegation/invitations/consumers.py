"""Invitations find their addressee when one turns up (D-2), and end when nobody stands behind them (D-9).

The room `people` has taken each event of a binding, a child or an account already.
"""

from delegation.events import subscriptions
from delegation.invitations.address_invitations import address_invitations
from delegation.invitations.cancel_invitation import cancel_pending
from delegation.invitations.tables import invitations
from delegation.people.queries import hold_children, may_act_for
from delegation.people.reachability import replace_reachability
from delegation.people.rules import FULL_LEVEL
from shared.contracts.identity import (
    AccountDisabled,
    AccountReachable,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    PupilLeft,
)
from shared.db import Tx


@subscriptions.on(AccountReachable)
async def meet(tx: Tx, event: AccountReachable) -> None:
    """An account proved a contact or changed its surname: what waited for it has found it."""
    told = {*event.phone_hashes, *([event.snils_hash] if event.snils_hash else [])}
    touched = await replace_reachability(
        tx,
        event.account_id,
        {bytes.fromhex(contact_hash) for contact_hash in told},
        bytes.fromhex(event.surname_hash),
    )
    if touched:
        await address_invitations(tx, touched)


@subscriptions.on(BindingGranted)
async def cancel_with_binding(tx: Tx, event: BindingGranted) -> None:
    """A binding told again may stand lower than before."""
    if event.level < FULL_LEVEL:
        await _cancel_without_right(tx, event)


@subscriptions.on(BindingLevelChanged)
async def cancel_with_level(tx: Tx, event: BindingLevelChanged) -> None:
    """Level 1 reads, but invites nobody."""
    await _cancel_without_right(tx, event)


@subscriptions.on(BindingRevoked)
async def cancel_with_right(tx: Tx, event: BindingRevoked) -> None:
    """Whoever no longer represents a child invites nobody to it."""
    await _cancel_without_right(tx, event)


@subscriptions.on(PupilLeft)
async def cancel_with_place(tx: Tx, event: PupilLeft) -> None:
    """There is no diary to offer any more."""
    await hold_children(tx.session, [event.pupil_id])
    await cancel_pending(tx, invitations.c.pupil_id == event.pupil_id)


@subscriptions.on(AccountDisabled)
async def cancel_with_account(tx: Tx, event: AccountDisabled) -> None:
    """Of the inviter; what an invitee's account leaves unanswered lapses by itself."""
    await cancel_pending(tx, invitations.c.inviter_account_id == event.account_id)


async def _cancel_without_right(tx: Tx, event: BindingGranted | BindingLevelChanged | BindingRevoked) -> None:
    await hold_children(tx.session, [event.pupil_id])
    if await may_act_for(tx.session, event.account_id, event.pupil_id, tx.now):
        return
    await cancel_pending(
        tx,
        (invitations.c.pupil_id == event.pupil_id) & (invitations.c.inviter_account_id == event.account_id),
    )
