"""The Russian production calendar: holidays, transferred days off, worked Saturdays, shortened eves.

Holidays and the days off that the government transfers each year come from the library `holidays`. Which Saturday is
worked for which day, and which days are an hour shorter, stands here: the library does not know how long a day is.
A year that no decree has settled yet is reckoned by articles 95 and 112 of the Labour Code alone.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from shared.business_time.calendar import SATURDAY, Calendar, Week

FIRST_YEAR = 2024
SETTLED_UNTIL = 2027
"""The last year whose decree on transferred days off is known here."""
_REACH = 3
"""Years beyond, for deadlines that reach into them."""

WORKED_FOR = MappingProxyType({
    # Decree for 2024, consultant.ru LAW_455140
    date(2024, 4, 27): date(2024, 4, 29),
    date(2024, 11, 2): date(2024, 4, 30),
    date(2024, 12, 28): date(2024, 12, 30),
    # Decree for 2025, LAW_481586
    date(2025, 11, 1): date(2025, 11, 3),
    # Decree for 2026, LAW_515170: no Saturday is worked
    # Decree for 2027, LAW_544706
    date(2027, 2, 20): date(2027, 2, 22),
})  # fmt: skip
"""A worked Saturday → the day that is free for it. It is as long as that day was (order 588н of 13.08.2009, item 1)."""

SHORTENED = frozenset({
    # consultant.ru/law/ref/calendar/proizvodstvennye/<year>/
    date(2024, 2, 22), date(2024, 3, 7), date(2024, 5, 8), date(2024, 6, 11), date(2024, 11, 2),
    date(2025, 3, 7), date(2025, 4, 30), date(2025, 6, 11), date(2025, 11, 1),
    date(2026, 4, 30), date(2026, 5, 8), date(2026, 6, 11), date(2026, 11, 3),
    date(2027, 2, 20), date(2027, 4, 30), date(2027, 6, 11), date(2027, 11, 3),
})  # fmt: skip
"""Days that are an hour shorter."""

_JANUARY = frozenset((1, day) for day in range(1, 9))
_OTHERS = frozenset({(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})


def production_calendar(zone: ZoneInfo, week: Week) -> Calendar:
    """The production calendar for an office with these hours in this zone."""
    return Calendar(
        version=f"ru-{SETTLED_UNTIL}",
        zone=zone,
        week=week,
        days_off=_days_off(),
        transferred=MappingProxyType({worked: free.weekday() for worked, free in WORKED_FOR.items()}),
        shortened=_shortened(),
    )


def is_holiday(day: date) -> bool:
    """Whether article 112 names the day; a transferred day off is no holiday, and its eve is not shortened."""
    return (day.month, day.day) in _JANUARY | _OTHERS


@cache
def _days_off() -> frozenset[date]:
    """Holidays and transferred days off; in unsettled years the ones that follow from the Code by itself."""
    settled = set(holidays.country_holidays("RU", years=range(FIRST_YEAR, SETTLED_UNTIL + 1)))
    unsettled = {day for day in _unsettled_days() if is_holiday(day)}
    moved: set[date] = set()
    for day in sorted(unsettled):
        if day.weekday() >= SATURDAY and (day.month, day.day) in _OTHERS:
            instead = day
            while instead.weekday() >= SATURDAY or instead in unsettled | moved:
                instead += timedelta(days=1)
            moved.add(instead)
    return frozenset(settled | unsettled | moved)


@cache
def _shortened() -> frozenset[date]:
    unsettled = {
        day
        for day in _unsettled_days()
        if is_holiday(day + timedelta(days=1)) and day.weekday() < SATURDAY and day not in _days_off()
    }
    return SHORTENED | unsettled


def _unsettled_days() -> Iterator[date]:
    day = date(SETTLED_UNTIL + 1, 1, 1)
    while day.year <= SETTLED_UNTIL + _REACH:
        yield day
        day += timedelta(days=1)
