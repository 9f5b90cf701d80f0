"""The teacher's desk over HTTP."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.actions import PLAN_LESSONS, READ_CLASS
from journal.access.check import schools_of_staff
from journal.access.open_class import open_class
from journal.container import Wired
from journal.errors import (
    LessonIsCancelled,
    LessonNotFound,
    LessonsPeriodRequired,
    NotYourLesson,
    PeriodClosed,
    SchoolClassNotFound,
    StaleVersion,
    WeekUnknown,
)
from journal.lessons.pupils_of_lesson import pupils_of_lesson
from journal.lessons.write_topic import write_topic
from journal.roster.groups import groups_of_class
from journal.roster.queries import Pupil, SchoolClass, pupils_of_class, staff_of_account
from journal.timetable.answers import LessonOut
from journal.timetable.queries import lessons_of_teachers
from journal.weeks import Week
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["lessons"])


class LessonsOut(Answer):
    """Lessons in order of date and number."""

    items: list[LessonOut]


class PupilOut(Answer):
    """A pupil as the register names it."""

    pupil_id: UUID
    surname: str
    given_name: str
    patronymic: str | None


class ClassOut(Answer):
    """A class and its pupils by surname."""

    class_id: UUID
    class_name: str
    pupils: list[PupilOut]

    @classmethod
    def of(cls, school_class: SchoolClass, pupils: list[Pupil]) -> Self:
        return cls(
            class_id=school_class.class_id,
            class_name=school_class.name,
            pupils=[PupilOut.model_validate(one, from_attributes=True) for one in pupils],
        )


class GroupOut(Answer):
    """A part of a class that learns a subject apart: the first English group."""

    group_id: UUID
    title: str
    subject_id: UUID
    ended: bool
    """Nothing is planned for it any more."""
    pupil_ids: list[UUID]


class GroupsOut(Answer):
    """The groups of a class by title."""

    items: list[GroupOut]


class ChangeLesson(Body):
    """What the lesson is about; empty: nothing is said."""

    version: Annotated[int, Field(ge=1, le=2**31 - 2)]
    """Of the lesson that was seen."""
    topic: Annotated[str, StringConstraints(max_length=300)]


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


@router.patch(
    "/lessons/{lesson_id}",
    responses=responses(LessonNotFound, NotYourLesson, LessonIsCancelled, PeriodClosed, StaleVersion),
)
async def patch_lesson(lesson_id: UUID, body: ChangeLesson, caller: CurrentCaller, wired: Wired) -> LessonOut:
    """Write what the lesson is about; for who holds it: its subject teacher, or the substitute."""
    return LessonOut.of(await write_topic(wired.database.uow, caller, lesson_id, body.version, body.topic))


@router.get("/lessons/{lesson_id}/pupils", responses=responses(LessonNotFound, NotYourLesson))
async def get_pupils_of_lesson(lesson_id: UUID, caller: CurrentCaller, wired: Wired) -> ClassOut:
    """Who sits in a lesson, for who holds it: a substitute knows the class for this lesson alone."""
    return ClassOut.of(*await pupils_of_lesson(wired.database.uow, caller, lesson_id))


@router.get("/classes/{class_id}/pupils", responses=responses(SchoolClassNotFound))
async def get_pupils_of_class(class_id: UUID, caller: CurrentCaller, wired: Wired) -> ClassOut:
    """The pupils of a class, for those who teach or lead it and for the school's direction."""
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_CLASS)
        found = await pupils_of_class(session, school_class)
    return ClassOut.of(school_class, found)


@router.get("/classes/{class_id}/groups", responses=responses(SchoolClassNotFound))
async def get_groups_of_class(class_id: UUID, caller: CurrentCaller, wired: Wired) -> GroupsOut:
    """The parts of a class that learn a subject apart, for its teachers and for those who plan."""
    async with wired.database.read() as session:
        now = wired.database.clock()
        school_class = await open_class(session, caller.account_id, class_id, now, READ_CLASS, PLAN_LESSONS)
        found = await groups_of_class(session, school_class.school_id, class_id)
    return GroupsOut(items=[GroupOut.model_validate(one, from_attributes=True) for one in found])


def _period(day: date | None, week: str | None) -> tuple[date, date]:
    if (day is None) == (week is None):
        raise LessonsPeriodRequired
    if day is not None:
        return day, day
    found = Week.asked(week or "")
    return found.monday, found.sunday
