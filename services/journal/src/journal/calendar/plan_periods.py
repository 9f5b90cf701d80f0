"""Plan the periods of the school year (J-4): deputies and the director, the whole year at once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from journal.access.actions import PLAN_YEAR
from journal.calendar.authority import hold_school
from journal.calendar.queries import Period, periods_of_year
from journal.calendar.rules import PlannedPeriod, faults_of
from journal.calendar.tables import periods
from journal.errors import PeriodClosed, PeriodInUse, PeriodsRefused
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def plan_periods(uow: UnitOfWork, caller: Caller, school_id: UUID, plan: Sequence[PlannedPeriod]) -> list[Period]:
    """Make the periods of the present year equal to the plan; the same plan again changes nothing.

    Raises:
        SchoolNotFound: unknown, or not for this caller.
        PeriodsRefused: the plan contradicts itself or the year; all faults are named.
        PeriodClosed: a closed period would change.
        PeriodInUse: a period would go that has marks, or was closed once.
    """
    async with uow.begin() as tx:
        school = await hold_school(tx, caller, school_id, PLAN_YEAR)
        faults = faults_of(plan, school.year_starts_on, school.year_ends_on)
        if faults:
            raise PeriodsRefused(faults)
        standing = {
            (one.first_grade, one.number): one
            for one in await periods_of_year(tx.session, school_id, school.year_starts_on)
        }
        wanted = {period.key: period for period in plan}
        await _drop(tx, [one for key, one in standing.items() if key not in wanted])
        # Two periods may swap their days: nothing forbids that between the statements.
        for key, period in wanted.items():
            await _put(tx, school_id, school.year_title, school.year_starts_on, standing.get(key), period)
        return await periods_of_year(tx.session, school_id, school.year_starts_on)


async def _drop(tx: Tx, gone: list[Period]) -> None:
    if not gone:
        return
    for one in gone:
        if one.closed:
            raise PeriodClosed(title=one.title)
    try:
        async with tx.session.begin_nested():
            await tx.session.execute(
                delete(periods).where(
                    periods.c.school_id == gone[0].school_id, periods.c.period_id.in_([one.period_id for one in gone])
                )
            )
    except IntegrityError:  # what was said of a period refers to it: its marks, and that it was closed once
        raise PeriodInUse(titles=", ".join(one.title for one in gone)) from None


async def _put(
    tx: Tx, school_id: UUID, year_title: str, year_starts_on: date, before: Period | None, period: PlannedPeriod
) -> None:
    values = {
        "kind": period.kind,
        "last_grade": period.last_grade,
        "title": period.title,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
    }
    if before is None:
        await tx.session.execute(
            insert(periods).values(
                school_id=school_id,
                period_id=tx.new_id(),
                year_title=year_title,
                year_starts_on=year_starts_on,
                first_grade=period.first_grade,
                number=period.number,
                **values,
            )
        )
        return
    if all(getattr(before, name) == value for name, value in values.items()):
        return
    if before.closed:
        raise PeriodClosed(title=before.title)
    await tx.session.execute(
        update(periods)
        .where(periods.c.school_id == school_id, periods.c.period_id == before.period_id)
        .values(**values, version=before.version + 1)
    )
