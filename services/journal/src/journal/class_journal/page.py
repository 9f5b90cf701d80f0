"""A page of the class journal, one subject in one class, opened for a caller (J-1, J-35).

One statement for all that is small: who may what, by which settings and periods, and what changed since a revision.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from journal.access.actions import KEEP_ATTENDANCE, KEEP_MARKS, READ_JOURNAL
from journal.access.first_step import first_step, take_first_step
from journal.calendar.queries import Period
from journal.calendar.rules import SchoolSettings
from journal.errors import PeriodNotForGrade, PeriodNotFound, SchoolClassNotFound
from journal.marks.rules import FIRST_GRADE_WITH_MARKS
from journal.roster.queries import SchoolClass
from shared.access import decide
from shared.http import VerifiedToken

# The revision is read here, before any cell is, so that nothing that comes later is missed.
OPEN = first_step(
    """c.school_id AS class_school_id, c.class_id, c.grade, c.name AS class_name, s.title AS subject_title,
           sch.time_zone, sch.year_starts_on, sch.year_ends_on,
           st.school_id IS NOT NULL AS has_settings, st.edit_window_days, st.threshold_five, st.threshold_four,
           st.threshold_three, st.minimum_marks, st.point_reminder_days, st.unmarked_subjects,
           page.revision, changed.lessons AS changed, known.periods""",
    """LEFT JOIN classes c ON c.class_id = $4
    LEFT JOIN schools sch ON sch.school_id = c.school_id
    LEFT JOIN subjects s ON s.school_id = c.school_id AND s.subject_id = $5
    LEFT JOIN school_settings st ON st.school_id = c.school_id
    LEFT JOIN journal_pages page
      ON page.school_id = c.school_id AND page.class_id = c.class_id AND page.subject_id = $5
    LEFT JOIN LATERAL (
      SELECT array_agg(j.lesson_id) AS lessons FROM journal_columns j
      WHERE j.school_id = c.school_id AND j.class_id = c.class_id AND j.subject_id = $5 AND j.revision > $7
    ) changed ON true
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_array(
               p.school_id, p.period_id, p.year_title, p.year_starts_on, p.kind, p.first_grade, p.last_grade, p.number,
               p.title, p.starts_on, p.ends_on, p.version, p.closed_at) ORDER BY p.starts_on DESC) AS periods
      FROM periods p
      WHERE p.school_id = c.school_id AND (c.grade BETWEEN p.first_grade AND p.last_grade OR p.period_id = $6)
    ) known ON true""",
    edges_on={"class": "c.class_id", "school": "c.school_id"},
)
NOTHING_CHANGED_SINCE = 2**62
"""As a revision: for those who do not ask what changed."""


@dataclass(frozen=True, slots=True)
class Page:
    """One subject in one class in some days, and what the caller may do on it."""

    school_class: SchoolClass
    subject_id: UUID
    subject_title: str
    may_edit: bool
    may_take_attendance: bool
    settings: SchoolSettings
    year_starts_on: date
    period: Period | None
    """None: the page is of the school year."""
    first_day: date
    last_day: date
    closed: tuple[tuple[date, date], ...]
    """First and last days of closed periods."""
    revision: int
    changed: tuple[UUID, ...]
    """Lessons whose columns changed since the revision that was asked for."""

    @property
    def has_marks(self) -> bool:
        grade = self.school_class.grade
        return grade >= FIRST_GRADE_WITH_MARKS and self.subject_id not in self.settings.unmarked_subjects


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page: its class, its subject, and a period (None: today's, and where there is none the school year)."""

    class_id: UUID
    subject_id: UUID
    period_id: UUID | None = None


async def open_page(
    connection: Any, token: VerifiedToken, wanted: Wanted, now: datetime, *, after: int = NOTHING_CHANGED_SINCE
) -> Page:
    """Open a page of the class journal: one statement on the driver's connection.

    Raises:
        TokenInvalid: the session was ended.
        SchoolClassNotFound: unknown, or this page is not open to the caller.
        PeriodNotFound, PeriodNotForGrade: not a period of this class.
    """
    row, edges = await take_first_step(
        connection, OPEN, token, wanted.class_id, wanted.subject_id, wanted.period_id, after
    )
    if row["class_id"] is None or row["time_zone"] is None or row["subject_title"] is None:
        raise SchoolClassNotFound
    school_class = SchoolClass(row["class_school_id"], row["class_id"], row["grade"], row["class_name"])
    place = school_class.as_object(wanted.subject_id)
    if not decide(edges, READ_JOURNAL, place, now):
        raise SchoolClassNotFound
    known = [_period(one) for one in row["periods"] or ()]
    period = _wanted(known, wanted.period_id, row["grade"], now.astimezone(ZoneInfo(row["time_zone"])).date())
    return Page(
        school_class=school_class,
        subject_id=wanted.subject_id,
        subject_title=row["subject_title"],
        may_edit=bool(decide(edges, KEEP_MARKS, place, now)),
        may_take_attendance=bool(decide(edges, KEEP_ATTENDANCE, place, now)),
        settings=_settings(row),
        year_starts_on=row["year_starts_on"],
        period=period,
        first_day=period.starts_on if period else row["year_starts_on"],
        last_day=period.ends_on if period else row["year_ends_on"],
        closed=tuple((one.starts_on, one.ends_on) for one in known if one.closed and _is_for(one, row["grade"])),
        revision=row["revision"] or 0,
        changed=tuple(row["changed"] or ()),
    )


def _wanted(known: list[Period], period_id: UUID | None, grade: int, today: date) -> Period | None:
    if period_id is None:
        return next((one for one in known if one.starts_on <= today <= one.ends_on), None)
    for period in known:
        if period.period_id == period_id:
            if not _is_for(period, grade):
                raise PeriodNotForGrade
            return period
    raise PeriodNotFound


def _is_for(period: Period, grade: int) -> bool:
    return period.first_grade <= grade <= period.last_grade


def _settings(row: Any) -> SchoolSettings:
    if not row["has_settings"]:
        return SchoolSettings()
    return SchoolSettings(
        edit_window_days=row["edit_window_days"],
        threshold_five=row["threshold_five"],
        threshold_four=row["threshold_four"],
        threshold_three=row["threshold_three"],
        minimum_marks=row["minimum_marks"],
        point_reminder_days=row["point_reminder_days"],
        unmarked_subjects=tuple(row["unmarked_subjects"]),
    )


def _period(found: list[Any]) -> Period:
    school, id_, year, year_starts, kind, first, last, number, title, starts, ends, version, closed = found
    return Period(
        school_id=UUID(school),
        period_id=UUID(id_),
        year_title=year,
        year_starts_on=date.fromisoformat(year_starts),
        kind=kind,
        first_grade=first,
        last_grade=last,
        number=number,
        title=title,
        starts_on=date.fromisoformat(starts),
        ends_on=date.fromisoformat(ends),
        version=version,
        closed_at=datetime.fromisoformat(closed) if closed else None,
    )
