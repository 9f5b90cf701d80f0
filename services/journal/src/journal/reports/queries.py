"""Reads that several reports share."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.names import full_name
from journal.roster.tables import staff
from journal.timetable.tables import lessons


async def names_of_staff(session: AsyncSession, school_id: UUID, person_ids: Collection[UUID]) -> list[str]:
    """How some members of staff are called, by name."""
    query = (
        select(staff.c.surname, staff.c.given_name, staff.c.patronymic)
        .where(staff.c.school_id == school_id, staff.c.person_id.in_(list(person_ids)))
        .order_by(staff.c.surname, staff.c.given_name, staff.c.person_id)
    )
    return [full_name(*row) for row in await session.execute(query)]


async def cancelled_lessons(
    session: AsyncSession, school_id: UUID, class_id: UUID, subject_id: UUID, first: date, last: date
) -> set[UUID]:
    """The lessons of a subject in a class that were not held: nothing stands in them."""
    query = select(lessons.c.lesson_id).where(
        lessons.c.school_id == school_id,
        lessons.c.class_id == class_id,
        lessons.c.subject_id == subject_id,
        lessons.c.date.between(first, last),
        lessons.c.cancelled_at.is_not(None),
    )
    return set((await session.scalars(query)).all())
