"""The daily regime over HTTP."""

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints, model_validator

from journal.access.actions import PLAN_LESSONS, READ_CLASS
from journal.access.open_class import open_class
from journal.access.read_diary import read_diary
from journal.bells.rules import Ring, RingKind
from journal.bells.wall_time import WallTime
from journal.container import Wired
from journal.daily_regime.queries import ReadDay, day_of_pupil, regime_of_class
from journal.daily_regime.rules import ItemKind, Regime, RegimeItem
from journal.daily_regime.set_regime import set_regime
from journal.errors import NotYoursToPlan, PupilNotFound, SchoolClassNotFound, StaleVersion
from journal.roster.queries import find_class, find_school
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["daily regime"])


class RegimeItemIn(Body):
    """Something that a class does on a weekday besides lessons."""

    kind: ItemKind
    weekday: Annotated[int, Field(ge=1, le=7)]
    """1 is Monday."""
    starts_at: WallTime
    ends_at: WallTime
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """«Шахматы», «Разговоры о важном», «Прогулка»."""
    place: Annotated[str, StringConstraints(max_length=100)] = ""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("it ends before it starts")
        return self

    def item(self) -> RegimeItem:
        return RegimeItem(self.kind, self.weekday, self.starts_at, self.ends_at, self.title, self.place)


class RegimeIn(Body):
    """The whole regime of a class."""

    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    """Of the regime that was seen; 0: there was none."""
    items: Annotated[list[RegimeItemIn], Field(max_length=200)]


class ActivityOut(Answer):
    """What is done, where and when; times local to the school."""

    starts_at: time
    ends_at: time
    title: str
    place: str


class RegimeItemOut(ActivityOut):
    """Something that a class does on a weekday besides lessons."""

    kind: ItemKind
    weekday: int


class RegimeOut(Answer):
    """The regime of a class."""

    items: list[RegimeItemOut]
    version: int

    @classmethod
    def of(cls, regime: Regime) -> Self:
        return cls(
            items=[RegimeItemOut.model_validate(one, from_attributes=True) for one in regime.items],
            version=regime.version,
        )


class BellOut(Answer):
    """When a lesson is, and which one, if the class has one then."""

    number: int
    starts_at: time
    ends_at: time
    subject: str | None
    cancelled: bool


class BreakOut(Answer):
    """A break or a dynamic pause."""

    kind: RingKind
    starts_at: time
    ends_at: time
    minutes: int
    meal: str | None
    """«Завтрак», «обед»."""

    @classmethod
    def of(cls, ring: Ring) -> Self:
        return cls.model_validate(ring, from_attributes=True)


class DayRegimeOut(Answer):
    """A day at school: bells, breaks apart from them, and all that is besides lessons."""

    date: date
    school_day: bool
    bell_schedule: str | None
    """«Сокращённый день»."""
    bells: list[BellOut]
    breaks: list[BreakOut]
    dynamic_pauses: list[BreakOut]
    extracurricular: list[ActivityOut]
    clubs: list[ActivityOut]
    physical_activity: list[ActivityOut]
    meals: list[ActivityOut]
    walks: list[ActivityOut]

    @classmethod
    def of(cls, read: ReadDay) -> Self:
        lessons = {one.number: one for one in read.lessons}
        regime = read.regime

        def activities(kind: ItemKind) -> list[ActivityOut]:
            return [ActivityOut.model_validate(one, from_attributes=True) for one in regime.of_kind(kind)]

        return cls(
            date=read.day,
            school_day=read.school_day,
            bell_schedule=read.schedule.plan.name if read.schedule else None,
            bells=[
                BellOut(
                    number=ring.number or 0,
                    starts_at=ring.starts_at,
                    ends_at=ring.ends_at,
                    subject=lesson.subject_title if (lesson := lessons.get(ring.number or 0)) else None,
                    cancelled=lesson is not None and lesson.cancelled,
                )
                for ring in regime.bells
            ],
            breaks=[BreakOut.of(ring) for ring in regime.breaks if ring.kind == "break"],
            dynamic_pauses=[BreakOut.of(ring) for ring in regime.breaks if ring.kind == "dynamic_pause"],
            extracurricular=activities("extracurricular"),
            clubs=activities("club"),
            physical_activity=activities("physical_activity"),
            meals=activities("meal"),
            walks=activities("walk"),
        )


@router.get("/diaries/{pupil_id}/daily-regime", responses=responses(PupilNotFound))
async def get_day(
    pupil_id: UUID, caller: CurrentCaller, wired: Wired, day: Annotated[date, Query(alias="date")]
) -> DayRegimeOut:
    """«Режим пребывания» of a day (J-5), for everybody who may read the pupil's timetable."""
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        school_class = await find_class(session, diary.pupil.class_id)
        school = await find_school(session, diary.pupil.school_id)
        if "timetable" not in diary.sections or school_class is None or school is None:
            raise PupilNotFound
        return DayRegimeOut.of(await day_of_pupil(session, school, school_class, pupil_id, day))


@router.get("/classes/{class_id}/daily-regime", responses=responses(SchoolClassNotFound))
async def get_regime(class_id: UUID, caller: CurrentCaller, wired: Wired) -> RegimeOut:
    """What a class does besides lessons, for its teachers and for those who plan."""
    async with wired.database.read() as session:
        now = wired.database.clock()
        school_class = await open_class(session, caller.account_id, class_id, now, READ_CLASS, PLAN_LESSONS)
        return RegimeOut.of(await regime_of_class(session, school_class.school_id, class_id))


@router.put("/classes/{class_id}/daily-regime", responses=responses(SchoolClassNotFound, NotYoursToPlan, StaleVersion))
async def put_regime(class_id: UUID, body: RegimeIn, caller: CurrentCaller, wired: Wired) -> RegimeOut:
    """Write down what a class does besides lessons; for deputies, the director and the administrator."""
    items = [one.item() for one in body.items]
    return RegimeOut.of(await set_regime(wired.database.uow, caller, class_id, body.version, items))
