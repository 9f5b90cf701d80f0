"""Plan the holidays of the school year (J-4): deputies and the director, the whole year at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert

from journal.access.actions import PLAN_YEAR
from journal.calendar.authority import hold_school
from journal.calendar.queries import holidays_of_year
from journal.calendar.rules import Holiday, faults_of_holidays
from journal.calendar.tables import holidays
from journal.errors import HolidaysRefused
from shared.db import UnitOfWork
from shared.http import Caller


async def plan_holidays(uow: UnitOfWork, caller: Caller, school_id: UUID, plan: Sequence[Holiday]) -> list[Holiday]:
    """Make the holidays of the present year equal to the plan. Lessons that stand already stay.

    Raises:
        SchoolNotFound, NotYoursToPlan: not the caller's.
        HolidaysRefused: the plan contradicts itself or the year; all faults are named.
    """
    async with uow.begin() as tx:
        school = await hold_school(tx, caller, school_id, PLAN_YEAR)
        faults = faults_of_holidays(plan, school.year_starts_on, school.year_ends_on)
        if faults:
            raise HolidaysRefused(faults)
        await tx.session.execute(
            delete(holidays).where(
                holidays.c.school_id == school_id, holidays.c.year_starts_on == school.year_starts_on
            )
        )
        rows = [
            {
                "school_id": school_id,
                "holiday_id": tx.new_id(),
                "year_starts_on": school.year_starts_on,
                "title": one.title,
                "first_grade": one.first_grade,
                "last_grade": one.last_grade,
                "starts_on": one.starts_on,
                "ends_on": one.ends_on,
            }
            for one in plan
        ]
        if rows:
            await tx.session.execute(insert(holidays).values(rows))
        return await holidays_of_year(tx.session, school_id, school.year_starts_on)
