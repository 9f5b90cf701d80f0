"""Behaviour over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.actions import READ_CLASS
from journal.access.open_class import open_class
from journal.access.read_diary import read_diary
from journal.behaviour.queries import Note, notes_of_class, notes_of_pupil
from journal.behaviour.write_note import Place, erase_note, write_note
from journal.container import Wired
from journal.days import require_days
from journal.errors import (
    DateOutsideYear,
    DaysOutOfRange,
    NotYourLesson,
    PupilNotFound,
    PupilNotInClass,
    SchoolClassNotFound,
    StaleVersion,
    WeekUnknown,
)
from journal.roster.queries import find_school
from journal.weeks import Week
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["behaviour"])

Rating = Literal["exemplary", "good", "uneven", "poor"]
MAX_WEEKS = 53


class WriteNote(Body):
    """What is said of a pupil's week."""

    subject_id: UUID | None = None
    """The own subject; null: the whole week, said by the class teacher."""
    rating: Rating
    """Примерное, хорошее, неровное, неудовлетворительное."""
    note: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    version: Annotated[int, Field(ge=0, le=2**31 - 2)] = 0
    """Of the note that was seen; 0: there was none."""


class NoteOut(Answer):
    """A note as it stands."""

    week: str
    monday: date
    subject_id: UUID | None
    subject: str | None
    rating: Rating
    note: str | None
    author: str
    written_at: datetime
    version: int

    @classmethod
    def of(cls, note: Note, **more: object) -> Self:
        return cls.model_validate(
            {
                "week": str(Week(note.monday)),
                "monday": note.monday,
                "subject_id": note.subject_id,
                "subject": note.subject_title,
                "rating": note.rating,
                "note": note.note,
                "author": note.author_name,
                "written_at": note.written_at,
                "version": note.version,
                **more,
            }
        )


class NoteOfClassOut(NoteOut):
    """A note, and on whom."""

    pupil_id: UUID


class NotesOfClassOut(Answer):
    """What was said of a class's pupils in one week."""

    items: list[NoteOfClassOut]


class NotesOut(Answer):
    """What was said of one pupil."""

    items: list[NoteOut]


class VersionOut(Answer):
    """The note's version, to be sent with the next change."""

    version: int


@router.put(
    "/classes/{class_id}/pupils/{pupil_id}/behaviour/{week}",
    responses=responses(
        SchoolClassNotFound, NotYourLesson, PupilNotInClass, StaleVersion, WeekUnknown, DateOutsideYear
    ),
)
async def put_note(
    class_id: UUID, pupil_id: UUID, week: str, body: WriteNote, caller: CurrentCaller, wired: Wired
) -> VersionOut:
    """Say how a pupil behaved in a week; for subject teachers and the class teacher."""
    place = Place(class_id, pupil_id, Week.asked(week), body.subject_id)
    return VersionOut(version=await write_note(wired.database.uow, caller, place, body.rating, body.note, body.version))


@router.delete(
    "/classes/{class_id}/pupils/{pupil_id}/behaviour/{week}",
    status_code=204,
    responses=responses(SchoolClassNotFound, NotYourLesson, StaleVersion, WeekUnknown),
)
async def delete_note(
    class_id: UUID,
    pupil_id: UUID,
    week: str,
    caller: CurrentCaller,
    wired: Wired,
    version: Annotated[int, Query(ge=0, le=2**31 - 2)],
    subject: UUID | None = None,
) -> None:
    """Take a note back."""
    await erase_note(wired.database.uow, caller, Place(class_id, pupil_id, Week.asked(week), subject), version)


@router.get("/classes/{class_id}/behaviour/{week}", responses=responses(SchoolClassNotFound, WeekUnknown))
async def get_notes_of_class(class_id: UUID, week: str, caller: CurrentCaller, wired: Wired) -> NotesOfClassOut:
    """All notes on a class's pupils in one week, for its teachers and the school's direction."""
    wanted = Week.asked(week)
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_CLASS)
        notes = await notes_of_class(session, school_class, wanted.monday)
    return NotesOfClassOut(items=[NoteOfClassOut.of(note, pupil_id=note.pupil_id) for note in notes])


@router.get("/diaries/{pupil_id}/behaviour", responses=responses(PupilNotFound, WeekUnknown, DaysOutOfRange))
async def get_notes_of_pupil(
    pupil_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    first: Annotated[str, Query(alias="from", description="2026-W45", max_length=10)],
    last: Annotated[str, Query(alias="to", description="2026-W48", max_length=10)],
) -> NotesOut:
    """What was said of a pupil in past weeks; the present one appears on its Friday. Not for trusted persons (D-7)."""
    weeks = Week.asked(first), Week.asked(last)
    require_days(weeks[0].monday, weeks[1].sunday, 7 * MAX_WEEKS)
    async with wired.database.read() as session:
        now = wired.database.clock()
        diary = await read_diary(session, wired, caller, pupil_id)
        if diary.decision.relation == "trusted":
            raise PupilNotFound
        school = await find_school(session, diary.pupil.school_id)
        notes = await notes_of_pupil(session, diary.pupil.school_id, pupil_id, weeks[0].monday, weeks[1].monday)
    today = school.today(now) if school else now.date()
    return NotesOut(items=[NoteOut.of(note) for note in notes if Week(note.monday).may_be_judged(today)])
