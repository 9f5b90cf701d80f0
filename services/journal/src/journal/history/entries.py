"""Marks, «н» and lateness: what stands in the cells of lessons (J-10, J-20)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args
from uuid import UUID

from sqlalchemy import Row, select

from journal.attendance.rules import AbsenceReason
from journal.attendance.tables import absence_notices, absences
from journal.history.desk import DAY_TO_COME, TWICE, Brought, Desk, any_id
from journal.history.sheet import LESSON, Column, Day, Fault, Sheet, a_date, a_number, a_word
from journal.marks.rules import VALUES
from journal.marks.tables import marks
from journal.mistakes import FileRule
from journal.pages.touch_columns import touch_columns
from shared.http import Text

ABSENT, LATE = "н", "оп"
UNKNOWN_VALUE = FileRule(
    "unknown_value",
    Text(
        ru="Должна быть отметка 1–5, зачёт, незачёт, н/а, осв, «н» или «оп»",
        en="Must be a mark 1–5, зачёт, незачёт, н/а, осв, «н», or «оп» (late)",
    ),
)
UNKNOWN_REASON = FileRule(
    "unknown_absence_reason", Text(ru="Должно быть у, б, нп или осв, и только при «н»", en="у, б, нп, осв, with «н»")
)
FORM_REQUIRED = FileRule("control_form_required", Text(ru="Укажите форму контроля", en="Name the control form"))
NOT_LATE = FileRule("minutes_without_late", Text(ru="Минуты — только при «оп»", en="Minutes stand with «оп» only"))
NO_MARK = FileRule("only_with_mark", Text(ru="Только при отметке", en="With a mark only"))
BEFORE_LESSON = FileRule("before_lesson", Text(ru="Раньше самого урока", en="Before the lesson itself"))
BESIDE_ABSENCE = FileRule(
    "mark_excludes_absence",
    Text(
        ru="Отметка и «н» на одном уроке исключают друг друга, если не указана причина (столбец reason)",
        en="A mark and an absence exclude each other unless the mark has a reason (the column reason)",
    ),
)


class Entry(NamedTuple):
    """One mark, one «н», or one «оп», as the file names it."""

    line: int
    date: Day
    lesson_number: int
    class_source_id: str
    subject_source_id: str
    group_source_id: str | None
    pupil: str
    value: str
    control_form: str | None
    absence_reason: AbsenceReason | None
    comment: str | None
    minutes: int | None
    reason: str | None
    posted_on: Day | None

    @property
    def is_mark(self) -> bool:
        return self.value not in {ABSENT, LATE}


def _check(entry: Entry) -> Iterator[Fault]:
    if entry.absence_reason and entry.value != ABSENT:
        yield "absence_reason", UNKNOWN_REASON
    if entry.is_mark and not entry.control_form:
        yield "control_form", FORM_REQUIRED
    if entry.minutes is not None and entry.value != LATE:
        yield "minutes", NOT_LATE
    if not entry.is_mark:
        for column in ("reason", "posted_on"):
            if getattr(entry, column) is not None:
                yield column, NO_MARK
    elif entry.posted_on and entry.posted_on < entry.date:
        yield "posted_on", BEFORE_LESSON


SHEET = Sheet(
    Entry,
    (
        *LESSON,
        Column("pupil"),
        Column("value", a_word({value: value for value in (*VALUES, ABSENT, LATE)}, UNKNOWN_VALUE)),
        Column("control_form", needed=False),
        Column(
            "absence_reason",
            a_word({reason: reason for reason in get_args(AbsenceReason)}, UNKNOWN_REASON),
            needed=False,
        ),
        Column("comment", needed=False, longest=500),
        Column("minutes", a_number(1, 120), needed=False),
        # Why a mark stands beside «н» (J-13), and the day it was put, if not that of its lesson.
        Column("reason", needed=False, longest=500),
        Column("posted_on", a_date, needed=False),
    ),
    _check,
)

Cell = tuple[UUID, UUID]
"""Lesson and pupil."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry with the school's own ids."""

    entry: Entry
    lesson: Row[Any]
    pupil_id: UUID
    control_form_id: UUID | None
    """None: «н» or «оп»."""

    @property
    def cell(self) -> Cell:
        return self.lesson.lesson_id, self.pupil_id

    @property
    def excludes(self) -> bool:
        """A mark that has no reason to stand beside «н»."""
        return self.entry.is_mark and self.entry.reason is None


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands in the lessons of the file already."""

    marks: Counter[tuple[UUID, UUID, UUID, str]]
    marked: set[Cell]
    """With marks that have no reason to stand beside «н»."""
    present_not: set[Cell]
    """«н» or «оп»."""
    absent: set[Cell]

    def missing(self, known: Iterable[_Known]) -> Iterator[_Known]:
        left = self.marks.copy()
        for one in known:
            if one.control_form_id is None:
                if one.cell not in self.present_not:
                    yield one
                continue
            key = (*one.cell, one.control_form_id, one.entry.value)
            if left[key] > 0:
                left[key] -= 1
            else:
                yield one


async def bring(desk: Desk, rows: Sequence[Entry]) -> Brought:
    """Write them; the author is who held the lesson, the time its end.

    A mark that stands already for the same cell, form and value is not written again, as often as it stands.
    """
    known = [one for row in rows if (one := _understand(desk, row)) is not None]
    await desk.hold_pupils(one.pupil_id for one in known)
    standing = await _standing(desk, {one.lesson.lesson_id for one in known})
    _contradictions(desk, known, standing)
    new = list(standing.missing(known))
    for one in new:
        desk.must_be_open(one.entry.line, one.lesson)
    if desk.mistakes:
        return Brought(0, 0)
    await _write(desk, new)
    return Brought(len(new), len(known) - len(new))


def _understand(desk: Desk, entry: Entry) -> _Known | None:
    before = len(desk.mistakes)
    lesson = desk.lesson(entry)
    if lesson is None:
        return None
    pupil_id = desk.pupil(entry)
    if pupil_id is not None:
        desk.must_have_it(entry.line, lesson, pupil_id)
    form = None
    if entry.control_form is not None and entry.is_mark:
        desk.must_have_marks(entry.line, "value", lesson.grade)
        form = desk.form(entry.line, entry.control_form)
    if entry.posted_on and entry.posted_on > desk.today:
        desk.fault(entry.line, "posted_on", DAY_TO_COME)
    if pupil_id is None or len(desk.mistakes) > before:
        return None
    return _Known(entry, lesson, pupil_id, form)


def _contradictions(desk: Desk, known: Sequence[_Known], standing: _Standing) -> None:
    absent = {one.cell for one in known if one.entry.value == ABSENT} | standing.absent
    marked = standing.marked
    seen: set[Cell] = set()
    for one in known:
        beside = absent if one.excludes else marked if one.entry.value == ABSENT else ()
        if one.cell in beside:
            desk.fault(one.entry.line, "value", BESIDE_ABSENCE)
        elif not one.entry.is_mark:
            if one.cell in seen:
                desk.fault(one.entry.line, "value", TWICE)
            seen.add(one.cell)


async def _standing(desk: Desk, lesson_ids: set[UUID]) -> _Standing:
    wanted = any_id(list(lesson_ids))
    held = (
        await desk.tx.session.execute(
            select(marks.c.lesson_id, marks.c.pupil_id, marks.c.control_form_id, marks.c.value, marks.c.reason).where(
                marks.c.school_id == desk.school_id, marks.c.lesson_id == wanted, marks.c.removed_at.is_(None)
            )
        )
    ).all()
    away = (
        await desk.tx.session.execute(
            select(absences.c.lesson_id, absences.c.pupil_id, absences.c.kind, absences.c.removed_at).where(
                absences.c.school_id == desk.school_id, absences.c.lesson_id == wanted
            )
        )
    ).all()
    return _Standing(
        marks=Counter((row.lesson_id, row.pupil_id, row.control_form_id, row.value) for row in held),
        marked={(row.lesson_id, row.pupil_id) for row in held if row.reason is None},
        present_not={(row.lesson_id, row.pupil_id) for row in away},
        absent={(row.lesson_id, row.pupil_id) for row in away if row.kind == "absent" and row.removed_at is None},
    )


async def _notices(desk: Desk, days: Sequence[Day]) -> dict[UUID, list[Any]]:
    """The notices that cover some of the days, the newest first (J-21)."""
    found = await desk.tx.session.execute(
        select(
            absence_notices.c.pupil_id,
            absence_notices.c.notice_id,
            absence_notices.c.first_day,
            absence_notices.c.last_day,
            absence_notices.c.reason,
        )
        .where(
            absence_notices.c.school_id == desk.school_id,
            absence_notices.c.first_day <= max(days),
            absence_notices.c.last_day >= min(days),
            absence_notices.c.withdrawn_at.is_(None),
        )
        .order_by(absence_notices.c.notice_id.desc())
    )
    of_pupil: dict[UUID, list[Any]] = defaultdict(list)
    for row in found:
        of_pupil[row.pupil_id].append(row)
    return of_pupil


async def _write(desk: Desk, new: Sequence[_Known]) -> None:
    if not new:
        return
    away = [one for one in new if not one.entry.is_mark]
    notices = await _notices(desk, [one.lesson.date for one in away]) if away else {}
    await desk.copy(marks, _MARK_COLUMNS, (_mark(desk, one) for one in new if one.entry.is_mark))
    await desk.copy(absences, _ABSENCE_COLUMNS, (_absence(desk, one, notices) for one in away))
    touched = {(one.lesson.class_id, one.lesson.subject_id, one.lesson.lesson_id) for one in new}
    await touch_columns(desk.tx, desk.school_id, touched)


_MARK_COLUMNS = (
    "mark_id", "pupil_id", "lesson_id", "subject_id", "date", "value", "control_form_id", "comment", "reason",
    "author_id", "posted_at",
)  # fmt: skip
_ABSENCE_COLUMNS = (
    "lesson_id", "pupil_id", "subject_id", "date", "kind", "reason", "minutes", "notice_id", "author_id", "recorded_at",
)  # fmt: skip


def _mark(desk: Desk, one: _Known) -> tuple[Any, ...]:
    entry, lesson = one.entry, one.lesson
    cell = (desk.tx.new_id(), one.pupil_id, lesson.lesson_id, lesson.subject_id, lesson.date)
    posted_at = desk.at(entry.posted_on or lesson.date, lesson.ends_at)
    said = (entry.value, one.control_form_id, entry.comment, entry.reason)
    return (*cell, *said, lesson.teacher_id, posted_at)


def _absence(desk: Desk, one: _Known, notices: dict[UUID, list[Any]]) -> tuple[Any, ...]:
    entry, lesson = one.entry, one.lesson
    kind = "absent" if entry.value == ABSENT else "late"
    covering = (row for row in notices.get(one.pupil_id, ()) if row.first_day <= lesson.date <= row.last_day)
    notice = next(covering, None) if kind == "absent" else None
    reason = entry.absence_reason or (notice.reason if notice else None)
    place = (lesson.lesson_id, one.pupil_id, lesson.subject_id, lesson.date)
    said = (kind, reason, entry.minutes, notice.notice_id if notice else None)
    return (*place, *said, lesson.teacher_id, desk.at(lesson.date, lesson.ends_at))
