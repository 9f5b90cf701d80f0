"""The history of a cell over HTTP."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter

from journal.access.actions import READ_JOURNAL
from journal.access.check import may
from journal.class_journal.cell_history import Stood, Then, What, history_of_cell
from journal.container import Wired
from journal.errors import LessonNotFound
from journal.roster.queries import class_object
from journal.timetable.queries import find_lesson
from shared.http import Answer, CurrentCaller, responses

router = APIRouter(tags=["class journal"])


class StoodOut(Answer):
    """One version of a mark, an absence or a point, and what became of it."""

    what: What
    id: UUID | None
    """Of the mark or point; versions of the same one have the same."""
    version: int
    value: str
    """Of a mark; of an absence or a point its kind."""
    control_form: str | None
    due_on: date | None
    minutes: int | None
    absence_reason: str | None
    comment: str | None
    author: str
    written_at: datetime
    then: Then | None
    """Null: it stands."""
    by: str | None
    """Null: nobody did, its time was over."""
    at: datetime | None
    because: str | None
    """The reason that was given; of points that ended by themselves `due_date` or `period_end`."""

    @classmethod
    def of(cls, stood: Stood) -> Self:
        return cls.model_validate(stood, from_attributes=True)


class CellHistoryOut(Answer):
    """All versions in the order they were written."""

    items: list[StoodOut]


@router.get("/lessons/{lesson_id}/pupils/{pupil_id}/history", responses=responses(LessonNotFound))
async def get_history(lesson_id: UUID, pupil_id: UUID, caller: CurrentCaller, wired: Wired) -> CellHistoryOut:
    """What ever stood in a cell, who wrote and replaced it and why (J-11); for who may read the page."""
    async with wired.database.read() as session:
        lesson = await find_lesson(session, lesson_id)
        if lesson is None:
            raise LessonNotFound
        place = class_object(lesson.school_id, lesson.class_id, lesson.subject_id)
        if not await may(session, caller.account_id, READ_JOURNAL, place, wired.database.clock()):
            raise LessonNotFound
        found = await history_of_cell(session, lesson, pupil_id)
    return CellHistoryOut(items=[StoodOut.of(one) for one in found])
