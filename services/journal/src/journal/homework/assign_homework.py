"""Give a class something to do at home (J-23): the subject teacher, for a lesson or for a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from journal.access.actions import KEEP_HOMEWORK
from journal.errors import DateOutsideYear, GroupUnknown, SubjectUnknown
from journal.homework.queries import Homework, estimates_of_day
from journal.homework.rules import Kind, Load, load_of
from journal.homework.tables import homework
from journal.roster.groups import find_group, members_of, pupils_of
from journal.roster.queries import SchoolClass, Teacher, find_class, find_school, find_subject
from journal.timetable.authority import class_to_keep, lesson_to_keep
from shared.contracts.journal import HomeworkAssigned
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Task:
    """What the teacher writes."""

    text: str
    kind: Kind
    mandatory: bool
    links: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The task as it stands, and what the class now has to do for that day."""

    homework: Homework
    load: Load


async def assign_for_lesson(uow: UnitOfWork, caller: Caller, lesson_id: UUID, task: Task) -> Assigned:
    """Give a task that is due in a lesson.

    Raises:
        LessonNotFound, NotYourLesson: not the caller's to keep.
    """
    async with uow.begin() as tx:
        lesson, teacher = await lesson_to_keep(tx, caller, lesson_id, KEEP_HOMEWORK)
        school_class = SchoolClass(lesson.school_id, lesson.class_id, lesson.grade, lesson.class_name)
        group = (lesson.group_id, lesson.group_title or "") if lesson.group_id else None
        place = (lesson.subject_id, lesson.subject_title, lesson.date, lesson.lesson_id, group)
        return await _assign(tx, school_class, teacher, task, *place)


async def assign_for_day(
    uow: UnitOfWork,
    caller: Caller,
    class_id: UUID,
    subject_id: UUID,
    due_on: date,
    task: Task,
    group_id: UUID | None = None,
) -> Assigned:
    """Give a task that is due on a day, to the class or to a group of it.

    Raises:
        SchoolClassNotFound, NotYourLesson: not the caller's to keep.
        SubjectUnknown: the school does not teach it.
        GroupUnknown: no group of this class and subject.
        DateOutsideYear: the day is outside the school year.
    """
    async with uow.begin() as tx:
        school_class, teacher = await class_to_keep(tx, caller, class_id, subject_id, KEEP_HOMEWORK)
        title = await find_subject(tx.session, school_class.school_id, subject_id)
        if title is None:
            raise SubjectUnknown
        school = await find_school(tx.session, school_class.school_id)
        if school is not None and not school.has_in_year(due_on):
            raise DateOutsideYear(first=school.year_starts_on.isoformat(), last=school.year_ends_on.isoformat())
        group = await _group(tx, school_class, subject_id, group_id) if group_id else None
        return await _assign(tx, school_class, teacher, task, subject_id, title, due_on, None, group)


async def _group(tx: Tx, school_class: SchoolClass, subject_id: UUID, group_id: UUID) -> tuple[UUID, str]:
    group = await find_group(tx.session, school_class.school_id, group_id)
    if group is None or group.ended or (group.class_id, group.subject_id) != (school_class.class_id, subject_id):
        raise GroupUnknown
    return group_id, group.title


async def assigned(tx: Tx, school_class: SchoolClass, task: Homework) -> Assigned:
    """Tell the class of a task as it stands, and what its day has become."""
    members = await members_of(tx.session, task.school_id, {task.group_id})
    tx.emit(
        HomeworkAssigned(
            school_id=task.school_id,
            class_id=task.class_id,
            pupil_ids=pupils_of(members, task.group_id),
            homework_id=task.homework_id,
            subject_id=task.subject_id,
            subject_title=task.subject_title,
            kind=task.kind,
            mandatory=task.mandatory,
            due_on=task.due_on,
            text=task.text,
            teacher_name=task.author_name,
            homework_version=task.version,
            edited_at=task.edited_at,
        )
    )
    estimates = await estimates_of_day(tx.session, task.school_id, task.class_id, task.due_on)
    return Assigned(task, load_of(school_class.grade, estimates))


async def class_of(tx: Tx, task: Homework) -> SchoolClass:
    """The class of a task; it is there, a foreign key says so."""
    school_class = await find_class(tx.session, task.class_id)
    assert school_class is not None, "homework refers to its class"
    return school_class


async def _assign(
    tx: Tx,
    school_class: SchoolClass,
    teacher: Teacher,
    task: Task,
    subject_id: UUID,
    subject_title: str,
    due_on: date,
    lesson_id: UUID | None,
    group: tuple[UUID, str] | None,
) -> Assigned:
    new = Homework(
        school_id=school_class.school_id,
        homework_id=tx.new_id(),
        class_id=school_class.class_id,
        subject_id=subject_id,
        subject_title=subject_title,
        lesson_id=lesson_id,
        due_on=due_on,
        kind=task.kind,
        mandatory=task.mandatory,
        text=task.text,
        links=list(task.links),
        minutes=task.minutes,
        author_name=teacher.name,
        assigned_at=tx.now,
        edited_at=tx.now,
        version=1,
        group_id=group[0] if group else None,
        group_title=group[1] if group else None,
    )
    await tx.session.execute(
        insert(homework).values(
            school_id=new.school_id,
            homework_id=new.homework_id,
            class_id=new.class_id,
            subject_id=subject_id,
            lesson_id=lesson_id,
            group_id=new.group_id,
            due_on=due_on,
            kind=new.kind,
            mandatory=new.mandatory,
            text=new.text,
            links=new.links,
            minutes=new.minutes,
            author_id=teacher.person_id,
            assigned_at=tx.now,
            edited_at=tx.now,
        )
    )
    return await assigned(tx, school_class, new)
