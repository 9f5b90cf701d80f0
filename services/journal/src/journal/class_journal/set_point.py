"""Set a point on a pupil's cell, or change the one that is open there (J-14)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from journal.class_journal.rules import Cell, CellPoint, Row
from journal.class_journal.save_column import save_row
from journal.points.rules import PointKind
from shared.db import UnitOfWork
from shared.http import VerifiedToken


@dataclass(frozen=True, slots=True)
class NewPoint:
    """What the teacher sets; `version` is that of the open point that is to be changed."""

    pupil_id: UUID
    kind: PointKind
    control_form_id: UUID
    due_on: date
    comment: str | None = None
    version: int | None = None


async def set_point(uow: UnitOfWork, token: VerifiedToken, lesson_id: UUID, new: NewPoint) -> tuple[CellPoint, Cell]:
    """Set a point and say `PointSet`.

    Raises:
        LessonNotFound, NotYourLesson, PeriodClosed: not to be written into.
        PupilNotInClass, PupilNotInGroup, ControlFormUnknown, DueDatePassed: the point cannot stand there.
        StaleMark: another point is open in the cell already.
    """
    row = Row(
        new.pupil_id,
        "point",
        version=new.version,
        kind=new.kind,
        control_form_id=new.control_form_id,
        due_on=new.due_on,
        comment=new.comment,
        clear_comment=new.comment is None,
    )
    _, cell, _ = await save_row(uow, token, lesson_id, row)
    assert cell.point is not None
    return cell.point, cell
