"""Bell schedules over HTTP."""

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.check import knows_school
from journal.bells.plan_bells import add_bells, change_bells, remove_bells
from journal.bells.queries import bells_of_school
from journal.bells.rules import BellPlan, BellSchedule, Ring, RingKind
from journal.bells.wall_time import WallTime
from journal.container import Wired
from journal.errors import (
    BellScheduleNotFound,
    BellSchedulesCompete,
    BellsRefused,
    NotYoursToPlan,
    SchoolNotFound,
    StaleVersion,
)
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["bells"])

Grade = Annotated[int, Field(ge=1, le=11)]
Version = Annotated[int, Field(ge=1, le=2**31 - 2)]


Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class RingIn(Body):
    """A lesson, a break or a dynamic pause. Breaks need not be named: what is between lessons is one."""

    kind: RingKind
    number: Annotated[int, Field(ge=0, le=15)] | None = None
    """Of a lesson."""
    starts_at: WallTime
    ends_at: WallTime
    meal: Name | None = None
    """«Завтрак», «обед»: the break is for it."""


class NewBells(Body):
    """A bell schedule of some grades in one shift."""

    name: Name
    shift: Annotated[int, Field(ge=1, le=3)] = 1
    first_grade: Grade
    last_grade: Grade
    starts_on: date
    ends_on: date
    days: Annotated[list[date], Field(min_length=1, max_length=100)] | None = None
    """On these days alone, and before any other schedule: shortened days. Not given: every day of the span."""
    rings: Annotated[list[RingIn], Field(min_length=1, max_length=40)]
    """In their order. Grade 1: 35-minute lessons until the new year, a dynamic pause of 40 minutes (J-5)."""

    def plan(self) -> BellPlan:
        rings = (Ring(one.kind, one.number, one.starts_at, one.ends_at, one.meal) for one in self.rings)
        return BellPlan(
            self.name,
            self.shift,
            self.first_grade,
            self.last_grade,
            self.starts_on,
            self.ends_on,
            None if self.days is None else frozenset(self.days),
            tuple(rings),
        )


class ChangedBells(NewBells):
    """The whole schedule as it shall be."""

    version: Version


class RingOut(Answer):
    """A lesson, a break or a dynamic pause; times local to the school."""

    kind: RingKind
    number: int | None
    starts_at: time
    ends_at: time
    meal: str | None


class BellScheduleOut(Answer):
    """A bell schedule as it stands."""

    bell_schedule_id: UUID
    name: str
    shift: int
    first_grade: int
    last_grade: int
    starts_on: date
    ends_on: date
    days: list[date] | None
    rings: list[RingOut]
    version: int

    @classmethod
    def of(cls, schedule: BellSchedule) -> Self:
        plan = schedule.plan
        return cls(
            bell_schedule_id=schedule.bell_schedule_id,
            name=plan.name,
            shift=plan.shift,
            first_grade=plan.first_grade,
            last_grade=plan.last_grade,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            days=None if plan.days is None else sorted(plan.days),
            rings=[RingOut.model_validate(ring, from_attributes=True) for ring in plan.rings],
            version=schedule.version,
        )


class BellSchedulesOut(Answer):
    """All bell schedules of a school."""

    items: list[BellScheduleOut]


_REFUSALS = (SchoolNotFound, NotYoursToPlan, BellsRefused, BellSchedulesCompete)


@router.get("/schools/{school_id}/bell-schedules", responses=responses(SchoolNotFound))
async def get_bells(school_id: UUID, caller: CurrentCaller, wired: Wired) -> BellSchedulesOut:
    """When the bells ring, for everybody who has to do with the school."""
    async with wired.database.read() as session:
        if not await knows_school(session, caller.account_id, school_id, wired.database.clock()):
            raise SchoolNotFound
        found = await bells_of_school(session, school_id)
    return BellSchedulesOut(items=[BellScheduleOut.of(one) for one in found])


@router.post("/schools/{school_id}/bell-schedules", status_code=201, responses=responses(*_REFUSALS))
async def post_bells(school_id: UUID, body: NewBells, caller: CurrentCaller, wired: Wired) -> BellScheduleOut:
    """Add a bell schedule; for deputies, the director and the administrator."""
    return BellScheduleOut.of(await add_bells(wired.database.uow, caller, school_id, body.plan()))


@router.put(
    "/schools/{school_id}/bell-schedules/{bell_schedule_id}",
    responses=responses(*_REFUSALS, BellScheduleNotFound, StaleVersion),
)
async def put_bells(
    school_id: UUID, bell_schedule_id: UUID, body: ChangedBells, caller: CurrentCaller, wired: Wired
) -> BellScheduleOut:
    """Replace a bell schedule; lessons keep their times until they are made again."""
    changed = await change_bells(wired.database.uow, caller, school_id, bell_schedule_id, body.version, body.plan())
    return BellScheduleOut.of(changed)


@router.delete(
    "/schools/{school_id}/bell-schedules/{bell_schedule_id}",
    status_code=204,
    responses=responses(SchoolNotFound, NotYoursToPlan, BellScheduleNotFound, StaleVersion),
)
async def delete_bells(
    school_id: UUID,
    bell_schedule_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    version: Annotated[int, Query(ge=1, le=2**31 - 2, description="The version that was seen")],
) -> None:
    """Remove a bell schedule; lessons that were made by it stay."""
    await remove_bells(wired.database.uow, caller, school_id, bell_schedule_id, version)
