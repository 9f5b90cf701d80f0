"""Weekly timetables over HTTP, and making lessons from them."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.actions import PLAN_LESSONS, READ_CLASS
from journal.access.open_class import open_class
from journal.container import Wired
from journal.errors import (
    BellsMissing,
    DateOutsideYear,
    DaysOutOfRange,
    LessonsClash,
    NotYoursToPlan,
    SchoolClassNotFound,
    SchoolNotFound,
    StaleVersion,
    WeeklyTimetableNotFound,
    WeeklyTimetableRefused,
    WeeklyTimetablesOverlap,
)
from journal.weekly_timetable.make_lessons import make_lessons
from journal.weekly_timetable.plan_week import add_week, change_week, remove_week
from journal.weekly_timetable.queries import timetables_of_class
from journal.weekly_timetable.rules import WeeklyLesson, WeeklyTimetable, WeekPlan
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["weekly timetable"])

Version = Annotated[int, Field(ge=1, le=2**31 - 2)]


class WeeklyLessonIn(Body):
    """A lesson of each week."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    """1 is Monday."""
    number: Annotated[int, Field(ge=0, le=15)]
    subject_id: UUID
    teacher_id: UUID
    room: Annotated[str, StringConstraints(max_length=50)] = ""
    group_id: UUID | None = None
    """The part of the class that it is for; null: all of it."""


class NewWeek(Body):
    """The week of a class from a day to a day."""

    shift: Annotated[int, Field(ge=1, le=3)] = 1
    starts_on: date
    ends_on: date
    lessons: Annotated[list[WeeklyLessonIn], Field(max_length=100)]

    def plan(self) -> WeekPlan:
        lessons = (
            WeeklyLesson(one.weekday, one.number, one.subject_id, one.teacher_id, one.room, one.group_id)
            for one in self.lessons
        )
        return WeekPlan(self.shift, self.starts_on, self.ends_on, tuple(lessons))


class ChangedWeek(NewWeek):
    """The whole week as it shall be."""

    version: Version


class WeeklyLessonOut(Answer):
    """A lesson of each week."""

    weekday: int
    number: int
    subject_id: UUID
    teacher_id: UUID
    room: str
    group_id: UUID | None


class WeeklyTimetableOut(Answer):
    """A weekly timetable as it stands."""

    weekly_timetable_id: UUID
    class_id: UUID
    class_name: str
    shift: int
    starts_on: date
    ends_on: date
    lessons: list[WeeklyLessonOut]
    version: int

    @classmethod
    def of(cls, timetable: WeeklyTimetable) -> Self:
        plan = timetable.plan
        return cls(
            weekly_timetable_id=timetable.weekly_timetable_id,
            class_id=timetable.class_id,
            class_name=timetable.class_name,
            shift=plan.shift,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            lessons=[WeeklyLessonOut.model_validate(one, from_attributes=True) for one in plan.lessons],
            version=timetable.version,
        )


class WeeklyTimetablesOut(Answer):
    """The weekly timetables of a class by their first day."""

    items: list[WeeklyTimetableOut]


class MakeLessons(Body):
    """The days whose lessons are made."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


class MadeOut(Answer):
    """What became of the lessons."""

    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int
    """Otherwise than the timetable asks, but in use, over, or from a file."""


_REFUSALS = (SchoolClassNotFound, NotYoursToPlan, WeeklyTimetableRefused, WeeklyTimetablesOverlap)


@router.get("/classes/{class_id}/weekly-timetables", responses=responses(SchoolClassNotFound))
async def get_weeks(class_id: UUID, caller: CurrentCaller, wired: Wired) -> WeeklyTimetablesOut:
    """The weekly timetables of a class, for its teachers and for those who plan."""
    async with wired.database.read() as session:
        now = wired.database.clock()
        school_class = await open_class(session, caller.account_id, class_id, now, READ_CLASS, PLAN_LESSONS)
        found = await timetables_of_class(session, school_class.school_id, class_id)
    return WeeklyTimetablesOut(items=[WeeklyTimetableOut.of(one) for one in found])


@router.post("/classes/{class_id}/weekly-timetables", status_code=201, responses=responses(*_REFUSALS))
async def post_week(class_id: UUID, body: NewWeek, caller: CurrentCaller, wired: Wired) -> WeeklyTimetableOut:
    """Give a class a weekly timetable; for deputies, the director and the administrator."""
    return WeeklyTimetableOut.of(await add_week(wired.database.uow, caller, class_id, body.plan()))


@router.put(
    "/classes/{class_id}/weekly-timetables/{weekly_timetable_id}",
    responses=responses(*_REFUSALS, WeeklyTimetableNotFound, StaleVersion),
)
async def put_week(
    class_id: UUID, weekly_timetable_id: UUID, body: ChangedWeek, caller: CurrentCaller, wired: Wired
) -> WeeklyTimetableOut:
    """Replace a weekly timetable; lessons follow when they are made again."""
    changed = await change_week(wired.database.uow, caller, class_id, weekly_timetable_id, body.version, body.plan())
    return WeeklyTimetableOut.of(changed)


@router.delete(
    "/classes/{class_id}/weekly-timetables/{weekly_timetable_id}",
    status_code=204,
    responses=responses(SchoolClassNotFound, NotYoursToPlan, WeeklyTimetableNotFound, StaleVersion),
)
async def delete_week(
    class_id: UUID,
    weekly_timetable_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    version: Annotated[int, Query(ge=1, le=2**31 - 2, description="The version that was seen")],
) -> None:
    """Remove a weekly timetable; its lessons go when lessons are made again, except those in use."""
    await remove_week(wired.database.uow, caller, class_id, weekly_timetable_id, version)


@router.post(
    "/schools/{school_id}/lessons/generate",
    responses=responses(SchoolNotFound, NotYoursToPlan, DaysOutOfRange, DateOutsideYear, BellsMissing, LessonsClash),
)
async def post_generate(school_id: UUID, body: MakeLessons, caller: CurrentCaller, wired: Wired) -> MadeOut:
    """Make the lessons of some days from the weekly timetables; again it changes nothing.

    What people put into lessons stays. A clash of teacher, room or class is named, and nothing is made.
    """
    made = await make_lessons(wired.database.uow, caller, school_id, body.first, body.last)
    return MadeOut.model_validate(made, from_attributes=True)
