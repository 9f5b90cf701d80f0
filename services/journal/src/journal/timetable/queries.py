"""Reads of lessons."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.groups import concerns
from journal.roster.names import full_name
from journal.roster.tables import class_groups, classes, staff, subjects
from journal.timetable.clashes import Planned
from journal.timetable.tables import lessons


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson with the names that people read on it; times are local to the school."""

    school_id: UUID
    lesson_id: UUID
    date: date
    number: int
    starts_at: time
    ends_at: time
    room: str
    topic: str
    class_id: UUID
    class_name: str
    grade: int
    subject_id: UUID
    subject_title: str
    teacher_id: UUID
    teacher_name: str
    """Who holds it: the substitute, if there is one."""
    has_marks: bool
    version: int
    planned_teacher_id: UUID | None
    planned_teacher_name: str | None
    planned_room: str | None
    """Who was to hold it and where, while there is a substitution."""
    cancelled_at: datetime | None
    cancelled_because: str | None
    group_id: UUID | None
    group_title: str | None
    """The part of the class that it is for; None: all of it."""

    @property
    def substituted(self) -> bool:
        return self.planned_teacher_id is not None

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def state(self) -> Literal["planned", "substituted", "cancelled"]:
        if self.cancelled:
            return "cancelled"
        return "substituted" if self.substituted else "planned"

    @property
    def substitute_id(self) -> UUID | None:
        """Who holds it in another's place."""
        return self.teacher_id if self.planned_teacher_id not in {None, self.teacher_id} else None


@dataclass(frozen=True, slots=True)
class StandingLesson:
    """A lesson as those who plan find it."""

    lesson_id: UUID
    subject_id: UUID
    topic: str
    has_marks: bool
    planned: Planned
    """As the timetable has it."""
    held: Planned
    """As it is held: with the substitute, in the room instead."""
    cancelled: bool

    @property
    def changed(self) -> bool:
        """Whether people changed it against its plan."""
        return self.cancelled or self.held != self.planned


async def find_lesson(session: AsyncSession, lesson_id: UUID) -> Lesson | None:
    """The lesson of an id."""
    found = (await session.execute(_LESSONS.where(lessons.c.lesson_id == lesson_id))).first()
    return _lesson(found) if found else None


async def hold_lesson(session: AsyncSession, lesson_id: UUID) -> Lesson | None:
    """The lesson of an id, which keeps its subject until the transaction ends (see `import_timetable`)."""
    query = _LESSONS.where(lessons.c.lesson_id == lesson_id).with_for_update(read=True, key_share=True, of=lessons)
    found = (await session.execute(query)).first()
    return _lesson(found) if found else None


async def hold_lesson_to_change(session: AsyncSession, lesson_id: UUID) -> Lesson | None:
    """The lesson of an id; nobody changes it, nor writes into it, until the transaction ends."""
    found = (
        await session.execute(_LESSONS.where(lessons.c.lesson_id == lesson_id).with_for_update(of=lessons))
    ).first()
    return _lesson(found) if found else None


async def lessons_of_class(
    session: AsyncSession, school_id: UUID, class_id: UUID, first: date, last: date, *, pupil_id: UUID | None = None
) -> list[Lesson]:
    """A class's lessons from `first` to `last`, in order; of a pupil: without those of groups of others."""
    return await _list(
        session,
        lessons.c.school_id == school_id,
        lessons.c.class_id == class_id,
        lessons.c.date.between(first, last),
        *([concerns(lessons.c.group_id, lessons.c.date, school_id, pupil_id)] if pupil_id else []),
    )


async def lessons_by_id(session: AsyncSession, school_id: UUID, lesson_ids: Iterable[UUID]) -> list[Lesson]:
    """Some lessons of a school, in order."""
    return await _list(session, lessons.c.school_id == school_id, lessons.c.lesson_id.in_(list(lesson_ids)))


async def lessons_of_teachers(
    session: AsyncSession, teachers: Iterable[tuple[UUID, UUID]], first: date, last: date
) -> list[Lesson]:
    """The lessons of some teachers, each given as school and person, from `first` to `last`, in order.

    Those among them that another teacher holds instead are there too; see `Lesson.planned_teacher_id`.
    """
    people = list(teachers)
    return await _list(
        session,
        or_(
            tuple_(lessons.c.school_id, lessons.c.teacher_id).in_(people),
            tuple_(lessons.c.school_id, lessons.c.planned_teacher_id).in_(people),
        ),
        lessons.c.date.between(first, last),
    )


async def changed_lessons(session: AsyncSession, school_id: UUID, first: date, last: date) -> list[Lesson]:
    """A school's lessons that are held otherwise than planned, or not at all, in order."""
    return await _list(
        session,
        lessons.c.school_id == school_id,
        lessons.c.date.between(first, last),
        or_(lessons.c.planned_teacher_id.is_not(None), lessons.c.cancelled_at.is_not(None)),
    )


async def hold_standing_lessons(session: AsyncSession, school_id: UUID, days: Iterable[date]) -> list[StandingLesson]:
    """A school's lessons of some days; nobody posts a mark in them until the transaction ends."""
    query = _STANDING.where(lessons.c.school_id == school_id, lessons.c.date.in_(list(days)))
    query = query.order_by(lessons.c.lesson_id).with_for_update(of=lessons)
    return [_standing(row) for row in await session.execute(query)]


async def standing_lessons(session: AsyncSession, school_id: UUID, day: date) -> list[StandingLesson]:
    """A school's lessons of a day, for who holds its timetable already."""
    query = _STANDING.where(lessons.c.school_id == school_id, lessons.c.date == day)
    return [_standing(row) for row in await session.execute(query)]


def _standing(row: Row[Any]) -> StandingLesson:
    held = Planned(
        line=None,
        class_id=row.class_id,
        class_name=row.class_name,
        teacher_id=row.teacher_id,
        room=row.room,
        date=row.date,
        number=row.number,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        group_id=row.group_id,
        group_title=row.group_title,
    )
    planned = held
    if row.planned_teacher_id is not None:
        planned = replace(held, teacher_id=row.planned_teacher_id, room=row.planned_room)
    return StandingLesson(
        lesson_id=row.lesson_id,
        subject_id=row.subject_id,
        topic=row.topic,
        has_marks=row.has_marks,
        planned=planned,
        held=held,
        cancelled=row.cancelled_at is not None,
    )


async def _list(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Lesson]:
    query = _LESSONS.where(*conditions).order_by(lessons.c.date, lessons.c.number, lessons.c.lesson_id)
    return [_lesson(row) for row in await session.execute(query)]


def _lesson(row: Row[Any]) -> Lesson:
    return Lesson(
        school_id=row.school_id,
        lesson_id=row.lesson_id,
        date=row.date,
        number=row.number,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        room=row.room,
        topic=row.topic,
        class_id=row.class_id,
        class_name=row.class_name,
        grade=row.grade,
        subject_id=row.subject_id,
        subject_title=row.subject_title,
        teacher_id=row.teacher_id,
        teacher_name=full_name(row.surname, row.given_name, row.patronymic),
        has_marks=row.has_marks,
        version=row.version,
        planned_teacher_id=row.planned_teacher_id,
        planned_teacher_name=(
            full_name(row.planned_surname, row.planned_given_name, row.planned_patronymic)
            if row.planned_teacher_id
            else None
        ),
        planned_room=row.planned_room,
        cancelled_at=row.cancelled_at,
        cancelled_because=row.cancelled_because,
        group_id=row.group_id,
        group_title=row.group_title,
    )


_planned_staff = staff.alias("planned_staff")
OF_GROUP = and_(class_groups.c.school_id == lessons.c.school_id, class_groups.c.group_id == lessons.c.group_id)
_STANDING: Select[Any] = (
    select(lessons, classes.c.name.label("class_name"), class_groups.c.title.label("group_title"))
    .join(classes, and_(classes.c.school_id == lessons.c.school_id, classes.c.class_id == lessons.c.class_id))
    .outerjoin(class_groups, OF_GROUP)
)
_LESSONS: Select[Any] = select(
    lessons.c.school_id,
    lessons.c.lesson_id,
    lessons.c.date,
    lessons.c.number,
    lessons.c.starts_at,
    lessons.c.ends_at,
    lessons.c.room,
    lessons.c.topic,
    lessons.c.class_id,
    classes.c.name.label("class_name"),
    classes.c.grade,
    lessons.c.subject_id,
    subjects.c.title.label("subject_title"),
    lessons.c.teacher_id,
    lessons.c.has_marks,
    staff.c.surname,
    staff.c.given_name,
    staff.c.patronymic,
    lessons.c.version,
    lessons.c.planned_teacher_id,
    lessons.c.planned_room,
    lessons.c.cancelled_at,
    lessons.c.cancelled_because,
    lessons.c.group_id,
    class_groups.c.title.label("group_title"),
    _planned_staff.c.surname.label("planned_surname"),
    _planned_staff.c.given_name.label("planned_given_name"),
    _planned_staff.c.patronymic.label("planned_patronymic"),
).select_from(
    lessons.join(classes, and_(classes.c.school_id == lessons.c.school_id, classes.c.class_id == lessons.c.class_id))
    .join(subjects, and_(subjects.c.school_id == lessons.c.school_id, subjects.c.subject_id == lessons.c.subject_id))
    .join(staff, and_(staff.c.school_id == lessons.c.school_id, staff.c.person_id == lessons.c.teacher_id))
    .outerjoin(class_groups, OF_GROUP)
    .outerjoin(
        _planned_staff,
        and_(
            _planned_staff.c.school_id == lessons.c.school_id,
            _planned_staff.c.person_id == lessons.c.planned_teacher_id,
        ),
    )
)
