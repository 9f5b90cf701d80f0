"""Reads of bell schedules."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.bells.rules import BellPlan, BellSchedule, Ring

# One statement: a school has a handful of schedules, and who needs one needs them all to choose from.
_OF_SCHOOL = text(
    """
    SELECT s.*, r.kinds, r.numbers, r.starts, r.ends, r.meals, d.days
    FROM bell_schedules s
    CROSS JOIN LATERAL (
      SELECT array_agg(kind ORDER BY position) AS kinds, array_agg(number ORDER BY position) AS numbers,
        array_agg(starts_at ORDER BY position) AS starts, array_agg(ends_at ORDER BY position) AS ends,
        array_agg(meal ORDER BY position) AS meals
      FROM bell_rings WHERE school_id = s.school_id AND bell_schedule_id = s.bell_schedule_id
    ) r
    CROSS JOIN LATERAL (
      SELECT array_agg(date) AS days
      FROM bell_days WHERE school_id = s.school_id AND bell_schedule_id = s.bell_schedule_id
    ) d
    WHERE s.school_id = :school
    ORDER BY s.shift, s.first_grade, s.single_days, s.starts_on, s.bell_schedule_id
    """
).bindparams(bindparam("school", type_=Uuid))


async def bells_of_school(session: AsyncSession, school_id: UUID) -> list[BellSchedule]:
    """All bell schedules of a school, by shift, grades and days."""
    return [_schedule(row) for row in await session.execute(_OF_SCHOOL, {"school": school_id})]


def _schedule(row: Row[Any]) -> BellSchedule:
    rings = zip(row.kinds or (), row.numbers or (), row.starts or (), row.ends or (), row.meals or (), strict=True)
    days: frozenset[date] | None = frozenset(row.days or ()) if row.single_days else None
    return BellSchedule(
        row.school_id,
        row.bell_schedule_id,
        row.version,
        BellPlan(
            row.name,
            row.shift,
            row.first_grade,
            row.last_grade,
            row.starts_on,
            row.ends_on,
            days,
            tuple(Ring(*ring) for ring in rings),
        ),
    )
