"""Reports for deputies and the director over HTTP (J-33)."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import READ_COMPLETENESS
from journal.access.check import may
from journal.container import Container, Wired
from journal.days import require_days
from journal.errors import DaysOutOfRange, SchoolNotFound
from journal.reports.completeness import (
    Counts,
    Scope,
    completeness_by_teacher,
    count_lessons,
    incomplete_lessons,
)
from journal.reports.regularity import crowded_days, subjects_without_marks
from journal.roster.queries import School, find_school
from shared.access import Object
from shared.http import Answer, Caller, CurrentCaller, InvalidCursor, Page, PageQuery, cursor_of, responses

router = APIRouter(tags=["reports"])

First = Annotated[date, Query(alias="from")]
Last = Annotated[date, Query(alias="to")]
OfClass = Annotated[UUID | None, Query(alias="class", description="Only this class")]
OfTeacherQuery = Annotated[UUID | None, Query(alias="teacher", description="Only this teacher's lessons")]


class CountsOut(Answer):
    """Lessons that were held, and in how many something is missing."""

    lessons: int
    without_topic: int
    without_homework: int
    """Nothing was due in them."""
    without_attendance: int
    """Nobody looked the class over."""

    @classmethod
    def of(cls, counts: Counts) -> Self:
        return cls.model_validate(counts, from_attributes=True)


class OfTeacherOut(CountsOut):
    """One subject in one class, as one teacher keeps it."""

    class_id: UUID
    class_name: str
    subject_id: UUID
    subject: str
    teacher_id: UUID
    teacher: str


class CompletenessOut(Answer):
    """The whole, and its parts by class and subject; `next` is the `after` of the next page."""

    total: CountsOut
    items: list[OfTeacherOut]
    next: str | None


class IncompleteLessonOut(Answer):
    """A lesson in which something is missing."""

    model_config = ConfigDict(from_attributes=True)

    lesson_id: UUID
    date: date
    number: int
    class_id: UUID
    class_name: str
    group_title: str | None
    """Of the part of the class that it was for; null: all of it."""
    subject_id: UUID
    subject: str
    teacher_id: UUID
    teacher: str
    missing: list[Literal["topic", "homework", "attendance"]]


class WithoutMarksOut(Answer):
    """A subject that a class, or a group of it, had lessons of, and nobody got a mark."""

    model_config = ConfigDict(from_attributes=True)

    class_id: UUID
    class_name: str
    subject_id: UUID
    subject: str
    group_title: str | None
    """The part of the class that had the lessons; null: all of it."""
    lessons: int
    last_mark_on: date | None


class WorkOut(Answer):
    """A control work of a class."""

    model_config = ConfigDict(from_attributes=True)

    lesson_id: UUID
    number: int
    subject: str
    control_form: str
    pupils: int
    planned: bool
    """No mark stands yet: there are only points."""


class CrowdedDayOut(Answer):
    """A day on which a class has more than one control work."""

    model_config = ConfigDict(from_attributes=True)

    date: date
    class_id: UUID
    class_name: str
    works: list[WorkOut]


@router.get("/schools/{school_id}/reports/completeness", responses=responses(SchoolNotFound, DaysOutOfRange))
async def get_completeness(
    school_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    paging: PageQuery,
    first: First,
    last: Last,
    class_id: OfClass = None,
    teacher_id: OfTeacherQuery = None,
    gaps: Annotated[bool, Query(description="Only where something is missing")] = False,
) -> CompletenessOut:
    """Held lessons without topic, homework or attendance, by class and subject; for deputies and the director."""
    require_days(first, last)
    after = paging.position(int, str, str, UUID, UUID, UUID)
    async with wired.database.read() as session:
        school = await _school(session, wired, caller, school_id)
        scope = Scope.of(school, first, last, wired.database.clock(), class_id, teacher_id)
        total = await count_lessons(session, scope)
        found = await completeness_by_teacher(session, scope, after, paging.limit + 1, gaps=gaps)
    shown = found[: paging.limit]
    return CompletenessOut(
        total=CountsOut.of(total),
        items=[
            OfTeacherOut(
                **CountsOut.of(one.counts).model_dump(),
                class_id=one.class_id,
                class_name=one.class_name,
                subject_id=one.subject_id,
                subject=one.subject,
                teacher_id=one.teacher_id,
                teacher=one.teacher,
            )
            for one in shown
        ],
        next=cursor_of(*shown[-1].position) if len(found) > paging.limit else None,
    )


@router.get("/schools/{school_id}/reports/incomplete-lessons", responses=responses(SchoolNotFound, DaysOutOfRange))
async def get_incomplete_lessons(
    school_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    paging: PageQuery,
    first: First,
    last: Last,
    class_id: OfClass = None,
    teacher_id: OfTeacherQuery = None,
    missing: Annotated[
        Literal["topic", "homework", "attendance"] | None, Query(description="Only those without this")
    ] = None,
) -> Page[IncompleteLessonOut]:
    """Held lessons in which something is missing, the oldest first; for deputies and the director."""
    require_days(first, last)
    after = paging.position(_date, int, UUID)
    async with wired.database.read() as session:
        school = await _school(session, wired, caller, school_id)
        scope = Scope.of(school, first, last, wired.database.clock(), class_id, teacher_id)
        found = await incomplete_lessons(session, scope, missing, after, paging.limit + 1)
    shown = found[: paging.limit]
    return Page(
        items=[IncompleteLessonOut.model_validate(one) for one in shown],
        next=cursor_of(shown[-1].date.isoformat(), shown[-1].number, str(shown[-1].lesson_id))
        if len(found) > paging.limit
        else None,
    )


@router.get("/schools/{school_id}/reports/without-marks", responses=responses(SchoolNotFound))
async def get_without_marks(
    school_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    paging: PageQuery,
    days: Annotated[int, Query(ge=1, le=120, description="How many, with today")] = 14,
    class_id: OfClass = None,
) -> Page[WithoutMarksOut]:
    """Subjects of classes that had lessons in the last days and no mark in any; for deputies and the director."""
    after = paging.position(int, str, str, UUID, UUID, UUID)
    async with wired.database.read() as session:
        school = await _school(session, wired, caller, school_id)
        found = await subjects_without_marks(
            session,
            school_id,
            school.today(wired.database.clock()),
            days,
            school.year_starts_on,
            class_id=class_id,
            after=after,
            limit=paging.limit + 1,
        )
    shown = found[: paging.limit]
    return Page(
        items=[WithoutMarksOut.model_validate(one) for one in shown],
        next=cursor_of(*shown[-1].position) if len(found) > paging.limit else None,
    )


@router.get("/schools/{school_id}/reports/crowded-days", responses=responses(SchoolNotFound, DaysOutOfRange))
async def get_crowded_days(
    school_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    paging: PageQuery,
    first: First,
    last: Last,
    class_id: OfClass = None,
) -> Page[CrowdedDayOut]:
    """Days with more than one control work of a class, written or planned; for deputies and the director."""
    require_days(first, last)
    after = paging.position(_date, str, UUID)
    async with wired.database.read() as session:
        await _school(session, wired, caller, school_id)
        found = await crowded_days(
            session, school_id, first, last, class_id=class_id, after=after, limit=paging.limit + 1
        )
    shown = found[: paging.limit]
    return Page(
        items=[CrowdedDayOut.model_validate(one) for one in shown],
        next=cursor_of(shown[-1].date.isoformat(), shown[-1].class_name, str(shown[-1].class_id))
        if len(found) > paging.limit
        else None,
    )


async def _school(session: AsyncSession, wired: Container, caller: Caller, school_id: UUID) -> School:
    school = await find_school(session, school_id)
    if school is None or not await may(
        session, caller.account_id, READ_COMPLETENESS, Object("school", school_id), wired.database.clock()
    ):
        raise SchoolNotFound
    return school


def _date(value: object) -> date:
    if not isinstance(value, str):
        raise InvalidCursor
    return date.fromisoformat(value)
