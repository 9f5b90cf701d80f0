"""Who sits in a lesson, for who holds it: a substitute knows the class for this lesson alone."""

from uuid import UUID

from journal.access.actions import HOLD_LESSON
from journal.roster.queries import Pupil, SchoolClass, pupils_of_class
from journal.timetable.authority import lesson_to_keep
from shared.db import UnitOfWork
from shared.http import Caller


async def pupils_of_lesson(uow: UnitOfWork, caller: Caller, lesson_id: UUID) -> tuple[SchoolClass, list[Pupil]]:
    """The class of a lesson and those of its pupils who have it.

    Raises:
        LessonNotFound: there is none, or it is nothing of the caller's.
        NotYourLesson: somebody else holds it.
    """
    async with uow.begin() as tx:
        lesson, _ = await lesson_to_keep(tx, caller, lesson_id, HOLD_LESSON)
        school_class = SchoolClass(lesson.school_id, lesson.class_id, lesson.grade, lesson.class_name)
        part = (lesson.group_id, lesson.date) if lesson.group_id else None
        return school_class, await pupils_of_class(tx.session, school_class, part)
