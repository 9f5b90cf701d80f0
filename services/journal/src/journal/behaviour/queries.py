"""Reads of notes on behaviour."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.behaviour.rules import Rating
from journal.behaviour.tables import behaviour_notes
from journal.roster.names import full_name
from journal.roster.queries import SchoolClass
from journal.roster.tables import staff, subjects


@dataclass(frozen=True, slots=True)
class Note:
    """A note that stands."""

    note_id: UUID
    pupil_id: UUID
    monday: date
    subject_id: UUID | None
    subject_title: str | None
    """None: the class teacher's, about the whole week."""
    rating: Rating
    note: str | None
    author_name: str
    written_at: datetime
    version: int


async def notes_of_pupil(
    session: AsyncSession, school_id: UUID, pupil_id: UUID, first_monday: date, last_monday: date
) -> list[Note]:
    """A pupil's notes of some weeks: the class teacher's first, then by subject."""
    query = _NOTES.where(
        behaviour_notes.c.school_id == school_id,
        behaviour_notes.c.pupil_id == pupil_id,
        behaviour_notes.c.monday.between(first_monday, last_monday),
    ).order_by(behaviour_notes.c.monday, subjects.c.title.asc().nulls_first())
    return [_note(row) for row in await session.execute(query)]


async def notes_of_class(session: AsyncSession, school_class: SchoolClass, monday: date) -> list[Note]:
    """All notes on a class's pupils in one week."""
    query = _NOTES.where(
        behaviour_notes.c.school_id == school_class.school_id,
        behaviour_notes.c.class_id == school_class.class_id,
        behaviour_notes.c.monday == monday,
    ).order_by(behaviour_notes.c.pupil_id, subjects.c.title.asc().nulls_first())
    return [_note(row) for row in await session.execute(query)]


def _note(row: Row[Any]) -> Note:
    return Note(
        note_id=row.note_id,
        pupil_id=row.pupil_id,
        monday=row.monday,
        subject_id=row.subject_id,
        subject_title=row.title,
        rating=row.rating,
        note=row.note,
        author_name=full_name(row.surname, row.given_name, row.patronymic),
        written_at=row.written_at,
        version=row.version,
    )


_NOTES: Select[Any] = select(
    behaviour_notes, subjects.c.title, staff.c.surname, staff.c.given_name, staff.c.patronymic
).select_from(
    behaviour_notes.outerjoin(
        subjects,
        and_(
            subjects.c.school_id == behaviour_notes.c.school_id,
            subjects.c.subject_id == behaviour_notes.c.subject_id,
        ),
    ).join(
        staff,
        and_(staff.c.school_id == behaviour_notes.c.school_id, staff.c.person_id == behaviour_notes.c.author_id),
    )
)
