"""Reads of regimes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.bells.queries import bells_of_school
from journal.bells.rules import BellSchedule, bells_of
from journal.calendar.queries import holidays_of_year
from journal.calendar.rules import is_school_day
from journal.daily_regime.rules import FREE_DAY, DayRegime, Regime, RegimeItem, regime_of_day, rings_of_lessons
from journal.daily_regime.tables import daily_regime_items, daily_regimes
from journal.roster.queries import School, SchoolClass
from journal.timetable.queries import Lesson, lessons_of_class
from journal.weekly_timetable.queries import shift_of_class


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day of a class as a family reads it."""

    day: date
    school_day: bool
    schedule: BellSchedule | None
    """None: no bells were set for the class; they ring as its lessons begin and end."""
    regime: DayRegime
    lessons: list[Lesson]


async def regime_of_class(session: AsyncSession, school_id: UUID, class_id: UUID) -> Regime:
    """All that a class does besides lessons."""
    version = await session.scalar(
        select(daily_regimes.c.version).where(
            daily_regimes.c.school_id == school_id, daily_regimes.c.class_id == class_id
        )
    )
    items = await session.execute(
        select(
            daily_regime_items.c.kind,
            daily_regime_items.c.weekday,
            daily_regime_items.c.starts_at,
            daily_regime_items.c.ends_at,
            daily_regime_items.c.title,
            daily_regime_items.c.place,
        )
        .where(daily_regime_items.c.school_id == school_id, daily_regime_items.c.class_id == class_id)
        .order_by(daily_regime_items.c.position)
    )
    return Regime(version or 0, tuple(RegimeItem(*tuple(row)) for row in items))


async def day_of_pupil(
    session: AsyncSession, school: School, school_class: SchoolClass, pupil_id: UUID, day: date
) -> ReadDay:
    """A day of a pupil of the class: six queries, whatever is on it."""
    of_class = school.school_id, school_class.class_id
    free = await holidays_of_year(session, school.school_id, school.year_starts_on)
    within = school.year_starts_on <= day <= school.year_ends_on
    lessons = await lessons_of_class(session, *of_class, day, day, pupil_id=pupil_id)
    if not lessons and not (within and is_school_day(school_class.grade, day, free)):
        return ReadDay(day, school_day=False, schedule=None, regime=FREE_DAY, lessons=[])
    shift = await shift_of_class(session, *of_class, day)
    schedule = bells_of(await bells_of_school(session, school.school_id), school_class.grade, shift, day)
    items = (await regime_of_class(session, *of_class)).items
    rings = schedule.plan.rings if schedule else rings_of_lessons(lessons)
    regime = regime_of_day(rings, [one.number for one in lessons], items, day)
    school_day = bool(lessons) or bool(regime.items) or day.isoweekday() <= 5
    return ReadDay(day, school_day, schedule, regime if school_day else FREE_DAY, lessons)
