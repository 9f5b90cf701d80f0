"""Opens a file of a task: for the staff of the class, and for families that may read its homework (J-1, J-23)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import READ_CLASS
from journal.access.check import may
from journal.access.open_diary import diaries_of
from journal.errors import HomeworkFileNotFound
from journal.homework.files import AttachedFile, find_file
from journal.homework.queries import Homework, find_homework
from journal.roster.groups import was_any_in_group
from journal.roster.places import was_any_in_class
from journal.roster.queries import class_object


async def open_file(
    session: AsyncSession, account_id: UUID, homework_id: UUID, file_id: UUID, now: datetime
) -> tuple[AttachedFile, bytes]:
    """Answer a file and what is in it.

    Raises:
        HomeworkFileNotFound: there is none, or not for this account.
    """
    task = await find_homework(session, homework_id)
    if task is None or not await _may_read(session, account_id, task, now):
        raise HomeworkFileNotFound
    found = await find_file(session, task.school_id, homework_id, file_id)
    if found is None:
        raise HomeworkFileNotFound
    return found


async def _may_read(session: AsyncSession, account_id: UUID, task: Homework, now: datetime) -> bool:
    if await may(session, account_id, READ_CLASS, class_object(task.school_id, task.class_id), now):
        return True
    pupils = [
        diary.pupil.pupil_id
        for diary in await diaries_of(session, account_id, now)
        if diary.pupil.school_id == task.school_id
        and "homework" in diary.sections
        and (diary.pupil.left_on is None or task.due_on <= diary.pupil.left_on)
    ]
    if task.group_id is not None and not await was_any_in_group(
        session, task.school_id, pupils, task.group_id, task.due_on
    ):
        return False
    return await was_any_in_class(session, task.school_id, pupils, task.class_id, task.due_on)
