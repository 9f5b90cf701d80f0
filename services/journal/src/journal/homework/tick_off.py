"""The pupil ticks a task off, or takes the tick back (J-23). Nobody else does it for the pupil (J-1)."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from journal.access.actions import TICK_OFF_HOMEWORK
from journal.access.open_diary import open_diary
from journal.errors import HomeworkNotFound, PupilsOwn
from journal.homework.queries import hold_homework
from journal.homework.tables import homework_done
from journal.roster.groups import was_any_in_group
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def tick_off(uow: UnitOfWork, caller: Caller, pupil_id: UUID, homework_id: UUID, *, done: bool) -> None:
    """Note that a task is done or not; saying it twice changes nothing.

    Raises:
        PupilNotFound: the diary is not open to the caller.
        PupilsOwn: it is open, but only the pupil may do this.
        HomeworkNotFound: not a task of the pupil's class, or another group's.
    """
    async with uow.begin() as tx:
        diary = await open_diary(tx.session, caller.account_id, pupil_id, tx.now)
        if not diary.may(TICK_OFF_HOMEWORK):
            raise PupilsOwn
        task = await hold_homework(tx.session, homework_id)
        if task is None or (task.school_id, task.class_id) != (diary.pupil.school_id, diary.pupil.class_id):
            raise HomeworkNotFound
        if task.group_id is not None and not await was_any_in_group(
            tx.session, task.school_id, [pupil_id], task.group_id, task.due_on
        ):
            raise HomeworkNotFound
        await _note(tx, task.school_id, pupil_id, homework_id, done=done)


async def _note(tx: Tx, school_id: UUID, pupil_id: UUID, homework_id: UUID, *, done: bool) -> None:
    if done:
        row = {"school_id": school_id, "pupil_id": pupil_id, "homework_id": homework_id, "done_at": tx.now}
        await tx.session.execute(insert(homework_done).values(row).on_conflict_do_nothing())
        return
    await tx.session.execute(
        delete(homework_done).where(
            homework_done.c.school_id == school_id,
            homework_done.c.pupil_id == pupil_id,
            homework_done.c.homework_id == homework_id,
        )
    )
