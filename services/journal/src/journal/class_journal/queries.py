"""Reads of a page of the class journal: one subject in one class. Each is one statement, however large the class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, and_, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.attendance.tables import absence_notices, absences
from journal.calendar.tables import periods
from journal.marks.rules import MarkValue
from journal.marks.tables import control_forms, marks
from journal.pages.tables import journal_columns, journal_pages
from journal.points.rules import PointKind, PointState
from journal.points.tables import points
from journal.roster.names import full_name
from journal.roster.tables import staff
from journal.timetable.tables import lessons


@dataclass(frozen=True, slots=True)
class ColumnLesson:
    """A lesson as the head of a column."""

    lesson_id: UUID
    number: int
    starts_at: time
    topic: str
    teacher_id: UUID
    attendance_taken_at: datetime | None
    cancelled: bool
    version: int
    """For `PATCH /lessons/{id}`."""
    date: date


@dataclass(frozen=True, slots=True)
class GridMark:
    """A mark of a pupil in the subject, also one from the class that the pupil was in before."""

    pupil_id: UUID
    lesson_id: UUID
    mark_id: UUID
    version: int
    value: MarkValue
    control_form_id: UUID
    form_name: str
    category: Literal["control", "class", "home"]
    weight: int
    comment: str | None
    posted_at: datetime
    changed_at: datetime | None
    author_name: str


@dataclass(frozen=True, slots=True)
class GridAbsence:
    """«н» or late."""

    pupil_id: UUID
    lesson_id: UUID
    kind: AbsenceKind
    reason: AbsenceReason | None
    minutes: int | None
    has_notice: bool
    recorded_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class GridPoint:
    """A point, open or ended."""

    pupil_id: UUID
    lesson_id: UUID
    point_id: UUID
    kind: PointKind
    control_form_id: UUID
    due_on: date
    comment: str | None
    state: PointState
    version: int


@dataclass(frozen=True, slots=True)
class DaysOfNotice:
    """When a family said the pupil would be absent; why is not every teacher's business (J-21)."""

    pupil_id: UUID
    first_day: date
    last_day: date


async def changed_columns(
    session: AsyncSession, school_id: UUID, class_id: UUID, subject_id: UUID, after: int
) -> tuple[int, frozenset[UUID]]:
    """The page's revision, and the lessons whose columns changed since another: what is asked every few seconds."""
    wanted = {"school": school_id, "class": class_id, "subject": subject_id, "after": after}
    rows = (await session.execute(CHANGED, wanted)).all()
    revision = rows[0].revision if rows else 0
    return revision, frozenset(row.lesson_id for row in rows if row.lesson_id is not None)


async def columns_of_page(
    session: AsyncSession, school_id: UUID, class_id: UUID, subject_id: UUID, first: date, last: date
) -> list[ColumnLesson]:
    """The lessons of a subject in a class, in order."""
    wanted = {"school": school_id, "class": class_id, "subject": subject_id, "first": first, "last": last}
    return [ColumnLesson(*tuple(row)) for row in await session.execute(_COLUMNS, wanted)]


async def marks_of_page(
    session: AsyncSession, school_id: UUID, pupils: Sequence[UUID], subject_id: UUID, first: date, last: date
) -> list[GridMark]:
    """The pupils' marks in the subject, in the order of lessons and of posting."""
    found = await session.execute(_MARKS, _of_pupils(school_id, pupils, subject_id, first, last))
    # By place, not by name: there are a thousand of them, and a name is looked up anew in each row.
    rows: list[Any] = list(found)
    return [GridMark(*(*row[:-3], full_name(*row[-3:]))) for row in rows]


async def absences_of_page(
    session: AsyncSession, school_id: UUID, pupils: Sequence[UUID], subject_id: UUID, first: date, last: date
) -> list[GridAbsence]:
    """The pupils' absences in the subject."""
    found = await session.execute(_ABSENCES, _of_pupils(school_id, pupils, subject_id, first, last))
    return [GridAbsence(*tuple(row)) for row in found]


async def points_of_page(session: AsyncSession, school_id: UUID, lesson_ids: Sequence[UUID]) -> list[GridPoint]:
    """The points in some columns, those that ended too: the journal keeps what vanished (J-15)."""
    found = await session.execute(_POINTS, {"school": school_id, "lessons": list(lesson_ids)})
    return [GridPoint(*tuple(row)) for row in found]


async def days_of_notice(
    session: AsyncSession, school_id: UUID, pupils: Sequence[UUID], first: date, last: date
) -> list[DaysOfNotice]:
    """When the pupils' families gave notice."""
    wanted = {"school": school_id, "pupils": list(pupils), "first": first, "last": last}
    return [DaysOfNotice(*tuple(row)) for row in await session.execute(_NOTICES, wanted)]


async def closed_days(
    session: AsyncSession, school_id: UUID, grade: int, first: date, last: date
) -> list[tuple[date, date]]:
    """First and last days of the closed periods of a grade that touch some days."""
    wanted = {"school": school_id, "grade": grade, "first": first, "last": last}
    return [(row.starts_on, row.ends_on) for row in await session.execute(_CLOSED, wanted)]


def _of_pupils(school_id: UUID, pupils: Sequence[UUID], subject_id: UUID, first: date, last: date) -> dict[str, Any]:
    return {"school": school_id, "pupils": list(pupils), "subject": subject_id, "first": first, "last": last}


_PUPILS = bindparam("pupils", type_=ARRAY(Uuid))
CHANGED = (
    select(journal_pages.c.revision, journal_columns.c.lesson_id)
    .outerjoin(
        journal_columns,
        and_(
            journal_columns.c.school_id == journal_pages.c.school_id,
            journal_columns.c.class_id == journal_pages.c.class_id,
            journal_columns.c.subject_id == journal_pages.c.subject_id,
            journal_columns.c.revision > bindparam("after"),
        ),
    )
    .where(
        journal_pages.c.school_id == bindparam("school"),
        journal_pages.c.class_id == bindparam("class"),
        journal_pages.c.subject_id == bindparam("subject"),
    )
)
# The columns of the others stand in the order of the fields of their dataclasses.
_COLUMNS = (
    select(
        lessons.c.lesson_id,
        lessons.c.number,
        lessons.c.starts_at,
        lessons.c.topic,
        lessons.c.teacher_id,
        journal_columns.c.attendance_taken_at,
        lessons.c.cancelled_at.is_not(None),
        lessons.c.version,
        lessons.c.date,
    )
    .outerjoin(
        journal_columns,
        and_(journal_columns.c.school_id == lessons.c.school_id, journal_columns.c.lesson_id == lessons.c.lesson_id),
    )
    .where(
        lessons.c.school_id == bindparam("school"),
        lessons.c.class_id == bindparam("class"),
        lessons.c.subject_id == bindparam("subject"),
        lessons.c.date.between(bindparam("first"), bindparam("last")),
    )
    .order_by(lessons.c.date, lessons.c.number, lessons.c.lesson_id)
)
_MARKS: Select[Any] = (
    select(
        marks.c.pupil_id,
        marks.c.lesson_id,
        marks.c.mark_id,
        marks.c.version,
        marks.c.value,
        marks.c.control_form_id,
        control_forms.c.name,
        control_forms.c.category,
        control_forms.c.weight,
        marks.c.comment,
        marks.c.posted_at,
        marks.c.changed_at,
        staff.c.surname,
        staff.c.given_name,
        staff.c.patronymic,
    )
    .select_from(marks)
    .join(
        control_forms,
        and_(
            control_forms.c.school_id == marks.c.school_id, control_forms.c.control_form_id == marks.c.control_form_id
        ),
    )
    .join(staff, and_(staff.c.school_id == marks.c.school_id, staff.c.person_id == marks.c.author_id))
    .where(
        marks.c.school_id == bindparam("school"),
        marks.c.pupil_id == any_(_PUPILS),
        marks.c.subject_id == bindparam("subject"),
        marks.c.date.between(bindparam("first"), bindparam("last")),
        marks.c.removed_at.is_(None),
    )
    .order_by(marks.c.date, marks.c.posted_at, marks.c.mark_id)
)
_ABSENCES = select(
    absences.c.pupil_id,
    absences.c.lesson_id,
    absences.c.kind,
    absences.c.reason,
    absences.c.minutes,
    absences.c.notice_id.is_not(None),
    absences.c.recorded_at,
    absences.c.version,
).where(
    absences.c.school_id == bindparam("school"),
    absences.c.pupil_id == any_(_PUPILS),
    absences.c.subject_id == bindparam("subject"),
    absences.c.date.between(bindparam("first"), bindparam("last")),
    absences.c.removed_at.is_(None),
)
_POINTS = (
    select(
        points.c.pupil_id,
        points.c.lesson_id,
        points.c.point_id,
        points.c.kind,
        points.c.control_form_id,
        points.c.due_on,
        points.c.comment,
        points.c.state,
        points.c.version,
    )
    .where(
        points.c.school_id == bindparam("school"),
        points.c.lesson_id == any_(bindparam("lessons", type_=ARRAY(Uuid))),
    )
    .order_by(points.c.point_id)
)
_NOTICES = select(absence_notices.c.pupil_id, absence_notices.c.first_day, absence_notices.c.last_day).where(
    absence_notices.c.school_id == bindparam("school"),
    absence_notices.c.pupil_id == any_(_PUPILS),
    absence_notices.c.last_day >= bindparam("first"),
    absence_notices.c.first_day <= bindparam("last"),
    absence_notices.c.withdrawn_at.is_(None),
)
_CLOSED = select(periods.c.starts_on, periods.c.ends_on).where(
    periods.c.school_id == bindparam("school"),
    periods.c.starts_on <= bindparam("last"),
    periods.c.ends_on >= bindparam("first"),
    bindparam("grade").between(periods.c.first_grade, periods.c.last_grade),
    periods.c.closed_at.is_not(None),
)
