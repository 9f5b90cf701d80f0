"""Bring the lessons of a school by a file: all or nothing, and the second time nothing (J-4).

A lesson is known by class, day, number and group. The file adds lessons and changes those that stand there; it removes
none; a lesson that ever had marks keeps its subject, and one with a substitution, or cancelled, keeps its plan.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import IMPORT_TIMETABLE
from journal.access.check import may
from journal.errors import SchoolNotFound, TimetableRefused
from journal.mistakes import Mistake
from journal.roster.queries import School, find_school
from journal.roster.tables import schools
from journal.timetable import rules
from journal.timetable.clashes import Key
from journal.timetable.put_lessons import put_lessons
from journal.timetable.queries import StandingLesson, hold_standing_lessons
from journal.timetable.read_file import ReadFile
from journal.timetable.rooms import unknown_rooms
from journal.timetable.understand import Names, Wanted, contradictions, understand
from shared.access import Object
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought, in lessons."""

    added: int
    changed: int
    unchanged: int


async def import_timetable(uow: UnitOfWork, caller: Caller | None, school_id: UUID, file: ReadFile) -> Imported:
    """Take a file for a school. `caller` is None for an operator at the command line.

    Raises:
        SchoolNotFound: no such school, or the caller does not run its timetable.
        TimetableRefused: the file has mistakes; nothing was taken.
    """
    async with uow.begin() as tx:
        await _authorize(tx, caller, school_id)
        school = await _hold_school(tx.session, school_id)
        mistakes: list[Mistake] = list(file.mistakes)
        names = await Names.of(tx.session, school_id)
        wanted = understand(school, names, file, mistakes)
        unlisted = await unknown_rooms(tx.session, school_id, {row.room for row in file.rows})
        mistakes += [
            Mistake(file.name, row.line, "room", rules.ROOM_UNKNOWN) for row in file.rows if row.room in unlisted
        ]
        days = {lesson.planned.date for lesson in wanted.values()}
        standing = {one.planned.key: one for one in await hold_standing_lessons(tx.session, school_id, days)}
        mistakes += contradictions(file, wanted, standing, names.members)
        if mistakes:
            raise TimetableRefused(sorted(mistakes, key=lambda mistake: mistake.line or 0))
        return await _write(tx, school_id, wanted, standing)


async def _authorize(tx: Tx, caller: Caller | None, school_id: UUID) -> None:
    if caller is None:
        return
    if not await may(tx.session, caller.account_id, IMPORT_TIMETABLE, Object("school", school_id), tx.now):
        raise SchoolNotFound


async def _hold_school(session: AsyncSession, school_id: UUID) -> School:
    """The school, whose timetable nobody else imports until this transaction ends."""
    await session.execute(select(schools.c.school_id).where(schools.c.school_id == school_id).with_for_update())
    school = await find_school(session, school_id)
    if school is None:
        raise SchoolNotFound
    return school


async def _write(tx: Tx, school_id: UUID, wanted: dict[Key, Wanted], standing: dict[Key, StandingLesson]) -> Imported:
    rows = []
    added = changed = 0
    for key, lesson in wanted.items():
        stands = standing.get(key)
        if stands is None:
            added += 1
        elif lesson.changes(stands):
            changed += 1
        else:
            continue
        planned = lesson.planned
        rows.append(
            {
                "school_id": school_id,
                "lesson_id": stands.lesson_id if stands else tx.new_id(),
                "class_id": planned.class_id,
                "subject_id": lesson.subject_id,
                "teacher_id": planned.teacher_id,
                "date": planned.date,
                "number": planned.number,
                "starts_at": planned.starts_at,
                "ends_at": planned.ends_at,
                "room": planned.room,
                # A topic that the teacher wrote is not emptied by a file that has none.
                "topic": lesson.topic or (stands.topic if stands else ""),
                # The file is the school's word for this day: making lessons leaves it alone.
                "weekly_timetable_id": None,
                "group_id": planned.group_id,
            }
        )
    await put_lessons(tx.session, rows)
    return Imported(added=added, changed=changed, unchanged=len(wanted) - len(rows))
