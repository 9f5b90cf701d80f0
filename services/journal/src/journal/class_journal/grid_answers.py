"""The grid as it is answered."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel

from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.attestation.rules import Proposals
from journal.calendar.answers import PeriodOut
from journal.class_journal.grid import ColumnHead, Grid, GridCell, GridRow
from journal.class_journal.queries import GridMark
from journal.marks.rules import MarkValue, Trend
from journal.points.rules import PointKind, PointState


class GridColumnOut(BaseModel):
    """A lesson, and whether and how its cells are written by the caller."""

    lesson_id: UUID
    date: date
    number: int
    starts_at: time
    topic: str
    closed: bool
    """Its period is closed."""
    cancelled: bool
    """It is not held, and takes no marks (J-4)."""
    version: int
    """Of the lesson, for writing its topic."""
    may_edit: bool
    may_take_attendance: bool
    needs_reason: bool
    """Something stands in it that is corrected only with a reason."""
    attendance_taken_at: datetime | None

    @classmethod
    def of(cls, head: ColumnHead) -> Self:
        lesson = head.lesson
        return cls(
            lesson_id=lesson.lesson_id,
            date=lesson.date,
            number=lesson.number,
            starts_at=lesson.starts_at,
            topic=lesson.topic,
            closed=head.closed,
            cancelled=head.lesson.cancelled,
            version=head.lesson.version,
            may_edit=head.may_edit,
            may_take_attendance=head.may_take_attendance,
            needs_reason=head.needs_reason,
            attendance_taken_at=lesson.attendance_taken_at,
        )


class GridMarkOut(BaseModel):
    """A mark and its tooltip."""

    mark_id: UUID
    version: int
    value: MarkValue
    control_form_id: UUID
    control_form: str
    category: Literal["control", "class", "home"]
    weight: int
    author: str
    posted_at: datetime
    changed_at: datetime | None
    comment: str | None

    @classmethod
    def of(cls, mark: GridMark) -> Self:
        return cls(
            mark_id=mark.mark_id,
            version=mark.version,
            value=mark.value,
            control_form_id=mark.control_form_id,
            control_form=mark.form_name,
            category=mark.category,
            weight=mark.weight,
            author=mark.author_name,
            posted_at=mark.posted_at,
            changed_at=mark.changed_at,
            comment=mark.comment,
        )


class GridAbsenceOut(BaseModel):
    """«н» or late."""

    kind: AbsenceKind
    reason: AbsenceReason | None
    minutes: int | None
    has_notice: bool
    version: int


class GridPointOut(BaseModel):
    """A point, open or ended."""

    point_id: UUID
    kind: PointKind
    control_form_id: UUID
    due_on: date
    comment: str | None
    state: PointState
    version: int


class GridCellOut(BaseModel):
    """All that stands of one pupil in one lesson; empty cells are not listed."""

    lesson_id: UUID
    marks: list[GridMarkOut]
    absence: GridAbsenceOut | None
    points: list[GridPointOut]

    @classmethod
    def of(cls, cell: GridCell) -> Self:
        return cls(
            lesson_id=cell.lesson_id,
            marks=[GridMarkOut.of(mark) for mark in cell.marks],
            absence=GridAbsenceOut.model_validate(cell.absence, from_attributes=True) if cell.absence else None,
            points=[GridPointOut.model_validate(point, from_attributes=True) for point in cell.points],
        )


class NoticeDays(BaseModel):
    """Days for which the family gave notice."""

    first_day: date
    last_day: date


class GridRowOut(BaseModel):
    """One pupil: cells, averages, and what the marks propose (J-16), with the operands of each step."""

    pupil_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    cells: list[GridCellOut]
    weighted: Decimal | None
    simple: Decimal | None
    absences: int
    trend: Trend | None
    proposals: Proposals
    notices: list[NoticeDays]

    @classmethod
    def of(cls, row: GridRow) -> Self:
        return cls(
            pupil_id=row.pupil.pupil_id,
            surname=row.pupil.surname,
            given_name=row.pupil.given_name,
            patronymic=row.pupil.patronymic,
            cells=[GridCellOut.of(cell) for cell in row.cells],
            weighted=row.sums.weighted,
            simple=row.sums.simple,
            absences=row.absences,
            trend=row.trend,
            proposals=row.proposals,
            notices=[NoticeDays(first_day=one.first_day, last_day=one.last_day) for one in row.notices],
        )


class GridOut(BaseModel):
    """The page of one subject in one class; `revision` is the `after` of `/journal/changes`."""

    class_id: UUID
    class_name: str
    grade: int
    subject_id: UUID
    subject: str
    period: PeriodOut | None
    first_day: date
    last_day: date
    revision: int
    edit_window_days: int
    columns: list[GridColumnOut]
    pupils: list[GridRowOut]
    """By surname."""

    @classmethod
    def of(cls, grid: Grid) -> Self:
        return cls(
            class_id=grid.page.school_class.class_id,
            class_name=grid.page.school_class.name,
            grade=grid.page.school_class.grade,
            subject_id=grid.page.subject_id,
            subject=grid.subject_title,
            period=PeriodOut.of(grid.period) if grid.period else None,
            first_day=grid.first_day,
            last_day=grid.last_day,
            revision=grid.revision,
            edit_window_days=grid.edit_window_days,
            columns=[GridColumnOut.of(head) for head in grid.columns],
            pupils=[GridRowOut.of(row) for row in grid.rows],
        )


class ChangesOut(BaseModel):
    """The columns that changed, whole: what a cell of theirs has not listed is empty now."""

    revision: int
    columns: list[GridColumnOut]
    pupils: list[GridRowOut]
    """With the cells of these columns, and averages of the whole page."""
