"""Grants whose term is over. Readers know the term and need no telling; the row is put right for lists and limits."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from delegation.grants.rules import GrantState
from delegation.grants.tables import grants
from shared.db import Tx, UnitOfWork

BATCH = 500
"""Grants of one transaction: a school year's end must not hold the whole table."""


async def expire_grants(uow: UnitOfWork) -> int:
    """Mark what has run out; a job of the worker. Answers how many."""
    total = 0
    while True:
        async with uow.begin() as tx:
            due = await tx.session.scalars(
                select(grants.c.grant_id)
                .where(grants.c.state == GrantState.ACTIVE.value, grants.c.valid_until <= tx.now)
                .order_by(grants.c.valid_until)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            ids = due.all()
            if ids:
                await _expire(tx, grants.c.grant_id.in_(ids))
        total += len(ids)
        if len(ids) < BATCH:
            return total


async def expire_on(tx: Tx, pupil_id: UUID) -> None:
    """Mark what has run out on one child, whom the transaction holds."""
    await _expire(tx, grants.c.pupil_id == pupil_id)


async def _expire(tx: Tx, which: ColumnElement[bool]) -> None:
    await tx.session.execute(
        update(grants)
        .where(which, grants.c.state == GrantState.ACTIVE.value, grants.c.valid_until <= tx.now)
        .values(state=GrantState.EXPIRED.value, ended_at=grants.c.valid_until, end_reason="expired")
    )
