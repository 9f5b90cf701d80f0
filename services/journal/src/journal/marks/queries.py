"""Reads of marks and control forms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.marks.rules import MarkValue
from journal.marks.tables import control_forms, marks
from journal.roster.names import full_name
from journal.roster.tables import staff


@dataclass(frozen=True, slots=True)
class ControlForm:
    """What kind of work a mark is for (J-9)."""

    school_id: UUID
    control_form_id: UUID
    name: str
    category: Literal["control", "class", "home"]
    weight: int
    position: int = 0
    version: int = 1
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that stands, with what its tooltip says (J-10)."""

    school_id: UUID
    mark_id: UUID
    pupil_id: UUID
    lesson_id: UUID
    subject_id: UUID
    date: date
    value: MarkValue
    comment: str | None
    author_name: str
    posted_at: datetime
    version: int
    changed_at: datetime | None
    form: ControlForm


async def forms_of_schools(session: AsyncSession, school_ids: Collection[UUID]) -> list[ControlForm]:
    """The control forms of some schools in the order that they are offered in."""
    query = select(control_forms).where(control_forms.c.school_id.in_(school_ids))
    query = query.order_by(control_forms.c.school_id, control_forms.c.position, control_forms.c.name)
    return [form_of(row) for row in await session.execute(query)]


async def place_of_mark(session: AsyncSession, mark_id: UUID) -> tuple[UUID, UUID] | None:
    """Lesson and pupil of a mark that stands."""
    found = (await session.execute(_PLACE, {"mark": mark_id})).first()
    return (found.lesson_id, found.pupil_id) if found else None


async def marks_of_pupil(session: AsyncSession, school_id: UUID, pupil_id: UUID, first: date, last: date) -> list[Mark]:
    """All marks of a pupil in lessons from `first` to `last`, in the order they were posted."""
    wanted = {"school": school_id, "pupil": pupil_id, "first": first, "last": last}
    return [_mark(row) for row in await session.execute(_OF_PUPIL, wanted)]


def form_of(row: Row[Any]) -> ControlForm:
    """A whole row of `control_forms`."""
    return ControlForm(
        row.school_id,
        row.control_form_id,
        row.name,
        row.category,
        row.weight,
        row.position,
        row.version,
        row.archived_at is not None,
    )


def _form(row: Row[Any]) -> ControlForm:
    return ControlForm(row.school_id, row.control_form_id, row.name, row.category, row.weight)


def _mark(row: Row[Any]) -> Mark:
    return Mark(
        school_id=row.school_id,
        mark_id=row.mark_id,
        pupil_id=row.pupil_id,
        lesson_id=row.lesson_id,
        subject_id=row.subject_id,
        date=row.date,
        value=row.value,
        comment=row.comment,
        author_name=full_name(row.surname, row.given_name, row.patronymic),
        posted_at=row.posted_at,
        version=row.version,
        changed_at=row.changed_at,
        form=_form(row),
    )


_SAME_FORM = and_(
    control_forms.c.school_id == marks.c.school_id, control_forms.c.control_form_id == marks.c.control_form_id
)
_MARKS: Select[Any] = (
    select(
        marks,
        control_forms.c.name,
        control_forms.c.category,
        control_forms.c.weight,
        staff.c.surname,
        staff.c.given_name,
        staff.c.patronymic,
    )
    .join(control_forms, _SAME_FORM)
    .join(staff, and_(staff.c.school_id == marks.c.school_id, staff.c.person_id == marks.c.author_id))
    .where(marks.c.removed_at.is_(None))
)
_OF_PUPIL = _MARKS.where(
    marks.c.school_id == bindparam("school"),
    marks.c.pupil_id == bindparam("pupil"),
    marks.c.date.between(bindparam("first"), bindparam("last")),
).order_by(marks.c.date, marks.c.posted_at, marks.c.mark_id)
_PLACE = select(marks.c.lesson_id, marks.c.pupil_id).where(
    marks.c.mark_id == bindparam("mark"), marks.c.removed_at.is_(None)
)
