"""A school at a glance, for the director and deputies (J-35)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.calendar.queries import Period, periods_of_year
from journal.reports.completeness import Counts, Scope, count_lessons
from journal.reports.regularity import crowded_days, subjects_without_marks
from journal.roster.queries import School

DAYS_OF_COMPLETENESS = 7
DAYS_WITHOUT_MARKS = 14
DAYS_AHEAD = 14
COUNTED = 1000
"""No school has more subjects of classes than this; more are not counted."""


@dataclass(frozen=True, slots=True)
class ClassToday:
    """How many of a class are there today."""

    class_id: UUID
    class_name: str
    pupils: int
    absent: int
    """Pupils with at least one «н» today."""
    without_notice: int
    """Of them, those of whom nobody knows why."""
    announced: int
    """Pupils whose family gave notice for today."""


@dataclass(frozen=True, slots=True)
class LessonsToday:
    """The lessons of today."""

    planned: int
    cancelled: int
    substituted: int


@dataclass(frozen=True, slots=True)
class SchoolOverview:
    """The whole glance."""

    date: date
    classes: list[ClassToday]
    lessons: LessonsToday
    completeness: Counts
    """Of the last seven days, with today."""
    without_marks: int
    """Subjects of classes that had lessons in the last 14 days and no mark."""
    crowded_days: int
    """With more than one control work of a class, in the next 14 days."""
    to_close: list[Period]
    """Periods that are over and still open."""


_CLASSES = text(
    """
    WITH missed AS (
      SELECT l.class_id, a.pupil_id, bool_or(a.reason IS NOT NULL OR a.notice_id IS NOT NULL) AS known
      FROM lessons l
      JOIN absences a ON a.school_id = l.school_id AND a.lesson_id = l.lesson_id
        AND a.kind = 'absent' AND a.removed_at IS NULL
      WHERE l.school_id = :school AND l.date = :day
      GROUP BY l.class_id, a.pupil_id
    ), announced AS (
      SELECT DISTINCT pupil_id FROM absence_notices
      WHERE school_id = :school AND last_day >= :day AND first_day <= :day AND withdrawn_at IS NULL
    )
    SELECT k.class_id, k.name AS class_name, count(p.pupil_id) AS pupils, count(m.pupil_id) AS absent,
           count(m.pupil_id) FILTER (WHERE NOT m.known AND n.pupil_id IS NULL) AS without_notice,
           count(n.pupil_id) AS announced
    FROM classes k
    LEFT JOIN pupils p ON p.school_id = k.school_id AND p.class_id = k.class_id AND p.left_on IS NULL
    LEFT JOIN missed m ON m.pupil_id = p.pupil_id AND m.class_id = k.class_id
    LEFT JOIN announced n ON n.pupil_id = p.pupil_id
    WHERE k.school_id = :school
    GROUP BY k.class_id, k.name, k.grade
    ORDER BY k.grade, k.name, k.class_id
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("day", type_=Date))
_LESSONS = text(
    """
    SELECT count(*) AS planned, count(*) FILTER (WHERE cancelled_at IS NOT NULL) AS cancelled,
           count(*) FILTER (WHERE cancelled_at IS NULL AND planned_teacher_id IS NOT NULL) AS substituted
    FROM lessons WHERE school_id = :school AND date = :day
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("day", type_=Date))


async def read_school_overview(session: AsyncSession, school: School, now: datetime) -> SchoolOverview:
    """The school as it is now: a constant number of queries."""
    today = school.today(now)
    bound = {"school": school.school_id, "day": today}
    classes = [ClassToday(*tuple(row)) for row in await session.execute(_CLASSES, bound)]
    lessons = LessonsToday(*tuple((await session.execute(_LESSONS, bound)).one()))
    week = Scope.of(school, today - timedelta(days=DAYS_OF_COMPLETENESS - 1), today, now)
    silent = await subjects_without_marks(
        session, school.school_id, today, DAYS_WITHOUT_MARKS, school.year_starts_on, limit=COUNTED
    )
    crowded = await crowded_days(session, school.school_id, today, today + timedelta(days=DAYS_AHEAD), limit=COUNTED)
    periods = await periods_of_year(session, school.school_id, school.year_starts_on)
    return SchoolOverview(
        date=today,
        classes=classes,
        lessons=lessons,
        completeness=await count_lessons(session, week),
        without_marks=len(silent),
        crowded_days=len(crowded),
        to_close=[period for period in periods if period.ends_on < today and not period.closed],
    )
