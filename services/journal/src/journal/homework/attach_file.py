"""Attach a file to a task, or take it off again (J-23): the subject teacher.

A file is told as an edit of the task, «изменено …», but leaves its version alone: who writes the text at the same time
loses nothing to a file, and files nothing to the text.
"""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from journal.access.actions import KEEP_HOMEWORK
from journal.errors import (
    HomeworkFileNotFound,
    HomeworkFileTooLarge,
    HomeworkFileTypeRefused,
    HomeworkNotFound,
    SchoolClassNotFound,
    TooManyHomeworkFiles,
)
from journal.homework.files import AttachedFile
from journal.homework.queries import Homework, hold_homework
from journal.homework.rules import LARGEST_FILE, MOST_FILES, file_name
from journal.homework.tables import homework, homework_files
from journal.roster.queries import Teacher
from journal.timetable.authority import class_to_keep
from shared.db import Tx, UnitOfWork
from shared.files import ENDINGS, OFFICE, SCANS, media_type_of
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it was sent."""

    name: str
    content: bytes = field(repr=False)


async def attach_file(uow: UnitOfWork, caller: Caller, homework_id: UUID, file: NewFile) -> AttachedFile:
    """Keep a file of a task.

    Raises:
        HomeworkFileTooLarge: over 10 MB.
        HomeworkFileTypeRefused: not a kind that is taken, by what is inside.
        HomeworkNotFound, NotYourLesson: not the caller's to keep.
        TooManyHomeworkFiles: the task has enough.
    """
    if len(file.content) > LARGEST_FILE:
        raise HomeworkFileTooLarge
    # To look into an archive of 10 MB may take a while; others are answered meanwhile.
    media_type = await asyncio.to_thread(media_type_of, file.content, SCANS | OFFICE)
    if media_type is None:
        raise HomeworkFileTypeRefused
    async with uow.begin() as tx:
        task, teacher = await _to_keep(tx, caller, homework_id)
        already = select(func.count()).where(*_of_task(task))
        if (await tx.session.scalar(already) or 0) >= MOST_FILES:
            raise TooManyHomeworkFiles
        attached = AttachedFile(tx.new_id(), file_name(file.name, ENDINGS[media_type]), media_type, len(file.content))
        await tx.session.execute(
            insert(homework_files).values(
                school_id=task.school_id,
                file_id=attached.file_id,
                homework_id=homework_id,
                name=attached.name,
                media_type=media_type,
                size=attached.size,
                content=file.content,
                added_at=tx.now,
                added_by=teacher.person_id,
            )
        )
        await _edited(tx, task)
        return attached


async def detach_file(uow: UnitOfWork, caller: Caller, homework_id: UUID, file_id: UUID) -> None:
    """Take a file off a task; it is gone.

    Raises:
        HomeworkNotFound, NotYourLesson: not the caller's to keep.
        HomeworkFileNotFound: the task has no such file.
    """
    async with uow.begin() as tx:
        task, _ = await _to_keep(tx, caller, homework_id)
        gone = await tx.session.execute(
            delete(homework_files)
            .where(*_of_task(task), homework_files.c.file_id == file_id)
            .returning(homework_files.c.file_id)
        )
        if gone.first() is None:
            raise HomeworkFileNotFound
        await _edited(tx, task)


async def _to_keep(tx: Tx, caller: Caller, homework_id: UUID) -> tuple[Homework, Teacher]:
    """The task, locked: two files at once are counted one after the other."""
    found = await hold_homework(tx.session, homework_id)
    if found is None:
        raise HomeworkNotFound
    try:
        _, teacher = await class_to_keep(tx, caller, found.class_id, found.subject_id, KEEP_HOMEWORK)
    except SchoolClassNotFound:
        raise HomeworkNotFound from None
    return found, teacher


async def _edited(tx: Tx, task: Homework) -> None:
    await tx.session.execute(
        update(homework)
        .where(homework.c.school_id == task.school_id, homework.c.homework_id == task.homework_id)
        .values(edited_at=tx.now)
    )


def _of_task(task: Homework) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (homework_files.c.school_id == task.school_id, homework_files.c.homework_id == task.homework_id)
