"""Cancel a lesson, and bring it back (J-4). The lesson stays in the timetable, marked as cancelled."""

from uuid import UUID

from sqlalchemy import Uuid, bindparam, text

from journal.errors import LessonHasEntries, LessonIsCancelled, LessonNotCancelled
from journal.substitutions.authority import lesson_to_change
from journal.substitutions.change import change, refuse_clashes
from journal.timetable.queries import Lesson
from shared.db import Tx, UnitOfWork
from shared.http import Caller

_ENTRIES = text(
    """
    SELECT (SELECT count(*) FROM marks
            WHERE school_id = :school AND lesson_id = :lesson AND removed_at IS NULL)
         + (SELECT count(*) FROM absences
            WHERE school_id = :school AND lesson_id = :lesson AND removed_at IS NULL)
         + (SELECT count(*) FROM points WHERE school_id = :school AND lesson_id = :lesson AND state = 'open')
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("lesson", type_=Uuid))


async def cancel_lesson(uow: UnitOfWork, caller: Caller, lesson_id: UUID, version: int, reason: str) -> Lesson:
    """Cancel a lesson; families read why in the diary. A substitution stays written down.

    A lesson with entries was held: what is wrong with them is put right by removing them, which keeps their history.

    Raises:
        LessonNotFound, NotYoursToPlan, StaleVersion, PeriodClosed: see `lesson_to_change`.
        LessonIsCancelled: it is already.
        LessonHasEntries: marks, absences or open points stand in it.
    """
    async with uow.begin() as tx:
        lesson, by = await lesson_to_change(tx, caller, lesson_id, version)
        if lesson.cancelled:
            raise LessonIsCancelled
        await _refuse_entries(tx, lesson)
        values = {"cancelled_at": tx.now, "cancelled_because": reason}
        return await change(tx, lesson, by, "cancelled", values, reason)


async def reinstate_lesson(uow: UnitOfWork, caller: Caller, lesson_id: UUID, version: int) -> Lesson:
    """Bring a cancelled lesson back, with its substitution if it had one.

    Raises:
        LessonNotFound, NotYoursToPlan, StaleVersion, PeriodClosed: see `lesson_to_change`.
        LessonNotCancelled: it is held.
        LessonsClash: teacher, room or class are in another lesson meanwhile.
    """
    async with uow.begin() as tx:
        lesson, by = await lesson_to_change(tx, caller, lesson_id, version)
        if not lesson.cancelled:
            raise LessonNotCancelled
        await refuse_clashes(tx, lesson, lesson.teacher_id, lesson.room)
        return await change(tx, lesson, by, "reinstated", {"cancelled_at": None, "cancelled_because": None})


async def _refuse_entries(tx: Tx, lesson: Lesson) -> None:
    count = await tx.session.scalar(_ENTRIES, {"school": lesson.school_id, "lesson": lesson.lesson_id})
    if count:
        raise LessonHasEntries(count=count)
