"""What was decided about an account, for its owner."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.matching.tables import match_outcomes, reviews
from identity.registry.tables import schools


async def outcomes_of(session: AsyncSession, account_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """What each school that knows a proved contact of the account has answered."""
    found = await session.execute(
        select(match_outcomes, schools.c.name.label("school_name"))
        .join(schools, schools.c.school_id == match_outcomes.c.school_id)
        .where(match_outcomes.c.account_id == account_id)
        .order_by(schools.c.name, match_outcomes.c.school_id)
    )
    return found.all()


async def passed_by(session: AsyncSession, account_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Where the account has passed its data and still waits; one line for each school."""
    found = await session.execute(
        select(reviews.c.school_id, schools.c.name.label("school_name"))
        .distinct()
        .join(schools, schools.c.school_id == reviews.c.school_id)
        .where(
            reviews.c.account_id == account_id,
            reviews.c.kind == "pass_data_to_teacher",
            reviews.c.settled_at.is_(None),
        )
        .order_by(schools.c.name, reviews.c.school_id)
    )
    return found.all()
