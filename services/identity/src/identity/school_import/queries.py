"""Reads of ordered imports."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.school_import.tables import import_orders, import_outcomes, import_progress


async def ordered_import(session: AsyncSession, account_id: UUID, import_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """One import of an account, without its archive, with progress and outcome where they are."""
    order, progress, outcome = import_orders.c, import_progress.c, import_outcomes.c
    found = await session.execute(
        select(
            order.import_id,
            order.dry_run,
            order.ordered_at,
            progress.attempts,
            progress.step,
            progress.done,
            progress.total,
            outcome.outcome,
            outcome.report,
            outcome.finished_at,
        )
        .outerjoin(import_progress, progress.import_id == order.import_id)
        .outerjoin(import_outcomes, outcome.import_id == order.import_id)
        .where(order.import_id == import_id, order.account_id == account_id)
    )
    return found.one_or_none()
