"""Files of a task: what they are, and reads of them. Lists name files, and never touch what is in them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.homework.tables import homework_files


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file as a list names it."""

    file_id: UUID
    name: str
    media_type: str
    size: int
    """Bytes."""


async def files_of_tasks(
    session: AsyncSession, school_id: UUID, homework_ids: Collection[UUID]
) -> dict[UUID, tuple[AttachedFile, ...]]:
    """The files of some tasks in the order they were attached: one indexed query, without what is in them."""
    found: dict[UUID, list[AttachedFile]] = defaultdict(list)
    for row in await session.execute(_OF_TASKS, {"school": school_id, "tasks": list(homework_ids)}):
        found[row.homework_id].append(_file(row))
    return {homework_id: tuple(files) for homework_id, files in found.items()}


async def find_file(
    session: AsyncSession, school_id: UUID, homework_id: UUID, file_id: UUID
) -> tuple[AttachedFile, bytes] | None:
    """One file of a task and what is in it."""
    wanted = {"school": school_id, "task": homework_id, "file": file_id}
    found = (await session.execute(_ONE, wanted)).first()
    return (_file(found), found.content) if found else None


def _file(row: Row[Any]) -> AttachedFile:
    return AttachedFile(row.file_id, row.name, row.media_type, row.size)


_FILES: Select[Any] = select(
    homework_files.c.homework_id,
    homework_files.c.file_id,
    homework_files.c.name,
    homework_files.c.media_type,
    homework_files.c.size,
)
_OF_TASKS = _FILES.where(
    homework_files.c.school_id == bindparam("school"),
    homework_files.c.homework_id == any_(bindparam("tasks", type_=ARRAY(Uuid))),
).order_by(homework_files.c.added_at, homework_files.c.file_id)
_ONE = _FILES.add_columns(homework_files.c.content).where(
    homework_files.c.school_id == bindparam("school"),
    homework_files.c.homework_id == bindparam("task"),
    homework_files.c.file_id == bindparam("file"),
)
