"""A representative of the child revokes a grant, or the trusted person leaves (D-6, D-9)."""

from uuid import UUID

from delegation.errors import GrantNotFound, MoveNotAllowed
from delegation.grants.end_grants import Reason, end_grants
from delegation.grants.queries import grant_for_update, pupil_of_grant
from delegation.grants.rules import (
    GrantMove,
    GrantPart,
    GrantState,
    allowed_moves,
    ending_move,
    next_state,
    state_at,
)
from delegation.grants.tables import grants
from delegation.people.queries import hold_children, may_act_for
from shared.db import UnitOfWork
from shared.http import Caller

_REASONS: dict[GrantMove, Reason] = {GrantMove.REVOKE: "revoked", GrantMove.LEAVE: "left"}


async def revoke_grant(uow: UnitOfWork, caller: Caller, grant_id: UUID) -> None:
    """End a grant at once.

    Raises:
        GrantNotFound: there is none, or the caller is neither a level-2 representative nor the trusted person.
        MoveNotAllowed: it is over already.
    """
    async with uow.begin() as tx:
        pupil_id = await pupil_of_grant(tx.session, grant_id)
        if pupil_id is None:
            raise GrantNotFound
        await hold_children(tx.session, [pupil_id])
        grant = await grant_for_update(tx.session, grant_id)
        if grant is None:
            raise GrantNotFound
        parts: set[GrantPart] = set()
        if grant.account_id == caller.account_id:
            parts.add(GrantPart.TRUSTED)
        if await may_act_for(tx.session, caller.account_id, pupil_id, tx.now):
            parts.add(GrantPart.REPRESENTATIVE)
        move = ending_move(parts)
        if move is None:
            raise GrantNotFound
        state = state_at(GrantState(grant.state), grant.valid_until, tx.now)
        if next_state(state, move) is None:
            raise MoveNotAllowed(state, allowed_moves(state, parts))
        await end_grants(tx, grants.c.grant_id == grant_id, _REASONS[move], caller.account_id)
