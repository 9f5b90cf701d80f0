"""Change or take back a task (J-23): the subject teacher of its class, on the version that was seen."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from journal.access.actions import KEEP_HOMEWORK
from journal.errors import HomeworkNotFound, SchoolClassNotFound, StaleVersion
from journal.homework.assign_homework import Assigned, assigned, class_of
from journal.homework.queries import Homework, hold_homework, with_files
from journal.homework.rules import Kind
from journal.homework.tables import homework, homework_files
from journal.timetable.authority import class_to_keep
from shared.contracts.journal import HomeworkWithdrawn
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Edit:
    """What changes; None: stays as it is. `clear_minutes` takes the estimate away."""

    text: str | None = None
    kind: Kind | None = None
    mandatory: bool | None = None
    links: tuple[str, ...] | None = None
    minutes: int | None = None
    clear_minutes: bool = False


async def edit_homework(uow: UnitOfWork, caller: Caller, homework_id: UUID, version: int, edit: Edit) -> Assigned:
    """Change a task and tell of it again, whole.

    Raises:
        HomeworkNotFound, NotYourLesson: not the caller's to keep.
        StaleVersion: somebody edited it in between.
    """
    async with uow.begin() as tx:
        before = await _to_keep(tx, caller, homework_id, version)
        changes: dict[str, Any] = {
            name: value for name, value in asdict(edit).items() if value is not None and name != "clear_minutes"
        }
        if "links" in changes:
            changes["links"] = list(changes["links"])
        if edit.clear_minutes:
            changes["minutes"] = None
        (after,) = await with_files(
            tx.session, before.school_id, [replace(before, **changes, edited_at=tx.now, version=version + 1)]
        )
        await _write(tx, before, **changes, edited_at=tx.now, version=after.version)
        return await assigned(tx, await class_of(tx, after), after)


async def withdraw_homework(uow: UnitOfWork, caller: Caller, homework_id: UUID, version: int) -> None:
    """Take a task back; the row stays, its files go.

    Raises:
        HomeworkNotFound, NotYourLesson: not the caller's to keep.
        StaleVersion: somebody edited it in between.
    """
    async with uow.begin() as tx:
        before = await _to_keep(tx, caller, homework_id, version)
        await _write(tx, before, removed_at=tx.now, version=version + 1)
        await tx.session.execute(
            delete(homework_files).where(
                homework_files.c.school_id == before.school_id, homework_files.c.homework_id == homework_id
            )
        )
        tx.emit(
            HomeworkWithdrawn(
                school_id=before.school_id,
                class_id=before.class_id,
                homework_id=homework_id,
                homework_version=version + 1,
                withdrawn_at=tx.now,
            )
        )


async def _to_keep(tx: Tx, caller: Caller, homework_id: UUID, version: int) -> Homework:
    found = await hold_homework(tx.session, homework_id)
    if found is None:
        raise HomeworkNotFound
    try:
        await class_to_keep(tx, caller, found.class_id, found.subject_id, KEEP_HOMEWORK)
    except SchoolClassNotFound:
        raise HomeworkNotFound from None
    if found.version != version:
        raise StaleVersion(base=version, current=found.version)
    return found


async def _write(tx: Tx, before: Homework, **values: Any) -> None:
    await tx.session.execute(
        update(homework)
        .where(homework.c.school_id == before.school_id, homework.c.homework_id == before.homework_id)
        .values(**values)
    )
