"""Make the lessons of some days from the weekly timetables of a school (J-4): a handful of statements, however many.

The same again changes nothing. What people put into lessons stays: marks, topics, homework, substitutions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, literal

from journal.access.actions import PLAN_LESSONS
from journal.bells.queries import bells_of_school
from journal.calendar.authority import hold_school
from journal.calendar.queries import holidays_of_year
from journal.curricula.give_topics import topics_to_give, write_topics
from journal.days import require_days
from journal.errors import BellsMissing, DateOutsideYear, LessonsClash
from journal.roster.groups import members_of
from journal.timetable.clashes import clashes
from journal.timetable.put_lessons import put_lessons
from journal.timetable.tables import lessons
from journal.weekly_timetable.queries import hold_lessons, timetables_of_school
from journal.weekly_timetable.rules import Making, WantedLesson, make, wanted_lessons
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the lessons."""

    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int


async def make_lessons(uow: UnitOfWork, caller: Caller, school_id: UUID, first: date, last: date) -> Made:
    """Make lessons from `first` to `last`, not on holidays; they have their topics from the thematic plans (J-7).

    Raises:
        SchoolNotFound, NotYoursToPlan: not the caller's.
        DaysOutOfRange, DateOutsideYear: the days are not of the present school year.
        BellsMissing: nobody knows when some lessons begin.
        LessonsClash: a teacher, a room or a class would be in two lessons at once; nothing was made.
    """
    async with uow.begin() as tx:
        school = await hold_school(tx, caller, school_id, PLAN_LESSONS)
        require_days(first, last)
        for day in (first, last):
            if not school.year_starts_on <= day <= school.year_ends_on:
                raise DateOutsideYear(first=school.year_starts_on, last=school.year_ends_on)
        wanted, missing = wanted_lessons(
            await timetables_of_school(tx.session, school_id, first, last),
            await bells_of_school(tx.session, school_id),
            await holidays_of_year(tx.session, school_id, school.year_starts_on),
            first,
            last,
        )
        if missing:
            raise BellsMissing(missing)
        standing = await hold_lessons(tx.session, school_id, first, last)
        making = make(wanted, {one.key: one for one in standing}, school.today(tx.now))
        checked = making.to_be_checked(standing)
        members = await members_of(tx.session, school_id, {one.group_id for one in checked})
        found = list(clashes(checked, members))
        if found:
            raise LessonsClash([(one.lesson.date, str(one.lesson), one.who, one.rule, str(one.other)) for one in found])
        await _write(tx, school_id, making)
        if making.added or making.changed or making.removed:
            await write_topics(tx, school, await topics_to_give(tx, school))
        return Made(len(making.added), len(making.changed), len(making.removed), making.unchanged, making.kept)


async def _write(tx: Tx, school_id: UUID, making: Making) -> None:
    if making.removed:
        gone = literal([one.lesson_id for one in making.removed], ARRAY(Uuid))
        await tx.session.execute(
            delete(lessons).where(lessons.c.school_id == school_id, lessons.c.lesson_id == any_(gone))
        )
    rows = [_row(school_id, tx.new_id(), one) for one in making.added]
    rows += [_row(school_id, stands.lesson_id, one) for stands, one in making.changed]
    await put_lessons(tx.session, rows, keep=("topic",))


def _row(school_id: UUID, lesson_id: UUID, one: WantedLesson) -> dict[str, Any]:
    planned = one.planned
    return {
        "school_id": school_id,
        "lesson_id": lesson_id,
        "class_id": planned.class_id,
        "subject_id": one.subject_id,
        "teacher_id": planned.teacher_id,
        "date": planned.date,
        "number": planned.number,
        "starts_at": planned.starts_at,
        "ends_at": planned.ends_at,
        "room": planned.room,
        "topic": "",
        "weekly_timetable_id": one.weekly_timetable_id,
        "group_id": planned.group_id,
    }
