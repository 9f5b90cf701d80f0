"""Who keeps the marks of a lesson (J-1): its subject teacher, who is told apart from those who may only look."""

from uuid import UUID

from journal.access.actions import KEEP_MARKS, READ_CLASS
from journal.access.check import may
from journal.errors import LessonNotFound, NotYourLesson
from journal.roster.queries import Teacher, class_object, staff_of_account
from journal.timetable.queries import Lesson, hold_lesson
from shared.db import Tx
from shared.http import Caller


async def lesson_to_keep(tx: Tx, caller: Caller, lesson_id: UUID) -> tuple[Lesson, Teacher]:
    """The lesson, and the caller as its teacher; the lesson keeps its subject until the transaction ends.

    Raises:
        LessonNotFound: unknown, or of a class that the caller has nothing to do with.
        NotYourLesson: the caller knows the class, but another teacher keeps these marks.
    """
    lesson = await hold_lesson(tx.session, lesson_id)
    if lesson is None:
        raise LessonNotFound
    of_subject = class_object(lesson.school_id, lesson.class_id, lesson.subject_id)
    if not await may(tx.session, caller.account_id, KEEP_MARKS, of_subject, tx.now):
        if await may(tx.session, caller.account_id, READ_CLASS, of_subject, tx.now):
            raise NotYourLesson
        raise LessonNotFound
    for teacher in await staff_of_account(tx.session, caller.account_id):
        if teacher.school_id == lesson.school_id:
            return lesson, teacher
    raise NotYourLesson
