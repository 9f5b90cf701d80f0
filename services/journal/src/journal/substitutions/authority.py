"""Who changes a lesson against its plan (J-4): deputies, the director, the school's administrator."""

from uuid import UUID

from journal.access.actions import CHANGE_LESSONS, READ_CLASS
from journal.access.check import may
from journal.calendar.authority import hold_school, person_of
from journal.calendar.queries import period_of_day
from journal.errors import LessonNotFound, NotYoursToPlan, PeriodClosed, StaleVersion
from journal.roster.queries import class_object
from journal.timetable.queries import Lesson, find_lesson, hold_lesson_to_change
from shared.db import Tx
from shared.http import Caller


async def lesson_to_change(tx: Tx, caller: Caller, lesson_id: UUID, version: int) -> tuple[Lesson, UUID]:
    """The lesson, and as whom the caller changes it; nobody else plans lessons of the school meanwhile.

    The school is locked before the lesson, as by all who plan: so nobody waits for each other in a ring.

    Raises:
        LessonNotFound: unknown, or of a class that the caller has nothing to do with.
        NotYoursToPlan: the caller knows the class, but does not plan lessons.
        StaleVersion: somebody changed the lesson in between.
        PeriodClosed: what was held in a closed period stays as it is.
    """
    lesson = await find_lesson(tx.session, lesson_id)
    if lesson is None:
        raise LessonNotFound
    place = class_object(lesson.school_id, lesson.class_id)
    if not await may(tx.session, caller.account_id, CHANGE_LESSONS, place, tx.now):
        known = await may(tx.session, caller.account_id, READ_CLASS, place, tx.now)
        raise NotYoursToPlan if known else LessonNotFound
    await hold_school(tx, caller, lesson.school_id, CHANGE_LESSONS)
    lesson = await hold_lesson_to_change(tx.session, lesson_id)
    if lesson is None:
        raise LessonNotFound
    if lesson.version != version:
        raise StaleVersion(base=version, current=lesson.version)
    period = await period_of_day(tx.session, lesson.school_id, lesson.grade, lesson.date)
    if period is not None and period.closed:
        raise PeriodClosed(title=period.title)
    return lesson, await person_of(tx, caller, lesson.school_id)
