"""A grant comes into force: the part of accepting an invitation that other services act upon."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from delegation.errors import AlreadyTrusted, TooManyTrusted
from delegation.grants.expire_grants import expire_on
from delegation.grants.queries import count_in_force, has_in_force
from delegation.grants.rules import MOST_ACTIVE, GrantState
from delegation.grants.tables import grants
from shared.contracts.delegation import DelegationActivated
from shared.db import Tx


async def activate_grant(
    tx: Tx,
    *,
    school_id: UUID,
    pupil_id: UUID,
    invitation_id: UUID,
    account_id: UUID,
    granted_by: UUID,
    scope: Sequence[str],
    valid_until: datetime,
) -> UUID:
    """Open a child's diary to a trusted person, within the caller's transaction, which holds the child.

    Raises:
        TooManyTrusted: the child has five (D-8).
        AlreadyTrusted: this person is one of them.
    """
    if await has_in_force(tx.session, pupil_id, account_id, tx.now):
        raise AlreadyTrusted
    if await count_in_force(tx.session, pupil_id, tx.now) >= MOST_ACTIVE:
        raise TooManyTrusted(limit=MOST_ACTIVE)
    await expire_on(tx, pupil_id)
    grant_id = tx.new_id()
    first_version = 1
    await tx.session.execute(
        insert(grants).values(
            school_id=school_id,
            grant_id=grant_id,
            invitation_id=invitation_id,
            pupil_id=pupil_id,
            account_id=account_id,
            granted_by_account_id=granted_by,
            scope=list(scope),
            valid_from=tx.now,
            valid_until=valid_until,
            state=GrantState.ACTIVE.value,
            edge_version=first_version,
        )
    )
    tx.emit(
        DelegationActivated.model_validate(
            {
                "grant_id": grant_id,
                "pupil_id": pupil_id,
                "account_id": account_id,
                "granted_by_account_id": granted_by,
                "scope": tuple(scope),
                "valid_from": tx.now,
                "valid_until": valid_until,
                "edge_version": first_version,
            }
        )
    )
    return grant_id
