"""Cells as they are answered to teachers."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self
from uuid import UUID

from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.class_journal.post_mark import Posted
from journal.class_journal.rules import Cell, CellAbsence, CellMark, CellPoint, Form, Refused
from journal.class_journal.save_column import Column
from journal.errors import in_words
from journal.marks.rules import MarkValue
from journal.points.rules import PointKind
from shared.http import Answer, Language


class FormOfMark(Answer):
    """What kind of work a mark or point is for."""

    control_form_id: UUID
    name: str
    category: Literal["control", "class", "home"]
    weight: int

    @classmethod
    def of(cls, form: Form) -> Self:
        return cls(control_form_id=form.control_form_id, name=form.name, category=form.category, weight=form.weight)


class MarkInCell(Answer):
    """A mark as it stands; `version` goes back with a correction."""

    mark_id: UUID
    value: MarkValue
    control_form: FormOfMark
    comment: str | None
    reason: str | None
    """Why it stands beside «н»."""
    author: str
    posted_at: datetime
    changed_at: datetime | None
    version: int

    @classmethod
    def of(cls, mark: CellMark) -> Self:
        return cls(
            mark_id=mark.mark_id,
            value=mark.value,
            control_form=FormOfMark.of(mark.form),
            comment=mark.comment,
            reason=mark.reason,
            author=mark.author_name,
            posted_at=mark.posted_at,
            changed_at=mark.changed_at,
            version=mark.version,
        )


class MarkOut(MarkInCell):
    """A mark with its place."""

    pupil_id: UUID
    lesson_id: UUID


class AbsenceInCell(Answer):
    """«н» or late, and why as far as it is known."""

    kind: AbsenceKind
    reason: AbsenceReason | None
    minutes: int | None
    explanation: str | None
    has_notice: bool
    """The family had said so before."""
    recorded_at: datetime
    version: int

    @classmethod
    def of(cls, absence: CellAbsence) -> Self:
        return cls(
            kind=absence.kind,
            reason=absence.reason,
            minutes=absence.minutes,
            explanation=absence.explanation,
            has_notice=absence.notice_id is not None,
            recorded_at=absence.recorded_at,
            version=absence.version,
        )


class PointInCell(Answer):
    """An open point."""

    point_id: UUID
    kind: PointKind
    control_form: FormOfMark
    due_on: date
    comment: str | None
    set_at: datetime
    version: int

    @classmethod
    def of(cls, point: CellPoint) -> Self:
        return cls(
            point_id=point.point_id,
            kind=point.kind,
            control_form=FormOfMark.of(point.form),
            due_on=point.due_on,
            comment=point.comment,
            set_at=point.set_at,
            version=point.version,
        )


class AveragesOut(Answer):
    """The pupil in the subject and period (outside of periods: school year): averages to two places, lessons missed.

    Averages are null while no mark has a number.
    """

    weighted: Decimal | None
    simple: Decimal | None
    absences: int

    @classmethod
    def of(cls, cell: Cell) -> Self:
        return cls(weighted=cell.sums.weighted, simple=cell.sums.simple, absences=cell.absences)


class CellOut(Answer):
    """All that stands of one pupil in the lesson."""

    pupil_id: UUID
    marks: list[MarkInCell]
    absence: AbsenceInCell | None
    point: PointInCell | None
    notice: bool
    """The family gave notice for this day."""
    averages: AveragesOut

    @classmethod
    def of(cls, cell: Cell) -> Self:
        return cls(
            pupil_id=cell.pupil_id,
            marks=[MarkInCell.of(mark) for mark in cell.marks],
            absence=AbsenceInCell.of(cell.absence) if cell.absence else None,
            point=PointInCell.of(cell.point) if cell.point else None,
            notice=cell.notice is not None,
            averages=AveragesOut.of(cell),
        )


def shown(cells: Mapping[UUID, Cell]) -> dict[UUID, dict[str, Any]]:
    """Cells as members of a problem document."""
    return {pupil_id: CellOut.of(cell).model_dump(mode="json") for pupil_id, cell in cells.items()}


class MarkPostedOut(Answer):
    """The mark and what it does to the averages."""

    mark: MarkOut
    averages: AveragesOut

    @classmethod
    def of(cls, posted: Posted) -> Self:
        mark = MarkInCell.of(posted.mark)
        return cls(
            mark=MarkOut(**dict(mark), pupil_id=posted.cell.pupil_id, lesson_id=posted.lesson_id),
            averages=AveragesOut.of(posted.cell),
        )


class PointSetOut(Answer):
    """The point as it is open now."""

    pupil_id: UUID
    lesson_id: UUID
    point: PointInCell


class RowSaved(Answer):
    """A row of the request, counted from 0, that was done."""

    row: int
    pupil_id: UUID
    mark_id: UUID | None
    point_id: UUID | None


class RowRefused(Answer):
    """A row of the request that was not done: why, and how the cell stands now."""

    row: int
    pupil_id: UUID
    code: str
    """Stable; in the published list of errors."""
    title: str
    detail: str
    current: CellOut | None
    """Null if the pupil does not have the lesson."""

    @classmethod
    def of(cls, refused: Refused, cells: Mapping[UUID, Cell], language: Language) -> Self:
        cell = cells.get(refused.pupil_id)
        return cls(
            row=refused.row,
            pupil_id=refused.pupil_id,
            **in_words(refused.problem, language),
            current=CellOut.of(cell) if cell else None,
        )


class CellsOut(Answer):
    """A lesson's column: a cell for each pupil who has the lesson."""

    lesson_id: UUID
    cells: list[CellOut]


class ColumnOut(Answer):
    """What became of the rows."""

    lesson_id: UUID
    saved: list[RowSaved]
    refused: list[RowRefused]
    cells: list[CellOut]
    """Of the pupils with saved rows, as they stand now."""
    revision: int | None
    """Of the page; null if nothing was changed."""

    @classmethod
    def of(cls, column: Column, language: Language) -> Self:
        touched = dict.fromkeys(saved.pupil_id for saved in column.saved)
        return cls(
            lesson_id=column.desk.lesson_id,
            saved=[
                RowSaved(row=one.row, pupil_id=one.pupil_id, mark_id=one.mark_id, point_id=one.point_id)
                for one in column.saved
            ],
            refused=[RowRefused.of(one, column.cells, language) for one in column.refused],
            cells=[CellOut.of(column.cells[pupil_id]) for pupil_id in touched],
            revision=column.revision,
        )
