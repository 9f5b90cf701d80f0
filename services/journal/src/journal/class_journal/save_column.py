"""Save any part of a lesson's column in one request (J-10): good rows are saved, each refused one says why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from journal.access.actions import KEEP_MARKS
from journal.class_journal.cells import hold_cells
from journal.class_journal.desk import Desk, refuse_ended, sit_down
from journal.class_journal.rules import Cell, Refused, Row, Saved, Work
from journal.class_journal.tell import tell
from journal.class_journal.write import write
from journal.errors import ColumnRefused, LessonNotFound, MarkNotFound
from journal.marks.queries import place_of_mark
from journal.pages.touch_columns import touch_columns
from shared.db import Tx, UnitOfWork
from shared.http import VerifiedToken


@dataclass(frozen=True, slots=True)
class Column:
    """What became of the rows, and the cells that they meant as they stand now."""

    desk: Desk
    saved: Sequence[Saved]
    refused: Sequence[Refused]
    cells: Mapping[UUID, Cell]
    revision: int | None
    """Of the page; None if nothing was changed."""


async def save_column(
    uow: UnitOfWork, token: VerifiedToken, lesson_id: UUID, rows: Sequence[Row], *, all_or_nothing: bool = False
) -> Column:
    """Do rows in the cells of one lesson, in their order, in one transaction.

    Raises:
        LessonNotFound, NotYourLesson, PeriodClosed: not to be written into.
        ColumnRefused: all or nothing was asked for, and some rows were refused.
    """
    async with uow.begin() as tx:
        desk = await sit_down(tx, token, lesson_id, KEEP_MARKS)
        cells = await hold_cells(tx, desk, (row.pupil_id for row in rows))
        column = await work_off(tx, desk, cells, rows)
        if all_or_nothing and column.refused:
            raise ColumnRefused([(one.row, one.pupil_id, one.problem) for one in column.refused], cells)
        return column


async def save_row(uow: UnitOfWork, token: VerifiedToken, lesson_id: UUID, row: Row) -> tuple[Desk, Cell, Saved]:
    """Do one row, or raise what it was refused for."""
    async with uow.begin() as tx:
        desk = await sit_down(tx, token, lesson_id, KEEP_MARKS)
        cells = await hold_cells(tx, desk, (row.pupil_id,))
        column = await work_off(tx, desk, cells, (row,))
        for refused in column.refused:
            raise refused.problem
        return desk, column.cells[row.pupil_id], column.saved[0]


async def save_row_of_mark(
    uow: UnitOfWork, token: VerifiedToken, mark_id: UUID, row_for: Callable[[UUID], Row]
) -> tuple[Desk, Cell]:
    """Do one row to a mark whose address is all that is known; `row_for` makes it for the mark's pupil.

    Raises:
        MarkNotFound: unknown, removed, or in a lesson of a class that the caller has nothing to do with.
    """
    async with uow.begin() as tx:
        place = await place_of_mark(tx.session, mark_id)
        if place is None:
            await refuse_ended(tx, token)
            raise MarkNotFound
        lesson_id, pupil_id = place
        try:
            desk = await sit_down(tx, token, lesson_id, KEEP_MARKS)
        except LessonNotFound:
            raise MarkNotFound from None
        # Also of a pupil who left the class since: what stands there is still the teacher's to put right.
        cells = await hold_cells(tx, desk, (pupil_id,), also_gone=True)
        column = await work_off(tx, desk, cells, (row_for(pupil_id),))
        for refused in column.refused:
            raise refused.problem
        return desk, column.cells[pupil_id]


async def work_off(
    tx: Tx, desk: Desk, cells: Mapping[UUID, Cell], rows: Sequence[Row], *, attendance_taken: bool = False
) -> Column:
    """Do rows in cells that this transaction holds: check, write, count the page up, tell."""
    work = Work(desk.setting, cells, [tx.new_id() for _ in rows])
    work.off(rows)
    revision = None
    if work.changes or attendance_taken:
        await write(tx, desk, work.changes)
        revision = await touch_columns(
            tx,
            desk.school_id,
            [(desk.class_id, desk.subject_id, desk.lesson_id)],
            attendance_taken_by=desk.teacher_id if attendance_taken else None,
        )
        tell(tx, desk, work.changes, work.cells)
    return Column(desk, work.saved, work.refused, work.cells, revision)
