"""In which class a pupil was on which day.

A week of last year shows the lessons of last year's class, and a signed one stays as it was signed (J-28, J-32): in
September every pupil comes to another class, and some come to another one in the middle of the year.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, FromClause, Uuid, any_, case, cast, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.tables import pupil_classes

# $1 school, $2 pupil. Days before the first class are counted to it: that is all that is known of them.
PLACES = """
    places AS (
      SELECT class_id, CASE WHEN row_number() OVER w = 1 THEN '-infinity' ELSE since END AS first_day,
             lead(since, 1, 'infinity') OVER w - 1 AS last_day
      FROM pupil_classes WHERE school_id = $1 AND pupil_id = $2 WINDOW w AS (ORDER BY since)
    )
"""
"""CTE `places` (class_id, first_day, last_day) of a pupil."""


def places_of(school_id: Any, pupil_ids: Any) -> FromClause:
    """The same for built statements, of several pupils; a value or parameter and an array of them."""
    since, pupil_id = pupil_classes.c.since, pupil_classes.c.pupil_id
    never, for_ever = cast(literal("-infinity"), Date), cast(literal("infinity"), Date)
    number = func.row_number().over(partition_by=pupil_id, order_by=since)
    following = func.lead(since, 1, for_ever).over(partition_by=pupil_id, order_by=since)
    return (
        select(
            pupil_id,
            pupil_classes.c.class_id,
            case((number == 1, never), else_=since).label("first_day"),
            (following - 1).label("last_day"),
        )
        .where(pupil_classes.c.school_id == school_id, pupil_id == any_(pupil_ids))
        .subquery("places")
    )


async def was_any_in_class(
    session: AsyncSession, school_id: UUID, pupil_ids: Collection[UUID], class_id: UUID, day: date
) -> bool:
    """Whether one of some pupils was in a class on a day."""
    places = places_of(school_id, literal(list(pupil_ids), ARRAY(Uuid)))
    found = await session.scalar(
        select(
            exists().where(places.c.class_id == class_id, literal(day).between(places.c.first_day, places.c.last_day))
        )
    )
    return bool(found)
