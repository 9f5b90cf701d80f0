"""Substitutions and cancelled lessons over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.actions import CHANGE_LESSONS
from journal.access.check import may
from journal.container import Wired
from journal.days import require_days
from journal.errors import (
    DaysOutOfRange,
    LessonHasEntries,
    LessonIsCancelled,
    LessonNotCancelled,
    LessonNotFound,
    LessonNotSubstituted,
    LessonsClash,
    NotYoursToPlan,
    PeriodClosed,
    RoomUnknown,
    SchoolNotFound,
    StaleVersion,
    TeacherUnknown,
)
from journal.substitutions.cancel_lesson import cancel_lesson, reinstate_lesson
from journal.substitutions.substitute import restore, substitute
from journal.timetable.answers import LessonOut
from journal.timetable.queries import changed_lessons
from shared.access import Object
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["substitutions"])

Version = Annotated[int, Field(ge=1, le=2**31 - 2)]
SeenVersion = Annotated[int, Query(ge=1, le=2**31 - 2, description="The version of the lesson that was seen")]
_NOT_YOURS = (LessonNotFound, NotYoursToPlan, StaleVersion, PeriodClosed)


class Substitution(Body):
    """Who holds the lesson instead, and where; what is not named is as planned."""

    version: Version
    """Of the lesson that was seen."""
    teacher_id: UUID | None = None
    room: Annotated[str, StringConstraints(max_length=50)] | None = None


class Cancellation(Body):
    """Why the lesson is not held. Families read it: no names, no illnesses."""

    version: Version
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class ChangesOut(Answer):
    """Lessons that are held otherwise than planned, or not at all, by day and number."""

    items: list[LessonOut]


@router.put(
    "/lessons/{lesson_id}/substitution",
    responses=responses(*_NOT_YOURS, LessonIsCancelled, TeacherUnknown, RoomUnknown, LessonsClash),
)
async def put_substitution(lesson_id: UUID, body: Substitution, caller: CurrentCaller, wired: Wired) -> LessonOut:
    """Let another teacher hold a lesson, or hold it in another room; who was planned stays written down.

    The substitute keeps marks and attendance of this lesson. For deputies, the director and the administrator.
    """
    return LessonOut.of(
        await substitute(wired.database.uow, caller, lesson_id, body.version, body.teacher_id, body.room)
    )


@router.delete(
    "/lessons/{lesson_id}/substitution", responses=responses(*_NOT_YOURS, LessonNotSubstituted, LessonsClash)
)
async def delete_substitution(lesson_id: UUID, caller: CurrentCaller, wired: Wired, version: SeenVersion) -> LessonOut:
    """Take a substitution back."""
    return LessonOut.of(await restore(wired.database.uow, caller, lesson_id, version))


@router.put("/lessons/{lesson_id}/cancellation", responses=responses(*_NOT_YOURS, LessonIsCancelled, LessonHasEntries))
async def put_cancellation(lesson_id: UUID, body: Cancellation, caller: CurrentCaller, wired: Wired) -> LessonOut:
    """Cancel a lesson. It stays in the timetable, marked as cancelled, and takes no marks."""
    return LessonOut.of(await cancel_lesson(wired.database.uow, caller, lesson_id, body.version, body.reason))


@router.delete("/lessons/{lesson_id}/cancellation", responses=responses(*_NOT_YOURS, LessonNotCancelled, LessonsClash))
async def delete_cancellation(lesson_id: UUID, caller: CurrentCaller, wired: Wired, version: SeenVersion) -> LessonOut:
    """Bring a cancelled lesson back."""
    return LessonOut.of(await reinstate_lesson(wired.database.uow, caller, lesson_id, version))


@router.get("/schools/{school_id}/lesson-changes", responses=responses(SchoolNotFound, DaysOutOfRange))
async def get_changes(
    school_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> ChangesOut:
    """The substitutions and cancelled lessons of some days, for those who plan lessons."""
    require_days(first, last)
    async with wired.database.read() as session:
        school = Object("school", school_id)
        if not await may(session, caller.account_id, CHANGE_LESSONS, school, wired.database.clock()):
            raise SchoolNotFound
        found = await changed_lessons(session, school_id, first, last)
    return ChangesOut(items=[LessonOut.of(one) for one in found])
