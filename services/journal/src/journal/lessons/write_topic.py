"""Write what a lesson is about: its subject teacher, or who holds it in another's place (J-7, J-28)."""

from uuid import UUID

from sqlalchemy import update

from journal.access.actions import HOLD_LESSON
from journal.calendar.queries import period_of_day
from journal.errors import LessonIsCancelled, LessonNotFound, PeriodClosed, StaleVersion
from journal.pages.touch_columns import touch_columns
from journal.timetable.authority import lesson_to_keep
from journal.timetable.queries import Lesson, find_lesson
from journal.timetable.tables import lessons
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def write_topic(uow: UnitOfWork, caller: Caller, lesson_id: UUID, version: int, topic: str) -> Lesson:
    """Replace the topic; from then on it does not follow the thematic plan.

    Raises:
        LessonNotFound, NotYourLesson: not the caller's to hold.
        LessonIsCancelled, PeriodClosed: nothing is written into it.
        StaleVersion: somebody changed the lesson in between.
    """
    async with uow.begin() as tx:
        lesson, _ = await lesson_to_keep(tx, caller, lesson_id, HOLD_LESSON)
        if lesson.cancelled:
            raise LessonIsCancelled
        period = await period_of_day(tx.session, lesson.school_id, lesson.grade, lesson.date)
        if period is not None and period.closed:
            raise PeriodClosed(title=period.title)
        # Before the lesson: whoever writes a first mark holds the page when it comes to the lesson, too.
        await touch_columns(tx, lesson.school_id, [(lesson.class_id, lesson.subject_id, lesson_id)], written=False)
        await _write(tx, lesson, version, topic)
        return await _now(tx, lesson_id)


async def _write(tx: Tx, lesson: Lesson, version: int, topic: str) -> None:
    """Whoever writes first at the same moment wins: the row's lock decides, the other finds a newer version."""
    written = await tx.session.scalar(
        update(lessons)
        .where(
            lessons.c.school_id == lesson.school_id,
            lessons.c.lesson_id == lesson.lesson_id,
            lessons.c.version == version,
        )
        .values(topic=topic, topic_from_plan=False, version=version + 1)
        .returning(lessons.c.version)
    )
    if written is None:
        raise StaleVersion(base=version, current=(await _now(tx, lesson.lesson_id)).version)


async def _now(tx: Tx, lesson_id: UUID) -> Lesson:
    lesson = await find_lesson(tx.session, lesson_id)
    if lesson is None:
        raise LessonNotFound
    return lesson
