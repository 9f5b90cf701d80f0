"""Reads of periods and settings."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.calendar.rules import Holiday, SchoolSettings
from journal.calendar.tables import holidays, periods, school_settings


@dataclass(frozen=True, slots=True)
class Period:
    """An attestation period of some grades of a school."""

    school_id: UUID
    period_id: UUID
    year_title: str
    year_starts_on: date
    kind: Literal["quarter", "trimester", "half_year"]
    first_grade: int
    last_grade: int
    number: int
    title: str
    starts_on: date
    ends_on: date
    version: int
    closed_at: datetime | None

    @property
    def closed(self) -> bool:
        return self.closed_at is not None


async def find_period(session: AsyncSession, period_id: UUID) -> Period | None:
    """The period of an id."""
    found = (await session.execute(_BY_ID, {"period": period_id})).first()
    return _period(found) if found else None


async def period_of_day(session: AsyncSession, school_id: UUID, grade: int, day: date) -> Period | None:
    """The period that a day of a grade lies in; None in holidays, and while a school has not set its periods."""
    found = (await session.execute(_OF_DAY, {"school": school_id, "grade": grade, "day": day})).first()
    return _period(found) if found else None


async def periods_of_year(session: AsyncSession, school_id: UUID, year_starts_on: date) -> list[Period]:
    """The periods of a school year, by grades and number."""
    found = await session.execute(_OF_YEAR, {"school": school_id, "year": year_starts_on})
    return [_period(row) for row in found]


async def hold_period(session: AsyncSession, period_id: UUID, *, alone: bool = True) -> Period | None:
    """The period of an id; nobody closes or opens it until the transaction ends.

    Args:
        session: an open session.
        period_id: which one.
        alone: nor writes anybody into its lessons, or sets its marks. Who only does that lets others do it, too: at the
            end of a quarter all teachers set marks of the same period.
    """
    found = (await session.execute(_BY_ID.with_for_update(read=not alone), {"period": period_id})).first()
    return _period(found) if found else None


async def version_of_settings(session: AsyncSession, school_id: UUID) -> int:
    """The version of a school's settings; 0: it keeps to the defaults."""
    return await session.scalar(_VERSION_OF_SETTINGS, {"school": school_id}) or 0


async def settings_of_school(session: AsyncSession, school_id: UUID) -> SchoolSettings:
    """What the school has set, or the defaults."""
    found = (await session.execute(_SETTINGS, {"school": school_id})).first()
    return SchoolSettings(*found) if found else SchoolSettings()


async def holidays_of_year(session: AsyncSession, school_id: UUID, year_starts_on: date) -> list[Holiday]:
    """The holidays of a school year, by day and grades."""
    found = await session.execute(_HOLIDAYS, {"school": school_id, "year": year_starts_on})
    return [Holiday(*tuple(row)) for row in found]


def _period(row: Row[Any]) -> Period:
    return Period(*tuple(row))


# The columns of each select stand in the order of the fields of its dataclass.
_PERIODS: Select[Any] = select(
    periods.c.school_id,
    periods.c.period_id,
    periods.c.year_title,
    periods.c.year_starts_on,
    periods.c.kind,
    periods.c.first_grade,
    periods.c.last_grade,
    periods.c.number,
    periods.c.title,
    periods.c.starts_on,
    periods.c.ends_on,
    periods.c.version,
    periods.c.closed_at,
)
_BY_ID = _PERIODS.where(periods.c.period_id == bindparam("period"))
_OF_DAY = (
    _PERIODS.where(
        periods.c.school_id == bindparam("school"),
        bindparam("day").between(periods.c.starts_on, periods.c.ends_on),
        bindparam("grade").between(periods.c.first_grade, periods.c.last_grade),
    )
    .order_by(periods.c.starts_on.desc())
    .limit(1)
)
_SETTINGS = select(
    school_settings.c.edit_window_days,
    school_settings.c.threshold_five,
    school_settings.c.threshold_four,
    school_settings.c.threshold_three,
    school_settings.c.minimum_marks,
    school_settings.c.point_reminder_days,
    school_settings.c.unmarked_subjects,
).where(school_settings.c.school_id == bindparam("school"))
_VERSION_OF_SETTINGS = select(school_settings.c.version).where(school_settings.c.school_id == bindparam("school"))
_OF_YEAR = _PERIODS.where(
    periods.c.school_id == bindparam("school"), periods.c.year_starts_on == bindparam("year")
).order_by(periods.c.first_grade, periods.c.starts_on, periods.c.number)
_HOLIDAYS = (
    select(
        holidays.c.title,
        holidays.c.first_grade,
        holidays.c.last_grade,
        holidays.c.starts_on,
        holidays.c.ends_on,
    )
    .where(holidays.c.school_id == bindparam("school"), holidays.c.year_starts_on == bindparam("year"))
    .order_by(holidays.c.starts_on, holidays.c.first_grade, holidays.c.title)
)
