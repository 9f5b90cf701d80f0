"""The reckoning itself: when so much time will have passed, and how much has."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count

from shared.business_time.calendar import Calendar

Pause = tuple[datetime, datetime]
"""Time that does not count, from its beginning to before its end; both aware. Pauses may overlap."""

_Span = tuple[datetime, datetime]
_LONGEST_GAP = timedelta(days=400)
"""No office is closed for longer; a calendar that is has no hours at all."""


class NoBusinessTime(ValueError):
    """The calendar has no more hours: the deadline would never come."""


def add_business_time(
    start: datetime, duration: timedelta, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime:
    """The first instant by which `duration` of business time has passed since `start`.

    Time that ends with the day ends at closing (Friday 18:00), not at the next opening. None at all is `start` itself.

    Args:
        start: aware; may lie outside of the hours.
        duration: not negative.
        calendar: which time counts.
        pauses: time that does not count on top.

    Raises:
        NoBusinessTime: there are not so many hours ahead.
        ValueError: naive instants, a negative duration, or a pause that ends before it begins.
    """
    _aware(start)
    if duration < timedelta():
        raise ValueError("business time is added, not taken away")
    if not duration:
        return start
    left = duration
    for begin, end in _spans(start, calendar, _united(pauses)):
        if end - begin >= left:
            return (begin + left).astimezone(start.tzinfo)
        left -= end - begin
    raise NoBusinessTime(f"calendar {calendar.version} has no hours after {start.isoformat()}")


def business_time_between(
    begin: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> timedelta:
    """How much business time lies between two instants; negative if the second is the earlier one.

    Raises:
        ValueError: naive instants, or a pause that ends before it begins.
    """
    _aware(begin, end)
    if end < begin:
        return -business_time_between(end, begin, calendar, pauses)
    passed = timedelta()
    for span_begin, span_end in _spans(begin, calendar, _united(pauses), until=end):
        if span_begin >= end:
            break
        passed += min(span_end, end) - span_begin
    return passed


def add_working_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    """The close of the `days`-th working day after the day of `start`.

    A term in days begins on the day after the event and ends with its last day, for an office at its closing hour
    (articles 191 and 194 of the Civil Code).

    Raises:
        NoBusinessTime: there are not so many working days ahead.
        ValueError: a naive instant, or no days.
    """
    _aware(start)
    if days < 1:
        raise ValueError("a term has at least one day")
    today = calendar.day_of(start)
    left, last_worked = days, today
    for day in _days(today + timedelta(days=1)):
        if day - last_worked > _LONGEST_GAP:
            break
        spans = calendar.spans_of(day)
        if not spans:
            continue
        last_worked = day
        left -= 1
        if not left:
            return spans[-1][1].astimezone(start.tzinfo)
    raise NoBusinessTime(f"calendar {calendar.version} has no working days after {start.isoformat()}")


def _spans(
    start: datetime, calendar: Calendar, pauses: Sequence[Pause], until: datetime | None = None
) -> Iterator[_Span]:
    """Business time from `start` on, without pauses, in order; ends where no hours are left."""
    first = last_worked = calendar.day_of(start)
    for day in _days(first):
        if until is not None and day > calendar.day_of(until):
            return
        if day - last_worked > _LONGEST_GAP:
            return
        for begin, end in calendar.spans_of(day):
            last_worked = day
            if end > start:
                yield from _without(max(begin, start), end, pauses)


def _without(begin: datetime, end: datetime, pauses: Sequence[Pause]) -> Iterator[_Span]:
    for pause_begin, pause_end in pauses:
        if pause_end <= begin:
            continue
        if pause_begin >= end:
            break
        if begin < pause_begin:
            yield begin, pause_begin
        begin = pause_end
    if begin < end:
        yield begin, end


def _united(pauses: Sequence[Pause]) -> list[Pause]:
    """Pauses in order, without overlaps."""
    united: list[Pause] = []
    for begin, end in sorted(pauses):
        _aware(begin, end)
        if end < begin:
            raise ValueError("a pause ends after it begins")
        if united and begin <= united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((begin, end))
    return united


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in count())


def _aware(*instants: datetime) -> None:
    if any(instant.tzinfo is None for instant in instants):
        raise ValueError("instants are aware")
