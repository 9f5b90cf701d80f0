"""Who keeps the journal of a subject in a class (J-1): its teacher, who is told apart from those who may only look."""

from uuid import UUID

from journal.access.actions import KEEP_MARKS, READ_CLASS
from journal.access.check import may, schools_of_staff
from journal.errors import LessonNotFound, NotYourLesson, SchoolClassNotFound
from journal.roster.queries import SchoolClass, Teacher, class_object, find_class, staff_of_account
from journal.timetable.queries import Lesson, hold_lesson
from journal.timetable.substitute import lesson_object, substitute_edge
from shared.access import Action, decide, edges_for
from shared.db import Tx
from shared.http import Caller


async def lesson_to_keep(
    tx: Tx, caller: Caller, lesson_id: UUID, action: Action = KEEP_MARKS
) -> tuple[Lesson, Teacher]:
    """The lesson, and the caller as its teacher; the lesson keeps its subject until the transaction ends.

    Raises:
        LessonNotFound: unknown, or of a class that the caller has nothing to do with.
        NotYourLesson: the caller knows the class, but another teacher keeps this journal.
    """
    lesson = await hold_lesson(tx.session, lesson_id)
    if lesson is None:
        raise LessonNotFound
    allowed, known = await _may_in_lesson(tx, caller, action, lesson)
    if not known:
        raise LessonNotFound
    if not allowed:
        raise NotYourLesson
    return lesson, await _as_teacher(tx, caller, lesson.school_id)


async def class_to_keep(
    tx: Tx, caller: Caller, class_id: UUID, subject_id: UUID | None, action: Action
) -> tuple[SchoolClass, Teacher]:
    """The class, and the caller as one who may do this in it (with a subject: in that subject).

    Raises:
        SchoolClassNotFound: unknown, or the caller has nothing to do with it.
        NotYourLesson: the caller knows the class, but this is another teacher's.
    """
    school_class = await find_class(tx.session, class_id)
    if school_class is None:
        raise SchoolClassNotFound
    allowed, known = await _may(tx, caller, action, school_class.school_id, class_id, subject_id)
    if not known:
        raise SchoolClassNotFound
    if not allowed:
        raise NotYourLesson
    return school_class, await _as_teacher(tx, caller, school_class.school_id)


async def _may_in_lesson(tx: Tx, caller: Caller, action: Action, lesson: Lesson) -> tuple[bool, bool]:
    """Whether the caller may act in this lesson, and whether the caller may at least know of it."""
    place = lesson_object(lesson.school_id, lesson.class_id, lesson.subject_id, lesson.lesson_id)
    edges = list(await edges_for(tx.session, caller.account_id, place.keys()))
    substitutes = lesson.substitute_id is not None and await _is_substitute(tx, caller, lesson)
    if substitutes:
        edges.append(substitute_edge(caller.account_id, place))
    if decide(edges, action, place, tx.now):
        return True, True
    return False, substitutes or bool(decide(edges, READ_CLASS, place, tx.now))


async def _is_substitute(tx: Tx, caller: Caller, lesson: Lesson) -> bool:
    """Whether the caller holds the lesson in another's place, and still works at its school."""
    people = {(one.school_id, one.person_id) for one in await staff_of_account(tx.session, caller.account_id)}
    if (lesson.school_id, lesson.substitute_id) not in people:
        return False
    return lesson.school_id in await schools_of_staff(tx.session, caller.account_id, tx.now)


async def _may(
    tx: Tx, caller: Caller, action: Action, school_id: UUID, class_id: UUID, subject_id: UUID | None
) -> tuple[bool, bool]:
    """Whether the caller may act, and whether the caller may at least know of the class."""
    place = class_object(school_id, class_id, subject_id)
    if await may(tx.session, caller.account_id, action, place, tx.now):
        return True, True
    return False, bool(await may(tx.session, caller.account_id, READ_CLASS, place, tx.now))


async def _as_teacher(tx: Tx, caller: Caller, school_id: UUID) -> Teacher:
    for teacher in await staff_of_account(tx.session, caller.account_id):
        if teacher.school_id == school_id:
            return teacher
    raise NotYourLesson
