"""Reads of points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, Uuid, and_, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.marks.tables import control_forms
from journal.points.rules import PointKind, PointState
from journal.points.tables import points
from journal.roster.names import full_name
from journal.roster.tables import staff, subjects


@dataclass(frozen=True, slots=True)
class Point:
    """A point with the names that people read on it."""

    point_id: UUID
    pupil_id: UUID
    lesson_id: UUID
    subject_id: UUID
    subject_title: str
    kind: PointKind
    control_form_id: UUID
    form_name: str
    category: Literal["control", "class", "home"]
    weight: int
    due_on: date
    comment: str | None
    state: PointState
    author_name: str
    set_at: datetime
    version: int
    date: date


async def open_points_of_pupil(session: AsyncSession, school_id: UUID, pupil_id: UUID) -> list[Point]:
    """All open points of a pupil, the next due first (J-15)."""
    return [_point(row) for row in await session.execute(_OPEN, {"school": school_id, "pupil": pupil_id})]


async def points_of_lessons(session: AsyncSession, school_id: UUID, lesson_ids: Sequence[UUID]) -> list[Point]:
    """All points of some lessons, in the order they were set; those that ended too."""
    wanted = {"school": school_id, "lessons": list(lesson_ids)}
    return [_point(row) for row in await session.execute(_OF_LESSONS, wanted)]


def _point(row: Row[Any]) -> Point:
    return Point(
        point_id=row.point_id,
        pupil_id=row.pupil_id,
        lesson_id=row.lesson_id,
        subject_id=row.subject_id,
        subject_title=row.title,
        kind=row.kind,
        control_form_id=row.control_form_id,
        form_name=row.name,
        category=row.category,
        weight=row.weight,
        due_on=row.due_on,
        comment=row.comment,
        state=row.state,
        author_name=full_name(row.surname, row.given_name, row.patronymic),
        set_at=row.set_at,
        version=row.version,
        date=row.date,
    )


_POINTS: Select[Any] = (
    select(
        points,
        subjects.c.title,
        control_forms.c.name,
        control_forms.c.category,
        control_forms.c.weight,
        staff.c.surname,
        staff.c.given_name,
        staff.c.patronymic,
    )
    .join(subjects, and_(subjects.c.school_id == points.c.school_id, subjects.c.subject_id == points.c.subject_id))
    .join(
        control_forms,
        and_(
            control_forms.c.school_id == points.c.school_id,
            control_forms.c.control_form_id == points.c.control_form_id,
        ),
    )
    .join(staff, and_(staff.c.school_id == points.c.school_id, staff.c.person_id == points.c.author_id))
)
_OPEN = _POINTS.where(
    points.c.school_id == bindparam("school"),
    points.c.pupil_id == bindparam("pupil"),
    points.c.state == "open",
).order_by(points.c.due_on, points.c.point_id)
_OF_LESSONS = _POINTS.where(
    points.c.school_id == bindparam("school"),
    points.c.lesson_id == any_(bindparam("lessons", type_=ARRAY(Uuid))),
).order_by(points.c.point_id)
