"""The teacher's desk over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from journal.access.actions import READ_CLASS
from journal.access.check import schools_of_staff
from journal.access.open_class import open_class
from journal.container import Wired
from journal.errors import LessonsPeriodRequired, SchoolClassNotFound, WeekUnknown
from journal.roster.queries import pupils_of_class, staff_of_account
from journal.timetable.answers import LessonOut
from journal.timetable.queries import lessons_of_teachers
from journal.weeks import Week
from shared.http import CurrentCaller, responses

router = APIRouter(tags=["lessons"])


class LessonsOut(BaseModel):
    """Lessons in order of date and number."""

    items: list[LessonOut]


class PupilOut(BaseModel):
    """A pupil as the register names it."""

    pupil_id: UUID
    surname: str
    given_name: str
    patronymic: str | None


class ClassOut(BaseModel):
    """A class and its pupils by surname."""

    class_id: UUID
    class_name: str
    pupils: list[PupilOut]


@router.get("/lessons", responses=responses(LessonsPeriodRequired, WeekUnknown))
async def get_own_lessons(
    caller: CurrentCaller,
    wired: Wired,
    day: Annotated[date | None, Query(alias="date", description="One day: 2026-11-23")] = None,
    week: Annotated[str | None, Query(description="One ISO week: 2026-W48", max_length=10)] = None,
) -> LessonsOut:
    """The caller's own lessons of one day or one week; none for those who do not teach.

    Substitutions are among them from both sides: lessons that the caller holds for another, and own ones that another
    holds (`teacher_id` tells which).
    """
    first, last = _period(day, week)
    async with wired.database.read() as session:
        schools = await schools_of_staff(session, caller.account_id, wired.database.clock())
        people = await staff_of_account(session, caller.account_id)
        teachers = [(one.school_id, one.person_id) for one in people if one.school_id in schools]
        found = await lessons_of_teachers(session, teachers, first, last)
    return LessonsOut(items=[LessonOut.of(one) for one in found])


@router.get("/classes/{class_id}/pupils", responses=responses(SchoolClassNotFound))
async def get_pupils_of_class(class_id: UUID, caller: CurrentCaller, wired: Wired) -> ClassOut:
    """The pupils of a class, for those who teach or lead it and for the school's direction."""
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_CLASS)
        found = await pupils_of_class(session, school_class)
    return ClassOut(
        class_id=school_class.class_id,
        class_name=school_class.name,
        pupils=[PupilOut.model_validate(one, from_attributes=True) for one in found],
    )


def _period(day: date | None, week: str | None) -> tuple[date, date]:
    if (day is None) == (week is None):
        raise LessonsPeriodRequired
    if day is not None:
        return day, day
    found = Week.asked(week or "")
    return found.monday, found.sunday
