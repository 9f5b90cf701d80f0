"""Correct a mark (J-11): freely inside the edit window, after it with a reason; what it was is kept."""

from dataclasses import dataclass
from uuid import UUID

from journal.class_journal.post_mark import Posted
from journal.class_journal.rules import Row
from journal.class_journal.save_column import save_row_of_mark
from journal.marks.rules import MarkValue
from shared.db import UnitOfWork
from shared.http import VerifiedToken


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be different; None leaves it as it is, and a comment is taken away by `clear_comment`."""

    value: MarkValue | None = None
    control_form_id: UUID | None = None
    comment: str | None = None
    clear_comment: bool = False


async def change_mark(
    uow: UnitOfWork, token: VerifiedToken, mark_id: UUID, version: int, correction: Correction, reason: str | None
) -> Posted:
    """Correct a mark and say `GradeChanged`; a correction that changes nothing says nothing.

    Raises:
        MarkNotFound, NotYourLesson: not the caller's to keep.
        StaleMark: `version` is not the current one.
        ReasonRequired: the edit window is over.
        PeriodClosed: the lesson's period is closed.
        ControlFormUnknown: the school has no such form.
    """

    def row(pupil_id: UUID) -> Row:
        return Row(
            pupil_id,
            "set",
            version=version,
            mark_id=mark_id,
            value=correction.value,
            control_form_id=correction.control_form_id,
            comment=correction.comment,
            clear_comment=correction.clear_comment,
            reason=reason,
        )

    desk, cell = await save_row_of_mark(uow, token, mark_id, row)
    return Posted(desk.lesson_id, next(mark for mark in cell.marks if mark.mark_id == mark_id), cell)
