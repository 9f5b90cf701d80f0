"""What a calendar is: which hours of which days count, in which zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

MONDAY, SATURDAY = 0, 5
_MIDNIGHT = time()
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
"""Any day, to reckon with times of the wall."""


@dataclass(frozen=True, slots=True)
class Hours:
    """One interval of a day by the wall clock, without its end; closing at 00:00 is the end of the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("hours are read from the wall; the calendar has the zone")
        if self.closes != _MIDNIGHT and self.closes <= self.opens:
            raise ValueError(f"hours close after they open, got {self.opens}-{self.closes}")

    @property
    def length(self) -> timedelta:
        """As the wall clock counts."""
        return _of_day(self.closes, end=True) - _of_day(self.opens)


ALL_DAY = Hours(_MIDNIGHT, _MIDNIGHT)

Week = Mapping[int, tuple[Hours, ...]]
"""Weekday, 0 is Monday, → its hours in their order; a weekday that is missing is free."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which time counts. A day is judged in this order: transferred, day off, weekday; then shortened."""

    version: str
    """Stamped on every deadline that was reckoned by it: «ru-2027»."""
    zone: ZoneInfo
    week: Week
    days_off: frozenset[date] = frozenset()
    """Holidays, and weekdays that are free because a Saturday was worked for them."""
    transferred: Mapping[date, int] = field(default_factory=lambda: MappingProxyType({}))
    """A worked day off → the weekday whose hours it has: the Saturday that is worked for a Monday is a Monday."""
    shortened: frozenset[date] = frozenset()
    """Days that end earlier: the eve of a holiday (article 95 of the Labour Code)."""
    shortened_by: timedelta = timedelta(hours=1)

    def __post_init__(self) -> None:
        for weekday, hours in self.week.items():
            if not 0 <= weekday <= 6:
                raise ValueError(f"weekdays are 0 … 6, got {weekday}")
            for earlier, later in pairwise(hours):
                if earlier.closes == _MIDNIGHT or later.opens < earlier.closes:
                    raise ValueError("hours of a day stand in their order and do not overlap")

    def is_working_day(self, day: date) -> bool:
        """Whether any time of this day counts."""
        return bool(self.hours_of(day))

    def hours_of(self, day: date) -> tuple[Hours, ...]:
        """The hours of one day, in their order; empty for a free day."""
        weekday = self.transferred.get(day)
        if weekday is None:
            if day in self.days_off:
                return ()
            weekday = day.weekday()
        hours = self.week.get(weekday, ())
        return _without_the_last(hours, self.shortened_by) if day in self.shortened else hours

    def spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The same as instants, UTC; hours across a change of clocks are as long as they really last."""
        spans = []
        for hours in self.hours_of(day):
            begin = self._instant(day, hours.opens)
            end = self._instant(day + timedelta(days=hours.closes == _MIDNIGHT), hours.closes)
            if begin < end:
                spans.append((begin, end))
        return spans

    def day_of(self, instant: datetime) -> date:
        """The date on the wall at an instant."""
        return instant.astimezone(self.zone).date()

    @property
    def day_length(self) -> timedelta:
        """The longest day of the week: what «one working day» means for time that runs and stops."""
        return max(
            (sum((each.length for each in hours), timedelta()) for hours in self.week.values()), default=timedelta()
        )

    def _instant(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, self.zone).astimezone(UTC)


def working_week(*hours: Hours) -> Week:
    """Monday to Friday with the same hours."""
    return MappingProxyType(dict.fromkeys(range(MONDAY, SATURDAY), hours))


def every_day(*hours: Hours) -> Week:
    """All seven days with the same hours; `every_day(ALL_DAY)` is the plain clock."""
    return MappingProxyType(dict.fromkeys(range(7), hours))


def _without_the_last(hours: Sequence[Hours], less: timedelta) -> tuple[Hours, ...]:
    kept = list(hours)
    while kept and less >= kept[-1].length:
        less -= kept.pop().length
    if kept and less:
        last = kept.pop()
        kept.append(Hours(last.opens, (_FIRST + _of_day(last.closes, end=True) - less).time()))
    return tuple(kept)


def _of_day(wall: time, *, end: bool = False) -> timedelta:
    if end and wall == _MIDNIGHT:
        return timedelta(days=1)
    return datetime.combine(_FIRST, wall, UTC) - _FIRST
