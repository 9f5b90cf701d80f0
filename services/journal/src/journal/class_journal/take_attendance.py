"""Mark the attendance of a whole class at once: everybody present but … (J-20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from journal.access.actions import KEEP_ATTENDANCE
from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.class_journal.cells import hold_column
from journal.class_journal.desk import sit_down
from journal.class_journal.rules import Row
from journal.class_journal.save_column import Column, work_off
from shared.db import UnitOfWork
from shared.http import VerifiedToken


@dataclass(frozen=True, slots=True)
class NotPresent:
    """One who was absent or late."""

    pupil_id: UUID
    kind: AbsenceKind
    absence_reason: AbsenceReason | None = None
    minutes: int | None = None
    reason: str | None = None
    """Why it stands beside a mark, or is changed late (J-13, J-11)."""


async def take_attendance(
    uow: UnitOfWork, token: VerifiedToken, lesson_id: UUID, but: Sequence[NotPresent], reason: str | None = None
) -> Column:
    """Everybody of the class was present but these; what was recorded otherwise before is put right.

    The last word counts: the request says how the whole class was, not what is to change.

    Raises:
        LessonNotFound, NotYourLesson, PeriodClosed: not to be written into.
    """
    async with uow.begin() as tx:
        desk = await sit_down(tx, token, lesson_id, KEEP_ATTENDANCE)
        cells = await hold_column(tx, desk)
        rows = [
            Row(
                one.pupil_id,
                one.kind,
                whatever_version=True,
                absence_reason=one.absence_reason,
                minutes=one.minutes,
                reason=one.reason or reason,
            )
            for one in but
        ]
        named = {one.pupil_id for one in but}
        rows += [
            Row(cell.pupil_id, "present", whatever_version=True, reason=reason)
            for cell in cells.values()
            if cell.absence and cell.pupil_id not in named
        ]
        return await work_off(tx, desk, cells, rows, attendance_taken=True)
