"""Reads of weekly timetables, and of lessons as making them finds them."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.backpack.tables import backpack_lists
from journal.homework.tables import homework
from journal.roster.tables import class_groups, classes
from journal.timetable.clashes import Planned
from journal.timetable.queries import OF_GROUP
from journal.timetable.tables import lessons
from journal.weekly_timetable.rules import GeneratedLesson, WeeklyLesson, WeeklyTimetable, WeekPlan
from journal.weekly_timetable.tables import weekly_lessons, weekly_timetables


async def timetables_of_class(session: AsyncSession, school_id: UUID, class_id: UUID) -> list[WeeklyTimetable]:
    """The weekly timetables of a class, by their first day."""
    return await _timetables(
        session, weekly_timetables.c.school_id == school_id, weekly_timetables.c.class_id == class_id
    )


async def shift_of_class(session: AsyncSession, school_id: UUID, class_id: UUID, day: date) -> int:
    """In which shift a class learns on a day; the first, unless its weekly timetable says otherwise."""
    query = select(weekly_timetables.c.shift).where(
        weekly_timetables.c.school_id == school_id,
        weekly_timetables.c.class_id == class_id,
        weekly_timetables.c.starts_on <= day,
        weekly_timetables.c.ends_on >= day,
    )
    return await session.scalar(query) or 1


async def timetables_of_school(
    session: AsyncSession, school_id: UUID, first: date, last: date
) -> list[WeeklyTimetable]:
    """The weekly timetables of a school that are valid on some of these days."""
    return await _timetables(
        session,
        weekly_timetables.c.school_id == school_id,
        weekly_timetables.c.starts_on <= last,
        weekly_timetables.c.ends_on >= first,
    )


async def hold_lessons(session: AsyncSession, school_id: UUID, first: date, last: date) -> list[GeneratedLesson]:
    """A school's lessons from `first` to `last`; nobody changes them or writes into them until the end."""
    has_homework = exists().where(
        homework.c.school_id == lessons.c.school_id, homework.c.lesson_id == lessons.c.lesson_id
    )
    has_backpack = exists().where(
        backpack_lists.c.school_id == lessons.c.school_id, backpack_lists.c.lesson_id == lessons.c.lesson_id
    )
    has_topic = and_(lessons.c.topic != "", lessons.c.topic_from_plan.is_(False))
    in_use = or_(has_topic, lessons.c.has_marks, lessons.c.version > 1, has_homework, has_backpack)
    query = (
        select(
            lessons,
            classes.c.name.label("class_name"),
            class_groups.c.title.label("group_title"),
            in_use.label("in_use"),
        )
        .join(classes, and_(classes.c.school_id == lessons.c.school_id, classes.c.class_id == lessons.c.class_id))
        .outerjoin(class_groups, OF_GROUP)
        .where(lessons.c.school_id == school_id, lessons.c.date.between(first, last))
        .order_by(lessons.c.lesson_id)
        .with_for_update(of=lessons)
    )
    found = []
    for row in await session.execute(query):
        held = Planned(
            line=None,
            class_id=row.class_id,
            class_name=row.class_name,
            teacher_id=row.teacher_id,
            room=row.room,
            date=row.date,
            number=row.number,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            group_id=row.group_id,
            group_title=row.group_title,
        )
        planned = held
        if row.planned_teacher_id is not None:
            planned = replace(held, teacher_id=row.planned_teacher_id, room=row.planned_room)
        found.append(
            GeneratedLesson(
                row.lesson_id,
                row.subject_id,
                row.weekly_timetable_id is not None,
                row.in_use,
                row.cancelled_at is not None,
                planned,
                held,
            )
        )
    return found


async def _timetables(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[WeeklyTimetable]:
    query = (
        select(
            weekly_timetables,
            classes.c.name,
            classes.c.grade,
            weekly_lessons.c.weekday,
            weekly_lessons.c.number,
            weekly_lessons.c.subject_id,
            weekly_lessons.c.teacher_id,
            weekly_lessons.c.room,
            weekly_lessons.c.group_id,
            class_groups.c.title.label("group_title"),
        )
        .join(
            classes,
            and_(
                classes.c.school_id == weekly_timetables.c.school_id, classes.c.class_id == weekly_timetables.c.class_id
            ),
        )
        .outerjoin(
            weekly_lessons,
            and_(
                weekly_lessons.c.school_id == weekly_timetables.c.school_id,
                weekly_lessons.c.weekly_timetable_id == weekly_timetables.c.weekly_timetable_id,
            ),
        )
        .outerjoin(
            class_groups,
            and_(
                class_groups.c.school_id == weekly_lessons.c.school_id,
                class_groups.c.group_id == weekly_lessons.c.group_id,
            ),
        )
        .where(*conditions)
        .order_by(
            weekly_timetables.c.starts_on,
            weekly_timetables.c.weekly_timetable_id,
            weekly_lessons.c.weekday,
            weekly_lessons.c.number,
            class_groups.c.title,
            weekly_lessons.c.teacher_id,
        )
    )
    rows: dict[UUID, list[WeeklyLesson]] = defaultdict(list)
    heads = {}
    for row in await session.execute(query):
        heads[row.weekly_timetable_id] = row
        if row.weekday is not None:
            rows[row.weekly_timetable_id].append(
                WeeklyLesson(
                    row.weekday, row.number, row.subject_id, row.teacher_id, row.room, row.group_id, row.group_title
                )
            )
    return [
        WeeklyTimetable(
            head.school_id,
            id_,
            head.class_id,
            head.name,
            head.grade,
            head.version,
            WeekPlan(head.shift, head.starts_on, head.ends_on, tuple(rows[id_])),
        )
        for id_, head in heads.items()
    ]
