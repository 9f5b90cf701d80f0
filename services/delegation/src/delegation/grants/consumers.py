"""Grants die with what they stand on (D-9): the grantor's right, the child's place, the trusted person's account.

The room `people` has taken each event already. Suspension and its confirmation by another representative (D-6)
are not built yet: access ends, and a representative who has the right invites anew.
"""

from delegation.events import subscriptions
from delegation.grants.end_grants import end_grants
from delegation.grants.tables import grants
from delegation.people.queries import hold_children, may_act_for
from delegation.people.rules import FULL_LEVEL
from shared.contracts.identity import AccountDisabled, BindingGranted, BindingLevelChanged, BindingRevoked, PupilLeft
from shared.db import Tx


@subscriptions.on(BindingGranted)
async def end_with_binding(tx: Tx, event: BindingGranted) -> None:
    """A binding told again may stand lower than before."""
    if event.level < FULL_LEVEL:
        await _end_without_right(tx, event)


@subscriptions.on(BindingLevelChanged)
async def end_with_level(tx: Tx, event: BindingLevelChanged) -> None:
    """Level 1 reads, but cannot let others read."""
    await _end_without_right(tx, event)


@subscriptions.on(BindingRevoked)
async def end_with_right(tx: Tx, event: BindingRevoked) -> None:
    """Whoever no longer represents a child lets nobody read of it."""
    await _end_without_right(tx, event)


@subscriptions.on(PupilLeft)
async def end_with_place(tx: Tx, event: PupilLeft) -> None:
    """There is no diary any more."""
    await hold_children(tx.session, [event.pupil_id])
    await end_grants(tx, grants.c.pupil_id == event.pupil_id, "child_left")


@subscriptions.on(AccountDisabled)
async def end_with_account(tx: Tx, event: AccountDisabled) -> None:
    """Of the trusted person, or of the one who had trusted."""
    await end_grants(tx, grants.c.account_id == event.account_id, "account_disabled")
    await end_grants(tx, grants.c.granted_by_account_id == event.account_id, "grantor_lost_right")


async def _end_without_right(tx: Tx, event: BindingGranted | BindingLevelChanged | BindingRevoked) -> None:
    await hold_children(tx.session, [event.pupil_id])
    # Asked anew, not read off the event: there may be another binding, and the event may be late.
    if await may_act_for(tx.session, event.account_id, event.pupil_id, tx.now):
        return
    await end_grants(
        tx,
        (grants.c.pupil_id == event.pupil_id) & (grants.c.granted_by_account_id == event.account_id),
        "grantor_lost_right",
    )
