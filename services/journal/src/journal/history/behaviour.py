"""Behaviour of weeks (J-24): of the class teacher, and of subject teachers in their subjects."""

from collections.abc import Sequence
from datetime import time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from journal.behaviour.rules import Rating
from journal.behaviour.tables import behaviour_notes
from journal.history.desk import DAY_TO_COME, OUTSIDE_YEAR, STANDS_OTHERWISE, Brought, Desk
from journal.history.sheet import Column, Sheet, a_week, a_word
from journal.weeks import Week

_RATINGS: dict[str, Rating] = {
    "exemplary": "exemplary",
    "good": "good",
    "uneven": "uneven",
    "poor": "poor",
    "примерное": "exemplary",
    "хорошее": "good",
    "неровное": "uneven",
    "неудовлетворительное": "poor",
}
_AFTER_LESSONS = time(15)


class Note(NamedTuple):
    """What somebody says of a pupil's week."""

    line: int
    class_source_id: str
    pupil: str
    week: Week
    subject_source_id: str | None
    rating: Rating
    note: str | None
    author_source_id: str


SHEET = Sheet(
    Note,
    (
        Column("class_source_id"),
        Column("pupil"),
        Column("week", a_week),
        # Empty: the class teacher's, of the whole week.
        Column("subject_source_id", needed=False),
        Column("rating", a_word(_RATINGS)),
        Column("note", needed=False, longest=1000),
        Column("author_source_id"),
    ),
)


async def bring(desk: Desk, rows: Sequence[Note]) -> Brought:
    """Write them, as of the Friday of their weeks."""
    known: list[tuple[Note, UUID, UUID | None, UUID]] = []
    for row in rows:
        pupil_id = desk.pupil(row)
        subject_id = desk.subject(row.line, row.subject_source_id) if row.subject_source_id else None
        author_id = desk.person(row.line, "author_source_id", row.author_source_id)
        if not any(map(desk.school.has_in_year, row.week.days)):
            first, last = desk.school.year_starts_on, desk.school.year_ends_on
            desk.fault(row.line, "week", OUTSIDE_YEAR, first=first, last=last)
        if row.week.monday > desk.today:
            desk.fault(row.line, "week", DAY_TO_COME)
        if pupil_id is not None and author_id is not None:
            known.append((row, pupil_id, subject_id, author_id))
    desk.once(((row.line, (pupil, row.week, subject)) for row, pupil, subject, _ in known), "week")
    if desk.mistakes:
        return Brought(0, 0)
    await desk.hold_pupils(pupil_id for _, pupil_id, _, _ in known)
    notes = behaviour_notes.c
    stand = await desk.tx.session.execute(
        select(notes.pupil_id, notes.monday, notes.subject_id, notes.rating, notes.note).where(
            notes.school_id == desk.school_id,
            notes.monday.between(
                min((row.week.monday for row, *_ in known), default=desk.today),
                max((row.week.monday for row, *_ in known), default=desk.today),
            ),
        )
    )
    standing = {(row.pupil_id, row.monday, row.subject_id): (row.rating, row.note) for row in stand}
    new: list[tuple[Any, ...]] = []
    for row, pupil_id, subject_id, author_id in known:
        stands = standing.get((pupil_id, row.week.monday, subject_id))
        if stands is None:
            place = (desk.tx.new_id(), pupil_id, desk.classes[row.class_source_id].class_id, row.week.monday)
            written_at = desk.at(row.week.friday, _AFTER_LESSONS)
            new.append((*place, subject_id, row.rating, row.note, author_id, written_at))
        elif stands != (row.rating, row.note):
            desk.fault(row.line, "rating", STANDS_OTHERWISE)
    if desk.mistakes:
        return Brought(0, 0)
    names = ("note_id", "pupil_id", "class_id", "monday", "subject_id", "rating", "note", "author_id", "written_at")
    await desk.copy(behaviour_notes, names, new)
    return Brought(len(new), len(known) - len(new))
