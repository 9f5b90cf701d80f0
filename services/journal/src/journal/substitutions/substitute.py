"""«Замена»: another teacher, another room, or both, for one lesson (J-4); and back to the plan."""

from uuid import UUID

from sqlalchemy import select

from journal.access.check import schools_of_staff
from journal.errors import LessonIsCancelled, LessonNotSubstituted, RoomUnknown, TeacherUnknown
from journal.roster.tables import staff
from journal.substitutions.authority import lesson_to_change
from journal.substitutions.change import change, refuse_clashes
from journal.timetable.queries import Lesson
from journal.timetable.rooms import unknown_rooms
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def substitute(
    uow: UnitOfWork, caller: Caller, lesson_id: UUID, version: int, teacher_id: UUID | None, room: str | None
) -> Lesson:
    """Let another teacher hold the lesson, or hold it in another room; None: as planned.

    What is as planned in the end is no substitution. Who was planned stays written down, also when one substitute
    follows another, and keeps the right to write into the lesson.

    Raises:
        LessonNotFound, NotYoursToPlan, StaleVersion, PeriodClosed: see `lesson_to_change`.
        LessonIsCancelled: nobody holds it.
        TeacherUnknown, RoomUnknown: the school has no such teacher or room.
        LessonsClash: the teacher or the room is in another lesson.
    """
    async with uow.begin() as tx:
        lesson, by = await lesson_to_change(tx, caller, lesson_id, version)
        if lesson.cancelled:
            raise LessonIsCancelled
        planned = _planned(lesson)
        wanted = (teacher_id or planned[0], planned[1] if room is None else room)
        if wanted == (lesson.teacher_id, lesson.room):
            return lesson
        if wanted[0] not in {planned[0], lesson.teacher_id}:
            await _works_here(tx, lesson.school_id, wanted[0])
        if await unknown_rooms(tx.session, lesson.school_id, {wanted[1]} - {planned[1], lesson.room}):
            raise RoomUnknown(room=wanted[1])
        return await _write(tx, lesson, by, wanted)


async def restore(uow: UnitOfWork, caller: Caller, lesson_id: UUID, version: int) -> Lesson:
    """Take the substitution back.

    Raises:
        LessonNotFound, NotYoursToPlan, StaleVersion, PeriodClosed: see `lesson_to_change`.
        LessonNotSubstituted: it is held as planned.
        LessonsClash: the planned teacher or room is in another lesson meanwhile.
    """
    async with uow.begin() as tx:
        lesson, by = await lesson_to_change(tx, caller, lesson_id, version)
        if not lesson.substituted:
            raise LessonNotSubstituted
        return await _write(tx, lesson, by, _planned(lesson))


def _planned(lesson: Lesson) -> tuple[UUID, str]:
    if lesson.planned_teacher_id is None:
        return lesson.teacher_id, lesson.room
    return lesson.planned_teacher_id, lesson.planned_room or ""


async def _write(tx: Tx, lesson: Lesson, by: UUID, wanted: tuple[UUID, str]) -> Lesson:
    if not lesson.cancelled:
        await refuse_clashes(tx, lesson, *wanted)
    planned = _planned(lesson)
    as_planned = wanted == planned
    values = {
        "teacher_id": wanted[0],
        "room": wanted[1],
        "planned_teacher_id": None if as_planned else planned[0],
        "planned_room": None if as_planned else planned[1],
    }
    return await change(tx, lesson, by, "restored" if as_planned else "substituted", values)


async def _works_here(tx: Tx, school_id: UUID, teacher_id: UUID) -> None:
    """Who has an account must still work here; of who has none only identity knows, and the plan is the school's."""
    query = select(staff.c.account_id).where(staff.c.school_id == school_id, staff.c.person_id == teacher_id)
    found = (await tx.session.execute(query)).first()
    if found is None:
        raise TeacherUnknown
    if found.account_id and school_id not in await schools_of_staff(tx.session, found.account_id, tx.now):
        raise TeacherUnknown
