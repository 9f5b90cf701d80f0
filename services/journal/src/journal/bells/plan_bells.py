"""Set when the bells ring (J-4, J-5): deputies, the director, the school's administrator."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update

from journal.access.actions import PLAN_LESSONS
from journal.bells.queries import bells_of_school
from journal.bells.rules import BellPlan, BellSchedule, faults_of
from journal.bells.tables import bell_days, bell_rings, bell_schedules
from journal.calendar.authority import hold_school
from journal.errors import BellScheduleNotFound, BellSchedulesCompete, BellsRefused, StaleVersion
from journal.roster.queries import School
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def add_bells(uow: UnitOfWork, caller: Caller, school_id: UUID, plan: BellPlan) -> BellSchedule:
    """Add a bell schedule.

    Raises:
        SchoolNotFound, NotYoursToPlan: not the caller's.
        BellsRefused: the schedule contradicts itself, the year or the norms; all faults are named.
        BellSchedulesCompete: a class could not tell which of two to follow.
    """
    async with uow.begin() as tx:
        school = await hold_school(tx, caller, school_id, PLAN_LESSONS)
        _check(plan, school, await bells_of_school(tx.session, school_id))
        schedule = BellSchedule(school_id, tx.new_id(), 1, plan)
        row = {"school_id": school_id, "bell_schedule_id": schedule.bell_schedule_id, **_columns(plan)}
        await tx.session.execute(insert(bell_schedules).values(row))
        await _write_rings(tx, schedule)
        return schedule


async def change_bells(
    uow: UnitOfWork, caller: Caller, school_id: UUID, bell_schedule_id: UUID, version: int, plan: BellPlan
) -> BellSchedule:
    """Replace a bell schedule. Lessons that were made by it keep their times until they are made again.

    Raises:
        SchoolNotFound, NotYoursToPlan, BellScheduleNotFound: not there, or not the caller's.
        StaleVersion: somebody changed it in between.
        BellsRefused, BellSchedulesCompete: see `add_bells`.
    """
    async with uow.begin() as tx:
        school = await hold_school(tx, caller, school_id, PLAN_LESSONS)
        others = await _others(tx, school_id, bell_schedule_id, version)
        _check(plan, school, others)
        schedule = BellSchedule(school_id, bell_schedule_id, version + 1, plan)
        await tx.session.execute(
            update(bell_schedules)
            .where(bell_schedules.c.school_id == school_id, bell_schedules.c.bell_schedule_id == bell_schedule_id)
            .values(**_columns(plan), version=schedule.version)
        )
        for table in (bell_rings, bell_days):
            await tx.session.execute(
                delete(table).where(table.c.school_id == school_id, table.c.bell_schedule_id == bell_schedule_id)
            )
        await _write_rings(tx, schedule)
        return schedule


async def remove_bells(uow: UnitOfWork, caller: Caller, school_id: UUID, bell_schedule_id: UUID, version: int) -> None:
    """Remove a bell schedule; lessons that were made by it stay.

    Raises:
        SchoolNotFound, NotYoursToPlan, BellScheduleNotFound: not there, or not the caller's.
        StaleVersion: somebody changed it in between.
    """
    async with uow.begin() as tx:
        await hold_school(tx, caller, school_id, PLAN_LESSONS)
        await _others(tx, school_id, bell_schedule_id, version)
        await tx.session.execute(
            delete(bell_schedules).where(
                bell_schedules.c.school_id == school_id, bell_schedules.c.bell_schedule_id == bell_schedule_id
            )
        )


async def _others(tx: Tx, school_id: UUID, bell_schedule_id: UUID, version: int) -> list[BellSchedule]:
    """The school's other schedules; nobody else plans meanwhile, the school is held."""
    found = await bells_of_school(tx.session, school_id)
    standing = next((one for one in found if one.bell_schedule_id == bell_schedule_id), None)
    if standing is None:
        raise BellScheduleNotFound
    if standing.version != version:
        raise StaleVersion(base=version, current=standing.version)
    return [one for one in found if one is not standing]


def _check(plan: BellPlan, school: School, others: list[BellSchedule]) -> None:
    faults = faults_of(plan, school.year_starts_on, school.year_ends_on)
    if faults:
        raise BellsRefused(faults)
    for other in others:
        if plan.competes_with(other.plan):
            raise BellSchedulesCompete(name=other.plan.name)


def _columns(plan: BellPlan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "shift": plan.shift,
        "first_grade": plan.first_grade,
        "last_grade": plan.last_grade,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "single_days": plan.days is not None,
    }


async def _write_rings(tx: Tx, schedule: BellSchedule) -> None:
    key = {"school_id": schedule.school_id, "bell_schedule_id": schedule.bell_schedule_id}
    rings = [
        key
        | {
            "position": position,
            "kind": ring.kind,
            "number": ring.number,
            "starts_at": ring.starts_at,
            "ends_at": ring.ends_at,
            "meal": ring.meal,
        }
        for position, ring in enumerate(schedule.plan.rings)
    ]
    await tx.session.execute(insert(bell_rings).values(rings))
    if schedule.plan.days:
        days = [key | {"date": day} for day in sorted(schedule.plan.days)]
        await tx.session.execute(insert(bell_days).values(days))
