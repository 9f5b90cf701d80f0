"""What rows do to cells (J-10 … J-15, J-20), without any I/O.

A cell is what stands of one pupil in one lesson: marks, an absence, an open point. Rows are worked off in their
order, each on the cell as the rows before it left it; a row is done wholly or refused with the problem it met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.errors import (
    AbsenceNotFound,
    ControlFormUnknown,
    DueDatePassed,
    GradeOneHasNoMarks,
    MarkExcludesAbsence,
    MarkNotFound,
    PointNotFound,
    PupilNotInClass,
    PupilNotInGroup,
    ReasonRequired,
    RowRepeated,
    SeveralMarksInCell,
    StaleMark,
    SubjectHasNoMarks,
)
from journal.marks.rules import FIRST_GRADE_WITH_MARKS, NO_MARKS, MarkValue, Sums, Weighted, reason_is_needed
from journal.points.rules import PointKind
from shared.http import Problem

Operation = Literal["set", "add", "clear", "absent", "late", "present", "point", "unpoint"]


@dataclass(frozen=True, slots=True)
class Form:
    """A control form of the school (J-9)."""

    control_form_id: UUID
    name: str
    category: Literal["control", "class", "home"]
    weight: int
    archived: bool = False


@dataclass(frozen=True, slots=True)
class CellMark:
    """A mark that stands."""

    mark_id: UUID
    value: MarkValue
    form: Form
    comment: str | None
    reason: str | None
    """Why it stands beside «н» (J-13)."""
    author_name: str
    posted_at: datetime
    version: int = 1
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CellAbsence:
    """«н», or late."""

    kind: AbsenceKind
    reason: AbsenceReason | None
    minutes: int | None
    explanation: str | None
    notice_id: UUID | None
    recorded_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class CellPoint:
    """An open point."""

    point_id: UUID
    kind: PointKind
    form: Form
    due_on: date
    comment: str | None
    set_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class Notice:
    """What the family said about the lesson's day (J-21)."""

    notice_id: UUID
    reason: AbsenceReason


@dataclass(frozen=True, slots=True)
class Cell:
    """One pupil in one lesson, and what the pupil's averages in the subject are made of."""

    pupil_id: UUID
    marks: tuple[CellMark, ...] = ()
    absence: CellAbsence | None = None
    absence_versions: int = 0
    """The last version that was used, also by one that was taken back."""
    point: CellPoint | None = None
    notice: Notice | None = None
    sums: Sums = NO_MARKS
    absences: int = 0
    """«н» of the pupil in the subject and period."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to be done to one cell. What an operation does not speak of is None and stays as it is."""

    pupil_id: UUID
    operation: Operation
    version: int | None = None
    """The version that the teacher saw; None: saw nothing there."""
    whatever_version: bool = False
    """The whole class is set at once: what stood there is known to be replaced."""
    mark_id: UUID | None = None
    value: MarkValue | None = None
    control_form_id: UUID | None = None
    comment: str | None = None
    clear_comment: bool = False
    reason: str | None = None
    """Why, in words: after the edit window (J-11), and where mark and «н» meet (J-13)."""
    absence_reason: AbsenceReason | None = None
    minutes: int | None = None
    kind: PointKind | None = None
    due_on: date | None = None
    settles_point: bool | None = None
    """Whether a new mark takes the place of the point; None: see `_settles`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What of lesson, school and moment the rules need."""

    grade: int
    forms: Mapping[UUID, Form]
    edit_window: timedelta
    counts: bool
    """Whether the lesson lies in the span of days that averages are made of."""
    today: date
    """At the school."""
    lesson_date: date
    now: datetime
    author_name: str
    group_title: str | None = None
    """Of the group that the lesson is of; None: the whole class."""
    without_marks: str | None = None
    """Of the lesson's subject, if the school sets no marks in it; None: it does."""


@dataclass(slots=True)
class Changes:
    """What is to be written, by kind: each kind is one statement, however many there are."""

    marks_added: list[tuple[UUID, CellMark]] = field(default_factory=list)
    """Pupil, mark."""
    marks_changed: list[tuple[UUID, CellMark, CellMark, str | None]] = field(default_factory=list)
    """Pupil, as it was, as it is, why."""
    marks_removed: list[tuple[UUID, CellMark, str | None]] = field(default_factory=list)
    absences_set: list[tuple[UUID, CellAbsence | None, CellAbsence, str | None]] = field(default_factory=list)
    absences_removed: list[tuple[UUID, CellAbsence, str | None]] = field(default_factory=list)
    points_added: list[tuple[UUID, CellPoint]] = field(default_factory=list)
    points_changed: list[tuple[UUID, CellPoint]] = field(default_factory=list)
    points_ended: list[tuple[UUID, CellPoint, UUID | None, str | None]] = field(default_factory=list)
    """Pupil, point, the mark that settles it (None: taken back), why."""

    def __bool__(self) -> bool:
        return any(
            (
                self.marks_added,
                self.marks_changed,
                self.marks_removed,
                self.absences_set,
                self.absences_removed,
                self.points_added,
                self.points_changed,
                self.points_ended,
            )
        )


@dataclass(frozen=True, slots=True)
class Saved:
    """A row that was done; the mark or point it made or changed."""

    row: int
    pupil_id: UUID
    mark_id: UUID | None = None
    point_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not done, and why."""

    row: int
    pupil_id: UUID
    problem: Problem


class Work:
    """Works off rows on the cells of one lesson."""

    def __init__(self, setting: Setting, cells: Mapping[UUID, Cell], new_ids: Sequence[UUID]) -> None:
        self.setting = setting
        self.cells = dict(cells)
        self.changes = Changes()
        self.saved: list[Saved] = []
        self.refused: list[Refused] = []
        self._new_ids = iter(new_ids)
        self._touched: set[object] = set()

    def off(self, rows: Sequence[Row]) -> None:
        """Do each row or refuse it; `new_ids` must have one for each."""
        for number, row in enumerate(rows):
            try:
                self.saved.append(self._do(number, row))
            except Problem as problem:
                self.refused.append(Refused(number, row.pupil_id, problem))

    def _do(self, number: int, row: Row) -> Saved:
        cell = self.cells.get(row.pupil_id)
        if cell is None:
            raise PupilNotInGroup(group=self.setting.group_title) if self.setting.group_title else PupilNotInClass
        match row.operation:
            case "set" | "add":
                return self._mark(number, row, cell)
            case "clear":
                return self._clear(number, row, cell)
            case "absent" | "late":
                return self._absence(number, row, cell, row.operation)
            case "present":
                return self._present(number, row, cell)
            case "point":
                return self._point(number, row, cell)
            case "unpoint":
                return self._unpoint(number, row, cell)

    # marks

    def _mark(self, number: int, row: Row, cell: Cell) -> Saved:
        if self.setting.grade < FIRST_GRADE_WITH_MARKS:
            raise GradeOneHasNoMarks
        if self.setting.without_marks is not None:
            raise SubjectHasNoMarks(subject=self.setting.without_marks)
        if row.operation == "set" and (row.mark_id or cell.marks or row.version):
            return self._correct(number, row, cell)
        form = self._form(row.control_form_id)
        if row.value is None:
            raise MarkNotFound
        if cell.absence and cell.absence.kind == "absent" and row.reason is None:
            raise MarkExcludesAbsence
        mark = CellMark(
            mark_id=next(self._new_ids),
            value=row.value,
            form=form,
            comment=row.comment,
            reason=row.reason,
            author_name=self.setting.author_name,
            posted_at=self.setting.now,
        )
        self.changes.marks_added.append((row.pupil_id, mark))
        after = replace(cell, marks=(*cell.marks, mark), sums=self._sums(cell, plus=mark))
        # A point that this very request sets is meant to stay beside the mark.
        if cell.point and ("point", row.pupil_id) not in self._touched and _settles(row, cell, cell.point):
            self._touch(("point", row.pupil_id))
            self.changes.points_ended.append((row.pupil_id, cell.point, mark.mark_id, None))
            after = replace(after, point=None)
        # What was just posted is not corrected in the same request.
        self._touch(mark.mark_id)
        self.cells[row.pupil_id] = after
        return Saved(number, row.pupil_id, mark_id=mark.mark_id)

    def _correct(self, number: int, row: Row, cell: Cell) -> Saved:
        old = self._held(row, cell)
        form = self._form(row.control_form_id, old.form)
        new = replace(
            old,
            value=row.value or old.value,
            form=form,
            comment=None if row.clear_comment else row.comment or old.comment,
        )
        if new != old:
            self._touch(old.mark_id)
            new = replace(
                new,
                version=old.version + 1,
                changed_at=self.setting.now,
                author_name=self.setting.author_name,
            )
            self.changes.marks_changed.append((row.pupil_id, old, new, row.reason))
            marks = tuple(new if mark is old else mark for mark in cell.marks)
            self.cells[row.pupil_id] = replace(cell, marks=marks, sums=self._sums(cell, plus=new, minus=old))
        return Saved(number, row.pupil_id, mark_id=old.mark_id)

    def _clear(self, number: int, row: Row, cell: Cell) -> Saved:
        old = self._held(row, cell)
        self._touch(old.mark_id)
        self.changes.marks_removed.append((row.pupil_id, old, row.reason))
        marks = tuple(mark for mark in cell.marks if mark is not old)
        self.cells[row.pupil_id] = replace(cell, marks=marks, sums=self._sums(cell, minus=old))
        return Saved(number, row.pupil_id, mark_id=old.mark_id)

    def _held(self, row: Row, cell: Cell) -> CellMark:
        """The mark that a row means, at the version that its teacher saw, free to be changed."""
        if row.mark_id:
            found = [mark for mark in cell.marks if mark.mark_id == row.mark_id]
        elif len(cell.marks) > 1:
            raise SeveralMarksInCell
        else:
            found = list(cell.marks)
        if not found:
            raise MarkNotFound
        mark = found[0]
        if mark.mark_id in self._touched:
            raise RowRepeated
        if row.version != mark.version:
            current = {
                "mark_id": mark.mark_id,
                "version": mark.version,
                "value": mark.value,
                "comment": mark.comment,
            }
            raise StaleMark(base=row.version or "—", current=mark.version, members={"current": current})
        self._reason_after_window(row, mark.posted_at)
        return mark

    def _sums(self, cell: Cell, *, plus: CellMark | None = None, minus: CellMark | None = None) -> Sums:
        sums = cell.sums
        if self.setting.counts:
            if minus:
                sums = sums.minus(Weighted(minus.value, minus.form.weight))
            if plus:
                sums = sums.plus(Weighted(plus.value, plus.form.weight))
        return sums

    # attendance

    def _absence(self, number: int, row: Row, cell: Cell, kind: AbsenceKind) -> Saved:
        old = cell.absence
        _same_version(row, old)
        if kind == "absent" and cell.marks and not (row.reason or (old and old.kind == "absent")):
            raise MarkExcludesAbsence
        notice = cell.notice
        told = row.absence_reason or (old.reason if old else None) or (notice.reason if notice else None)
        new = CellAbsence(
            kind=kind,
            reason=told,
            minutes=row.minutes if kind == "late" else None,
            explanation=row.reason or (old.explanation if old else None),
            notice_id=notice.notice_id if notice else old.notice_id if old else None,
            recorded_at=old.recorded_at if old else self.setting.now,
            version=old.version if old else 0,
        )
        if new != old:
            if old:
                self._reason_after_window(row, old.recorded_at)
            self._touch(("absence", row.pupil_id))
            new = replace(new, version=cell.absence_versions + 1)
            self.changes.absences_set.append((row.pupil_id, old, new, row.reason))
            more = (kind == "absent") - (old is not None and old.kind == "absent")
            self.cells[row.pupil_id] = replace(
                cell,
                absence=new,
                absence_versions=new.version,
                absences=cell.absences + (more if self.setting.counts else 0),
            )
        return Saved(number, row.pupil_id)

    def _present(self, number: int, row: Row, cell: Cell) -> Saved:
        old = cell.absence
        if old is None:
            raise AbsenceNotFound
        _same_version(row, old)
        self._reason_after_window(row, old.recorded_at)
        self._touch(("absence", row.pupil_id))
        self.changes.absences_removed.append((row.pupil_id, old, row.reason))
        less = old.kind == "absent" and self.setting.counts
        self.cells[row.pupil_id] = replace(
            cell, absence=None, absence_versions=cell.absence_versions + 1, absences=cell.absences - less
        )
        return Saved(number, row.pupil_id)

    # points

    def _point(self, number: int, row: Row, cell: Cell) -> Saved:
        old = cell.point
        _same_version(row, old)
        form = self._form(row.control_form_id, old.form if old else None)
        kind, due_on = row.kind or (old.kind if old else None), row.due_on or (old.due_on if old else None)
        earliest = max(self.setting.today, self.setting.lesson_date)
        if kind is None or due_on is None:
            raise PointNotFound
        if due_on < earliest and not (old and old.due_on == due_on):
            raise DueDatePassed(earliest=earliest)
        if ("point", row.pupil_id) in self._touched:
            raise RowRepeated
        if old is None:
            new = CellPoint(next(self._new_ids), kind, form, due_on, row.comment, self.setting.now)
            self.changes.points_added.append((row.pupil_id, new))
        else:
            comment = None if row.clear_comment else row.comment or old.comment
            new = replace(old, kind=kind, form=form, due_on=due_on, comment=comment)
            if new == old:
                return Saved(number, row.pupil_id, point_id=old.point_id)
            new = replace(new, version=old.version + 1)
            self.changes.points_changed.append((row.pupil_id, new))
        self._touch(("point", row.pupil_id))
        self.cells[row.pupil_id] = replace(cell, point=new)
        return Saved(number, row.pupil_id, point_id=new.point_id)

    def _unpoint(self, number: int, row: Row, cell: Cell) -> Saved:
        old = cell.point
        if old is None:
            raise PointNotFound
        _same_version(row, old)
        self._touch(("point", row.pupil_id))
        self.changes.points_ended.append((row.pupil_id, old, None, row.reason))
        self.cells[row.pupil_id] = replace(cell, point=None)
        return Saved(number, row.pupil_id, point_id=old.point_id)

    # what they have in common

    def _form(self, control_form_id: UUID | None, old: Form | None = None) -> Form:
        """The form that a row names; an archived one is kept where it stands but not given anew (J-9)."""
        if control_form_id is None or (old and old.control_form_id == control_form_id):
            if old is None:
                raise ControlFormUnknown
            return old
        form = self.setting.forms.get(control_form_id)
        if form is None or form.archived:
            raise ControlFormUnknown
        return form

    def _reason_after_window(self, row: Row, since: datetime) -> None:
        if row.reason is None and reason_is_needed(since, self.setting.now, self.setting.edit_window):
            raise ReasonRequired(days=self.setting.edit_window.days)

    def _touch(self, what: object) -> None:
        if what in self._touched:
            raise RowRepeated
        self._touched.add(what)


def _settles(row: Row, cell: Cell, point: CellPoint) -> bool:
    """Whether a new mark is put in the place of the cell's point (J-15).

    If the teacher does not say: a mark for the point's own control form is, and so is any first mark in the cell of a
    debt or retake. A planned control work outlives an answer at the blackboard.
    """
    if row.settles_point is not None:
        return row.settles_point
    alone = not cell.marks and point.kind != "planned"
    return alone or row.control_form_id == point.form.control_form_id


def _same_version(row: Row, stands: CellAbsence | CellPoint | None) -> None:
    """The teacher saw what stands there; else somebody was faster."""
    version = stands.version if stands else None
    if row.whatever_version or row.version == version:
        return
    current: dict[str, object] | None = None
    if isinstance(stands, CellPoint):
        current = {
            "point_id": stands.point_id,
            "version": stands.version,
            "kind": stands.kind,
            "control_form_id": stands.form.control_form_id,
            "due_on": stands.due_on,
            "comment": stands.comment,
        }
    elif stands:
        current = {"version": stands.version, "kind": stands.kind}
    raise StaleMark(base=row.version or "—", current=version or "—", members={"current": current})
