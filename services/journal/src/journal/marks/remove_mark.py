"""Remove a mark (J-11): it no longer counts or shows, and its history stays."""

from uuid import UUID

from sqlalchemy import update

from journal.marks.averages import Averages, averages
from journal.marks.keep_history import hold_to_change, keep_history
from journal.marks.tables import marks
from shared.contracts.journal import GradeRemoved
from shared.db import UnitOfWork
from shared.http import Caller


async def remove_mark(uow: UnitOfWork, caller: Caller, mark_id: UUID, version: int, reason: str | None) -> Averages:
    """Remove a mark, say `GradeRemoved` and answer the pupil's averages without it.

    Raises:
        MarkNotFound, NotYourLesson: not the caller's to keep.
        StaleMark: `version` is not the current one.
        ReasonRequired: the edit window is over.
    """
    async with uow.begin() as tx:
        held = await hold_to_change(tx, caller, mark_id, version, reason)
        mark, lesson = held.mark, held.lesson
        await keep_history(tx, held, "removed", reason)
        await tx.session.execute(
            update(marks)
            .where(marks.c.school_id == mark.school_id, marks.c.mark_id == mark.mark_id)
            .values(removed_at=tx.now, version=version + 1)
        )
        tx.emit(
            GradeRemoved(
                school_id=mark.school_id,
                pupil_id=mark.pupil_id,
                class_id=lesson.class_id,
                mark_id=mark.mark_id,
                lesson_id=mark.lesson_id,
                lesson_date=mark.date,
                subject_id=mark.subject_id,
                subject_title=lesson.subject_title,
                old_value=mark.value,
                removed_at=tx.now,
            )
        )
        return await averages(tx.session, mark.school_id, mark.pupil_id, mark.subject_id)
