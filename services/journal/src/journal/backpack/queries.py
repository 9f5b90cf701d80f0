"""Reads of what to bring."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.backpack.rules import Thing
from journal.backpack.tables import backpack_lists, backpack_things
from journal.roster.groups import concerns
from journal.roster.queries import Pupil, SchoolClass
from journal.roster.tables import subjects
from journal.timetable.tables import lessons


@dataclass(frozen=True, slots=True)
class ThingOfLesson(Thing):
    """Something to bring, and to which lesson."""

    lesson_id: UUID
    number: int
    subject_title: str


async def version_of_list(session: AsyncSession, school_id: UUID, lesson_id: UUID) -> int:
    """The version of a lesson's list; 0: there is none."""
    query = select(backpack_lists.c.version).where(
        backpack_lists.c.school_id == school_id, backpack_lists.c.lesson_id == lesson_id
    )
    return await session.scalar(query) or 0


async def things_of_pupil(
    session: AsyncSession, pupil: Pupil, school_class: SchoolClass, first: date, last: date
) -> dict[date, list[ThingOfLesson]]:
    """What a pupil of the class is to bring, by day, in the order of the lessons."""
    return await _things(
        session,
        school_class,
        first,
        last,
        concerns(lessons.c.group_id, lessons.c.date, pupil.school_id, pupil.pupil_id),
    )


async def things_for_lesson(
    session: AsyncSession, school_class: SchoolClass, day: date, group_id: UUID | None
) -> list[ThingOfLesson]:
    """What who has a lesson is to bring on its day, without what is only for other groups than the lesson's."""
    whose = or_(lessons.c.group_id.is_(None), lessons.c.group_id == group_id)
    return (await _things(session, school_class, day, day, whose)).get(day, [])


async def _things(
    session: AsyncSession, school_class: SchoolClass, first: date, last: date, whose: ColumnElement[bool]
) -> dict[date, list[ThingOfLesson]]:
    """What is to be brought, by day, in the order of the lessons; `whose` says of which lessons of the class."""
    query = (
        select(
            lessons.c.date,
            lessons.c.subject_id,
            backpack_things.c.title,
            backpack_things.c.grams,
            lessons.c.lesson_id,
            lessons.c.number,
            subjects.c.title.label("subject_title"),
        )
        .join(
            backpack_things,
            and_(
                backpack_things.c.school_id == lessons.c.school_id,
                backpack_things.c.lesson_id == lessons.c.lesson_id,
            ),
        )
        .join(
            subjects,
            and_(subjects.c.school_id == lessons.c.school_id, subjects.c.subject_id == lessons.c.subject_id),
        )
        .where(
            lessons.c.school_id == school_class.school_id,
            lessons.c.class_id == school_class.class_id,
            lessons.c.date.between(first, last),
            lessons.c.cancelled_at.is_(None),
            whose,
        )
        .order_by(lessons.c.date, lessons.c.number, backpack_things.c.position)
    )
    days: dict[date, list[ThingOfLesson]] = defaultdict(list)
    for day, *thing in await session.execute(query):
        days[day].append(ThingOfLesson(*thing))
    return dict(days)
