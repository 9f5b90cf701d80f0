"""Points (J-14). How one ended is not told by the file but by J-15: by a mark, by its due date, or not yet."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from journal.history.desk import DAY_TO_COME, Brought, Desk, any_id
from journal.history.sheet import LESSON, Column, Day, Fault, Sheet, a_date, a_word
from journal.marks.tables import marks
from journal.mistakes import FileRule
from journal.pages.touch_columns import touch_columns
from journal.points.rules import PointKind
from journal.points.tables import point_history, points
from shared.http import Text

DUE_BEFORE = FileRule("due_before_set", Text(ru="Срок раньше, чем поставлена точка", en="Due before it was set"))
SET_LATE = FileRule(
    "set_on_required",
    Text(
        ru="Урок ещё впереди: укажите, когда поставлена точка", en="The lesson is to come: say when the point was set"
    ),
)
OPEN_ALREADY = FileRule(
    "point_open", Text(ru="Здесь уже стоит открытая точка", en="Another point is open here already")
)
_KINDS: dict[str, PointKind] = {
    "debt": "debt",
    "retake": "retake",
    "planned": "planned",
    "долг": "debt",
    "пересдача": "retake",
    "план": "planned",
}


class Point(NamedTuple):
    """A debt, a retake or a planned work in one cell."""

    line: int
    date: Day
    lesson_number: int
    class_source_id: str
    subject_source_id: str
    group_source_id: str | None
    pupil: str
    kind: PointKind
    control_form: str
    due_on: Day
    comment: str | None
    set_on: Day | None


def _check(row: Point) -> Iterator[Fault]:
    if row.due_on < (row.set_on or row.date):
        yield "due_on", DUE_BEFORE


SHEET = Sheet(
    Point,
    (
        *LESSON,
        Column("pupil"),
        Column("kind", a_word(_KINDS)),
        Column("control_form"),
        Column("due_on", a_date),
        Column("comment", needed=False, longest=500),
        # The day it was set, if not that of its lesson: a planned work is set before.
        Column("set_on", a_date, needed=False),
    ),
    _check,
)


@dataclass(frozen=True, slots=True)
class _Known:
    row: Point
    lesson: Row[Any]
    pupil_id: UUID
    form_id: UUID
    set_at: datetime

    @property
    def cell(self) -> tuple[UUID, UUID]:
        return self.lesson.lesson_id, self.pupil_id

    @property
    def key(self) -> tuple[Any, ...]:
        return (*self.cell, self.row.kind, self.form_id, self.row.due_on)


async def bring(desk: Desk, rows: Sequence[Point]) -> Brought:
    """Write them, and what became of them."""
    known = [one for row in rows if (one := _understand(desk, row)) is not None]
    # Of one cell one after the other would be possible; a file has no order of days, so one is enough.
    desk.once(((one.row.line, one.cell) for one in known), "pupil")
    if desk.mistakes:
        return Brought(0, 0)
    await desk.hold_pupils(one.pupil_id for one in known)
    lesson_ids = any_id(list({one.lesson.lesson_id for one in known}))
    stand = (
        await desk.tx.session.execute(
            select(
                points.c.lesson_id,
                points.c.pupil_id,
                points.c.kind,
                points.c.control_form_id,
                points.c.due_on,
                points.c.state,
            ).where(points.c.school_id == desk.school_id, points.c.lesson_id == lesson_ids)
        )
    ).all()
    standing = {(row.lesson_id, row.pupil_id, row.kind, row.control_form_id, row.due_on) for row in stand}
    taken = {(row.lesson_id, row.pupil_id) for row in stand if row.state == "open"}
    new = [one for one in known if one.key not in standing]
    for one in new:
        desk.must_be_open(one.row.line, one.lesson)
        if one.cell in taken:
            desk.fault(one.row.line, "pupil", OPEN_ALREADY)
    if desk.mistakes or not new:
        return Brought(0, len(known))
    await _write(desk, new)
    return Brought(len(new), len(known) - len(new))


def _understand(desk: Desk, row: Point) -> _Known | None:
    before = len(desk.mistakes)
    lesson = desk.lesson(row, to_come=True)
    pupil_id = desk.pupil(row)
    form_id = desk.form(row.line, row.control_form)
    set_on = row.set_on or row.date
    if set_on > desk.today:
        desk.fault(row.line, "set_on", DAY_TO_COME if row.set_on else SET_LATE)
    if lesson is not None:
        desk.must_have_marks(row.line, "kind", lesson.grade)
        if pupil_id is not None:
            desk.must_have_it(row.line, lesson, pupil_id)
    if lesson is None or pupil_id is None or form_id is None or len(desk.mistakes) > before:
        return None
    return _Known(row, lesson, pupil_id, form_id, desk.at(set_on, lesson.ends_at))


async def _write(desk: Desk, new: Sequence[_Known]) -> None:
    later = await _marks_of(desk, {one.lesson.lesson_id for one in new})
    told, ended = [], []
    for one in new:
        row, lesson = one.row, one.lesson
        point_id = desk.tx.new_id()
        mark = next((mark for mark in later[one.cell] if mark.posted_at > one.set_at), None)
        over = desk.at(row.due_on + timedelta(days=1), time())
        state = "settled" if mark else "vanished" if row.due_on < desk.today else "open"
        ended_at = mark.posted_at if mark else over if state == "vanished" else None
        said = (row.kind, one.form_id, row.due_on, row.comment)
        place = (one.pupil_id, lesson.lesson_id, lesson.subject_id, lesson.date)
        version = 1 if ended_at is None else 2
        ends = (state, mark.mark_id if mark else None, ended_at, ended_at, version)
        told.append((point_id, *place, *said, lesson.teacher_id, one.set_at, *ends))
        if ended_at is not None:
            by = (lesson.teacher_id, one.set_at, state, mark.author_id if mark else None, ended_at)
            ended.append((point_id, 1, *said, "open", *by, None if mark else "due_date"))
    await desk.copy(points, _COLUMNS, told)
    await desk.copy(point_history, _HISTORY_COLUMNS, ended)
    columns = {(one.lesson.class_id, one.lesson.subject_id, one.lesson.lesson_id) for one in new}
    await touch_columns(desk.tx, desk.school_id, columns)


_COLUMNS = (
    "point_id", "pupil_id", "lesson_id", "subject_id", "date", "kind", "control_form_id", "due_on", "comment",
    "author_id", "set_at", "state", "settled_by_mark", "ended_at", "changed_at", "version",
)  # fmt: skip
_HISTORY_COLUMNS = (
    "point_id", "version", "kind", "control_form_id", "due_on", "comment", "state", "author_id", "written_at",
    "operation", "replaced_by", "replaced_at", "reason",
)  # fmt: skip


async def _marks_of(desk: Desk, lesson_ids: set[UUID]) -> dict[tuple[UUID, UUID], list[Any]]:
    """What was put into the cells of some lessons, in order."""
    found: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    for row in await desk.tx.session.execute(
        select(marks.c.lesson_id, marks.c.pupil_id, marks.c.mark_id, marks.c.author_id, marks.c.posted_at)
        .where(
            marks.c.school_id == desk.school_id,
            marks.c.lesson_id == any_id(list(lesson_ids)),
            marks.c.removed_at.is_(None),
        )
        .order_by(marks.c.posted_at, marks.c.mark_id)
    ):
        found[row.lesson_id, row.pupil_id].append(row)
    return found
