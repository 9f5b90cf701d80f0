"""Post one mark (J-10): a column of one row."""

from dataclasses import dataclass
from uuid import UUID

from journal.class_journal.rules import Cell, CellMark, Row
from journal.class_journal.save_column import save_row
from journal.marks.rules import MarkValue
from shared.db import UnitOfWork
from shared.http import VerifiedToken


@dataclass(frozen=True, slots=True)
class NewMark:
    """What the teacher writes."""

    pupil_id: UUID
    value: MarkValue
    control_form_id: UUID
    comment: str | None = None
    reason: str | None = None
    """Why it stands beside «н» (J-13)."""
    settles_point: bool | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """The mark as it stands, and the cell that it stands in."""

    lesson_id: UUID
    mark: CellMark
    cell: Cell


async def post_mark(uow: UnitOfWork, token: VerifiedToken, lesson_id: UUID, new: NewMark) -> Posted:
    """Post a mark and say `GradePosted`; and `PointSettled`, if it takes a point's place (J-15).

    Raises:
        LessonNotFound, NotYourLesson, PeriodClosed: not to be written into.
        GradeOneHasNoMarks, SubjectHasNoMarks, PupilNotInClass, PupilNotInGroup, ControlFormUnknown,
        MarkExcludesAbsence: the mark cannot stand there.
    """
    row = Row(
        new.pupil_id,
        "add",
        value=new.value,
        control_form_id=new.control_form_id,
        comment=new.comment,
        reason=new.reason,
        settles_point=new.settles_point,
    )
    _, cell, saved = await save_row(uow, token, lesson_id, row)
    return Posted(lesson_id, next(mark for mark in cell.marks if mark.mark_id == saved.mark_id), cell)
