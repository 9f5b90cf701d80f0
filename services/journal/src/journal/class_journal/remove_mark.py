"""Remove a mark (J-11): it no longer counts or shows, and its history stays."""

from uuid import UUID

from journal.class_journal.rules import Cell, Row
from journal.class_journal.save_column import save_row_of_mark
from shared.db import UnitOfWork
from shared.http import VerifiedToken


async def remove_mark(uow: UnitOfWork, token: VerifiedToken, mark_id: UUID, version: int, reason: str | None) -> Cell:
    """Remove a mark, say `GradeRemoved` and answer the cell without it.

    Raises:
        MarkNotFound, NotYourLesson: not the caller's to keep.
        StaleMark: `version` is not the current one.
        ReasonRequired: the edit window is over.
        PeriodClosed: the lesson's period is closed.
    """

    def row(pupil_id: UUID) -> Row:
        return Row(pupil_id, "clear", version=version, mark_id=mark_id, reason=reason)

    _, cell = await save_row_of_mark(uow, token, mark_id, row)
    return cell
