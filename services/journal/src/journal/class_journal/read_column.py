"""A lesson's column for whoever holds the lesson: a substitute may not read the page (J-4, J-10)."""

from collections.abc import Mapping
from uuid import UUID

from journal.access.actions import HOLD_LESSON
from journal.class_journal.cells import cells_of_column
from journal.class_journal.desk import look_at_desk
from journal.class_journal.rules import Cell
from shared.db import UnitOfWork
from shared.http import VerifiedToken


async def read_column(uow: UnitOfWork, token: VerifiedToken, lesson_id: UUID) -> Mapping[UUID, Cell]:
    """What stands in the column, with the versions to write by.

    Raises:
        TokenInvalid, LessonNotFound, NotYourLesson: as `look_at_desk`.
    """
    async with uow.begin() as tx:
        return await cells_of_column(tx, await look_at_desk(tx, token, lesson_id, HOLD_LESSON))
