"""Bring what was written before: all or nothing, the same file again nothing, and nobody is told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Uuid, any_, cast, select

from journal.attendance.tables import absences
from journal.calendar.queries import periods_of_year
from journal.calendar.tables import periods
from journal.errors import HistoryRefused, SchoolNotFound
from journal.history.read_file import ReadHistory
from journal.history.understand import BESIDE_ABSENCE, Known, Names, understand
from journal.marks.tables import marks
from journal.mistakes import Mistake
from journal.pages.touch_columns import touch_columns
from journal.roster.queries import School, find_school
from journal.roster.tables import pupils, schools
from shared.db import Tx, UnitOfWork

_MARK_COLUMNS = (
    "school_id", "mark_id", "pupil_id", "lesson_id", "subject_id", "date", "value", "control_form_id", "comment",
    "author_id", "posted_at",
)  # fmt: skip
_ABSENCE_COLUMNS = (
    "school_id", "lesson_id", "pupil_id", "subject_id", "date", "kind", "reason", "author_id", "recorded_at",
)  # fmt: skip

Cell = tuple[UUID, UUID]
"""Lesson and pupil."""


@dataclass(frozen=True, slots=True)
class ImportedHistory:
    """What a file has brought."""

    marks: int
    absences: int
    unchanged: int


async def import_history(uow: UnitOfWork, school_id: UUID, file: ReadHistory) -> ImportedHistory:
    """Write marks and absences of past lessons; the author is who held the lesson, the time its end.

    A mark that stands already for the same cell, form and value is not written again, as often as it stands.

    Raises:
        SchoolNotFound: no such school.
        HistoryRefused: the file has mistakes; nothing was taken.
    """
    async with uow.begin() as tx:
        school = await _hold_school(tx, school_id)
        mistakes = list(file.mistakes)
        days = [entry.date for entry in file.entries]
        known: list[Known] = []
        if days:
            # In the order of all who write: the periods, so that none is closed meanwhile, then the pupils.
            await tx.session.execute(
                select(periods.c.period_id).where(periods.c.school_id == school_id).with_for_update(read=True)
            )
            names = await Names.of(tx.session, school_id, min(days), max(days))
            of_year = await periods_of_year(tx.session, school_id, school.year_starts_on)
            known = understand(file, names, of_year, school.today(tx.now), mistakes)
        await _hold_pupils(tx, school_id, {one.pupil_id for one in known})
        standing = await _standing(tx, school_id, {one.lesson.lesson_id for one in known})
        mistakes += standing.contradictions(file.name, known)
        if mistakes:
            raise HistoryRefused(sorted(mistakes, key=lambda mistake: mistake.line or 0))
        new = list(standing.missing(known))
        await _write(tx, school, new)
        of_marks = sum(one.control_form_id is not None for one in new)
        return ImportedHistory(of_marks, len(new) - of_marks, len(known) - len(new))


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands in the lessons of the file already."""

    marks: Counter[tuple[UUID, UUID, UUID, str]]
    marked: set[Cell]
    absent: set[Cell]

    def contradictions(self, name: str, known: Iterable[Known]) -> Iterable[Mistake]:
        for one in known:
            taken = self.marked if one.control_form_id is None else self.absent
            if (one.lesson.lesson_id, one.pupil_id) in taken:
                yield Mistake(name, one.line, "value", BESIDE_ABSENCE)

    def missing(self, known: Iterable[Known]) -> Iterable[Known]:
        left = self.marks.copy()
        for one in known:
            if one.control_form_id is None:
                if (one.lesson.lesson_id, one.pupil_id) not in self.absent:
                    yield one
                continue
            key = (one.lesson.lesson_id, one.pupil_id, one.control_form_id, one.value)
            if left[key] > 0:
                left[key] -= 1
            else:
                yield one


async def _hold_school(tx: Tx, school_id: UUID) -> School:
    """The school, whose history and timetable nobody else brings until this transaction ends."""
    await tx.session.execute(select(schools.c.school_id).where(schools.c.school_id == school_id).with_for_update())
    school = await find_school(tx.session, school_id)
    if school is None:
        raise SchoolNotFound
    return school


async def _hold_pupils(tx: Tx, school_id: UUID, pupil_ids: set[UUID]) -> None:
    """Nobody else writes into cells of these pupils until this transaction ends."""
    await tx.session.execute(
        select(pupils.c.pupil_id)
        .where(pupils.c.school_id == school_id, pupils.c.pupil_id == _any(sorted(pupil_ids)))
        .order_by(pupils.c.pupil_id)
        .with_for_update(key_share=True)
    )


async def _standing(tx: Tx, school_id: UUID, lesson_ids: set[UUID]) -> _Standing:
    wanted = list(lesson_ids)
    held = await tx.session.execute(
        select(marks.c.lesson_id, marks.c.pupil_id, marks.c.control_form_id, marks.c.value).where(
            marks.c.school_id == school_id, marks.c.lesson_id == _any(wanted), marks.c.removed_at.is_(None)
        )
    )
    counted = Counter((row.lesson_id, row.pupil_id, row.control_form_id, row.value) for row in held)
    away = await tx.session.execute(
        select(absences.c.lesson_id, absences.c.pupil_id).where(
            absences.c.school_id == school_id, absences.c.lesson_id == _any(wanted)
        )
    )
    marked = {(lesson, pupil) for lesson, pupil, _, _ in counted}
    return _Standing(counted, marked, {(row.lesson_id, row.pupil_id) for row in away})


def _any(ids: Sequence[UUID]) -> Any:
    """One array parameter: PostgreSQL takes 32,767 parameters, a year has more lessons."""
    return any_(cast(list(ids), ARRAY(Uuid)))


async def _write(tx: Tx, school: School, new: Sequence[Known]) -> None:
    zone = ZoneInfo(school.time_zone)
    of_marks, of_absences = [], []
    for one in new:
        lesson = one.lesson
        at = datetime.combine(lesson.date, lesson.ends_at, zone)
        place = (lesson.subject_id, lesson.date)
        if one.control_form_id is None:
            row = (school.school_id, lesson.lesson_id, one.pupil_id, *place, "absent", one.absence_reason)
            of_absences.append((*row, lesson.teacher_id, at))
        else:
            cell = (school.school_id, tx.new_id(), one.pupil_id, lesson.lesson_id, *place)
            of_marks.append((*cell, one.value, one.control_form_id, one.comment, lesson.teacher_id, at))
    # COPY, in the connection of this transaction: a year of a school in seconds.
    raw: Any = (await (await tx.session.connection()).get_raw_connection()).driver_connection
    await raw.copy_records_to_table("marks", records=of_marks, columns=_MARK_COLUMNS)
    await raw.copy_records_to_table("absences", records=of_absences, columns=_ABSENCE_COLUMNS)
    touched = {(one.lesson.class_id, one.lesson.subject_id, one.lesson.lesson_id) for one in new}
    if touched:
        await touch_columns(tx, school.school_id, touched)
