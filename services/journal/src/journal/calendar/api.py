"""Periods, holidays and settings over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from journal.access.check import knows_school
from journal.calendar.answers import Kind, PeriodOut
from journal.calendar.change_settings import change_settings
from journal.calendar.plan_holidays import plan_holidays
from journal.calendar.plan_periods import plan_periods
from journal.calendar.queries import holidays_of_year, periods_of_year, settings_of_school, version_of_settings
from journal.calendar.rules import Holiday, PlannedPeriod, SchoolSettings
from journal.container import Wired
from journal.errors import (
    HolidaysRefused,
    NotYoursToPlan,
    PeriodClosed,
    PeriodInUse,
    PeriodsRefused,
    SchoolNotFound,
    StaleVersion,
    SubjectUnknown,
    ThresholdsOutOfOrder,
)
from journal.roster.queries import find_school
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["calendar"])

Grade = Annotated[int, Field(ge=1, le=11)]
Threshold = Annotated[Decimal, Field(ge=1, le=5, max_digits=3, decimal_places=2)]


class PeriodIn(Body):
    """A period of the grades from `first_grade` to `last_grade`."""

    kind: Kind
    first_grade: Grade
    last_grade: Grade
    number: Annotated[int, Field(ge=1, le=6)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """«I четверть»."""
    starts_on: date
    ends_on: date

    def planned(self) -> PlannedPeriod:
        return PlannedPeriod(
            self.kind, self.first_grade, self.last_grade, self.number, self.title, self.starts_on, self.ends_on
        )


class YearPlan(Body):
    """All periods of the present school year."""

    periods: Annotated[list[PeriodIn], Field(max_length=66)]


class PeriodsOut(Answer):
    """The periods of the present school year, by grades and days."""

    items: list[PeriodOut]


class HolidayIn(Body):
    """Days without lessons for the grades from `first_grade` to `last_grade`."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """«Осенние каникулы»."""
    first_grade: Grade = 1
    last_grade: Grade = 11
    starts_on: date
    ends_on: date

    def planned(self) -> Holiday:
        return Holiday(self.title, self.first_grade, self.last_grade, self.starts_on, self.ends_on)


class HolidayPlan(Body):
    """All holidays of the present school year; those of the country need not be named."""

    holidays: Annotated[list[HolidayIn], Field(max_length=100)]


class HolidayOut(Answer):
    """Days without lessons."""

    title: str
    first_grade: int
    last_grade: int
    starts_on: date
    ends_on: date


class HolidaysOut(Answer):
    """The holidays of the present school year, by days."""

    items: list[HolidayOut]

    @classmethod
    def of(cls, found: list[Holiday]) -> Self:
        return cls(items=[HolidayOut.model_validate(one, from_attributes=True) for one in found])


class SettingsOut(Answer):
    """By what a school keeps its journal."""

    edit_window_days: int
    """How long a mark is corrected without giving a reason."""
    threshold_five: Decimal
    threshold_four: Decimal
    threshold_three: Decimal
    """The weighted average from which on a mark is proposed."""
    minimum_marks: int
    """How many marks a period mark needs."""
    point_reminder_days: int
    """How long before its due date a family is reminded of a point."""
    unmarked_subjects: list[UUID]
    """Subjects on the timetable in which no marks are set, such as «Классный час»: a mark there is refused, and reports
    and anomalies miss none."""
    version: int
    """0: the school keeps to the defaults."""

    @classmethod
    def of(cls, settings: SchoolSettings, version: int) -> Self:
        return cls(
            edit_window_days=settings.edit_window_days,
            threshold_five=settings.threshold_five,
            threshold_four=settings.threshold_four,
            threshold_three=settings.threshold_three,
            minimum_marks=settings.minimum_marks,
            point_reminder_days=settings.point_reminder_days,
            unmarked_subjects=list(settings.unmarked_subjects),
            version=version,
        )


class ChangeSettings(Body):
    """What is not named stays as it is."""

    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    edit_window_days: Annotated[int, Field(ge=0, le=365)] | None = None
    threshold_five: Threshold | None = None
    threshold_four: Threshold | None = None
    threshold_three: Threshold | None = None
    minimum_marks: Annotated[int, Field(ge=1, le=50)] | None = None
    point_reminder_days: Annotated[int, Field(ge=0, le=30)] | None = None
    unmarked_subjects: Annotated[list[UUID], Field(max_length=100)] | None = None
    """All subjects in which no marks are set; an empty list: there are marks in every subject again. Marks that stand
    already stay, and can be taken back."""

    def changes(self) -> dict[str, Any]:
        """Fields of `SchoolSettings` by name."""
        named = self.model_dump(exclude={"version", "unmarked_subjects"}, exclude_none=True)
        if self.unmarked_subjects is not None:
            named["unmarked_subjects"] = tuple(dict.fromkeys(self.unmarked_subjects))
        return named


@router.get("/schools/{school_id}/periods", responses=responses(SchoolNotFound))
async def get_periods(school_id: UUID, caller: CurrentCaller, wired: Wired) -> PeriodsOut:
    """The periods of the present school year, for everybody who has to do with the school."""
    async with wired.database.read() as session:
        school = await find_school(session, school_id)
        if school is None or not await knows_school(session, caller.account_id, school_id, wired.database.clock()):
            raise SchoolNotFound
        found = await periods_of_year(session, school_id, school.year_starts_on)
    return PeriodsOut(items=[PeriodOut.of(period) for period in found])


@router.put(
    "/schools/{school_id}/periods",
    responses=responses(SchoolNotFound, NotYoursToPlan, PeriodsRefused, PeriodClosed, PeriodInUse),
)
async def put_periods(school_id: UUID, body: YearPlan, caller: CurrentCaller, wired: Wired) -> PeriodsOut:
    """Plan the whole year: what is not in the plan goes. For deputies and the director."""
    plan = [period.planned() for period in body.periods]
    found = await plan_periods(wired.database.uow, caller, school_id, plan)
    return PeriodsOut(items=[PeriodOut.of(period) for period in found])


@router.get("/schools/{school_id}/holidays", responses=responses(SchoolNotFound))
async def get_holidays(school_id: UUID, caller: CurrentCaller, wired: Wired) -> HolidaysOut:
    """The school's own holidays of the present year, for everybody who has to do with the school."""
    async with wired.database.read() as session:
        school = await find_school(session, school_id)
        if school is None or not await knows_school(session, caller.account_id, school_id, wired.database.clock()):
            raise SchoolNotFound
        found = await holidays_of_year(session, school_id, school.year_starts_on)
    return HolidaysOut.of(found)


@router.put(
    "/schools/{school_id}/holidays",
    responses=responses(SchoolNotFound, NotYoursToPlan, HolidaysRefused),
)
async def put_holidays(school_id: UUID, body: HolidayPlan, caller: CurrentCaller, wired: Wired) -> HolidaysOut:
    """Plan the holidays of the whole year: no lessons are made on them. For deputies and the director."""
    plan = [one.planned() for one in body.holidays]
    return HolidaysOut.of(await plan_holidays(wired.database.uow, caller, school_id, plan))


@router.get("/schools/{school_id}/settings", responses=responses(SchoolNotFound))
async def get_settings(school_id: UUID, caller: CurrentCaller, wired: Wired) -> SettingsOut:
    """By what the school keeps its journal, for everybody who has to do with the school."""
    async with wired.database.read() as session:
        if not await knows_school(session, caller.account_id, school_id, wired.database.clock()):
            raise SchoolNotFound
        settings = await settings_of_school(session, school_id)
        return SettingsOut.of(settings, await version_of_settings(session, school_id))


@router.patch(
    "/schools/{school_id}/settings",
    responses=responses(SchoolNotFound, NotYoursToPlan, StaleVersion, ThresholdsOutOfOrder, SubjectUnknown),
)
async def patch_settings(school_id: UUID, body: ChangeSettings, caller: CurrentCaller, wired: Wired) -> SettingsOut:
    """Set by what the journal is kept; for deputies and the director."""
    found = await change_settings(wired.database.uow, caller, school_id, body.version, body.changes())
    return SettingsOut.of(*found)
