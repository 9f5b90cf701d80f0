"""What to bring, over HTTP."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.read_diary import read_diary
from journal.backpack.plan_backpack import plan_backpack
from journal.backpack.queries import ThingOfLesson, things_of_pupil
from journal.backpack.rules import Weight, weight_of
from journal.container import Wired
from journal.days import require_days
from journal.errors import DaysOutOfRange, LessonNotFound, NotYourLesson, PupilNotFound, StaleVersion
from journal.roster.queries import find_class
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["backpack"])

MOST_DAYS = 31


class ThingIn(Body):
    """Something to bring."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    grams: Annotated[int, Field(ge=0, le=10_000)]


class Plan(Body):
    """The whole list of a lesson; an empty one: nothing is needed."""

    version: Annotated[int, Field(ge=0, le=2**31 - 2)] = 0
    """Of the list that was seen; 0: there was none."""
    things: Annotated[list[ThingIn], Field(max_length=20)]


class WeightOut(Answer):
    """What the bag weighs, against the norm of the grade."""

    grams: int
    norm_grams: int
    over: bool

    @classmethod
    def of(cls, weight: Weight) -> Self:
        return cls(grams=weight.grams, norm_grams=weight.norm_grams, over=weight.over)


class PlannedOut(WeightOut):
    """What the class's bag of that day now weighs, and the list's version."""

    version: int


class ThingOut(Answer):
    """Something to bring, and for which lesson."""

    lesson_id: UUID
    number: int
    subject: str
    title: str
    grams: int

    @classmethod
    def of(cls, thing: ThingOfLesson) -> Self:
        return cls(
            lesson_id=thing.lesson_id,
            number=thing.number,
            subject=thing.subject_title,
            title=thing.title,
            grams=thing.grams,
        )


class DayBag(WeightOut):
    """The bag of one school day."""

    date: date
    things: list[ThingOut]


class BackpackOut(Answer):
    """The bags of some days; days with nothing to bring are left out."""

    days: list[DayBag]


@router.put("/lessons/{lesson_id}/backpack", responses=responses(LessonNotFound, NotYourLesson, StaleVersion))
async def put_plan(lesson_id: UUID, body: Plan, caller: CurrentCaller, wired: Wired) -> PlannedOut:
    """Say what to bring to a lesson; for its subject teacher."""
    things = [(thing.title, thing.grams) for thing in body.things]
    planned = await plan_backpack(wired.database.uow, caller, lesson_id, body.version, things)
    return PlannedOut(version=planned.version, **WeightOut.of(planned.weight).model_dump())


@router.get("/diaries/{pupil_id}/backpack", responses=responses(PupilNotFound, DaysOutOfRange))
async def get_backpack(
    pupil_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> BackpackOut:
    """What to pack for each day, and what it weighs (J-25)."""
    require_days(first, last, MOST_DAYS)
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        school_class = await find_class(session, diary.pupil.class_id)
        if "timetable" not in diary.sections or school_class is None:
            raise PupilNotFound
        last = min(last, diary.pupil.left_on or last)
        days = await things_of_pupil(session, diary.pupil, school_class, first, last)
    return BackpackOut(
        days=[
            DayBag(
                date=day,
                things=[ThingOut.of(thing) for thing in things],
                **WeightOut.of(weight_of(school_class.grade, things)).model_dump(),
            )
            for day, things in days.items()
        ]
    )
