"""Close a period, and open it again (J-19): its marks are fixed, its points end; both are written down."""

from uuid import UUID

from sqlalchemy import insert, update

from journal.access.actions import PLAN_YEAR, REOPEN_PERIOD
from journal.calendar.authority import hold_school, person_of
from journal.calendar.queries import Period, find_period, hold_period
from journal.calendar.tables import period_audit, periods
from journal.errors import PeriodClosed, PeriodNotClosed, PeriodNotFound, PeriodNotOver, SchoolNotFound, StaleVersion
from journal.points.end_points import settle_points
from journal.roster.queries import School
from shared.access import Action
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def close_period(uow: UnitOfWork, caller: Caller, period_id: UUID, version: int) -> Period:
    """Fix the marks of a period; for deputies and the director, on its last day at the earliest.

    Raises:
        PeriodNotFound, NotYoursToPlan: not the caller's.
        StaleVersion, PeriodClosed, PeriodNotOver: not in a state to be closed.
    """
    async with uow.begin() as tx:
        school, period = await _hold(tx, caller, period_id, version, PLAN_YEAR)
        if period.closed:
            raise PeriodClosed(title=period.title)
        if school.today(tx.now) < period.ends_on:
            raise PeriodNotOver(ends_on=period.ends_on.isoformat())
        person_id = await person_of(tx, caller, school.school_id)
        await settle_points(tx, period)
        return await _move(tx, period, person_id, "closed", None)


async def reopen_period(uow: UnitOfWork, caller: Caller, period_id: UUID, version: int, reason: str) -> Period:
    """Open a closed period again; for the director, with a reason.

    Raises:
        PeriodNotFound, NotYoursToPlan: not the caller's.
        StaleVersion, PeriodNotClosed: not in a state to be opened.
    """
    async with uow.begin() as tx:
        school, period = await _hold(tx, caller, period_id, version, REOPEN_PERIOD)
        if not period.closed:
            raise PeriodNotClosed
        person_id = await person_of(tx, caller, school.school_id)
        return await _move(tx, period, person_id, "reopened", reason)


async def _hold(tx: Tx, caller: Caller, period_id: UUID, version: int, action: Action) -> tuple[School, Period]:
    found = await find_period(tx.session, period_id)
    if found is None:
        raise PeriodNotFound
    try:
        school = await hold_school(tx, caller, found.school_id, action)
    except SchoolNotFound:
        raise PeriodNotFound from None
    # Writers of marks hold the period too: from here on its lessons stand still.
    period = await hold_period(tx.session, period_id, alone=True)
    if period is None:
        raise PeriodNotFound
    if period.version != version:
        raise StaleVersion(base=version, current=period.version)
    return school, period


async def _move(tx: Tx, period: Period, person_id: UUID, operation: str, reason: str | None) -> Period:
    closing = operation == "closed"
    await tx.session.execute(
        update(periods)
        .where(periods.c.school_id == period.school_id, periods.c.period_id == period.period_id)
        .values(
            closed_at=tx.now if closing else None,
            closed_by=person_id if closing else None,
            version=period.version + 1,
        )
    )
    await tx.session.execute(
        insert(period_audit).values(
            school_id=period.school_id,
            period_id=period.period_id,
            version=period.version + 1,
            operation=operation,
            person_id=person_id,
            at=tx.now,
            reason=reason,
        )
    )
    after = await find_period(tx.session, period.period_id)
    assert after is not None, "the period is held"
    return after
