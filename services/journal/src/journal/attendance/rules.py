"""Rules of attendance, without any I/O."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

AbsenceKind = Literal["absent", "late"]
AbsenceReason = Literal["у", "б", "нп", "осв"]
"""у уважительная, б болезнь, нп неуважительная, осв освобождён (J-20)."""
NoticeReason = Literal["у", "б", "осв"]
"""What a family can say beforehand: nobody announces to be absent without a good reason (J-21)."""

MOST_DAYS_OF_NOTICE = 92
"""A quarter and its holidays: longer absences are agreed with the school, not announced."""
MOST_NOTICES = 20
"""Of one pupil that stand at a time, from today on."""


@dataclass(frozen=True, slots=True)
class Missed:
    """«н» or late in one lesson, as a calendar shows it."""

    date: date
    lesson_id: UUID
    subject_id: UUID
    kind: AbsenceKind
    reason: AbsenceReason | None
    number: int
    """Of the lesson on its day."""


@dataclass(frozen=True, slots=True)
class PeriodOfCalendar:
    """A quarter, trimester or half-year that the calendar touches."""

    period_id: UUID
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class DayOfCalendar:
    """A date of the calendar on which something was missed (J-22)."""

    date: date
    missed: tuple[Missed, ...]
    whole_day: bool
    """All lessons of the day were missed; late is not missed."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a subject, or of everything."""

    absent: int = 0
    late: int = 0
    by_reason: tuple[tuple[AbsenceReason | None, int], ...] = ()
    """Of the absences; None: no reason is known yet."""


@dataclass(frozen=True, slots=True)
class CountsOfPeriod:
    """What was missed in those days of the calendar that belong to one period."""

    period: PeriodOfCalendar
    counts: Counts
    days_missed: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a pupil missed in some days (J-22)."""

    days: tuple[DayOfCalendar, ...]
    by_subject: tuple[tuple[UUID, Counts], ...]
    by_period: tuple[CountsOfPeriod, ...]
    total: Counts
    days_missed: int


def calendar(
    missed: Iterable[Missed], lessons: Iterable[tuple[date, UUID]], periods: Iterable[PeriodOfCalendar] = ()
) -> Calendar:
    """Put together a calendar: each date says which lessons were missed; a day is missed if all its lessons are (J-22).

    Args:
        missed: «н» and late, at most one a lesson, in the order of lessons.
        lessons: date and id of all lessons that the pupil had in the days.
        periods: that the days touch, in their order.
    """
    of_day: dict[date, set[UUID]] = defaultdict(set)
    for day, lesson_id in lessons:
        of_day[day].add(lesson_id)
    by_day: dict[date, list[Missed]] = defaultdict(list)
    by_subject: dict[UUID, list[Missed]] = defaultdict(list)
    everything = list(missed)
    for one in everything:
        by_day[one.date].append(one)
        by_subject[one.subject_id].append(one)
    days = tuple(
        DayOfCalendar(day, tuple(of_it), _is_whole(of_it, of_day[day])) for day, of_it in sorted(by_day.items())
    )
    return Calendar(
        days=days,
        by_subject=tuple((subject_id, _counts(of_it)) for subject_id, of_it in by_subject.items()),
        by_period=tuple(_of_period(period, days) for period in periods),
        total=_counts(everything),
        days_missed=sum(day.whole_day for day in days),
    )


def _of_period(period: PeriodOfCalendar, days: Iterable[DayOfCalendar]) -> CountsOfPeriod:
    within = [day for day in days if period.starts_on <= day.date <= period.ends_on]
    return CountsOfPeriod(
        period, _counts(one for day in within for one in day.missed), sum(day.whole_day for day in within)
    )


def _is_whole(missed: Iterable[Missed], lessons: set[UUID]) -> bool:
    absent = {one.lesson_id for one in missed if one.kind == "absent"}
    return bool(lessons) and lessons <= absent


def _counts(missed: Iterable[Missed]) -> Counts:
    found = list(missed)
    absent = [one for one in found if one.kind == "absent"]
    reasons = Counter(one.reason for one in absent)
    return Counts(
        absent=len(absent),
        late=len(found) - len(absent),
        by_reason=tuple(sorted(reasons.items(), key=lambda item: item[0] or "")),
    )
