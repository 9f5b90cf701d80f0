"""The production calendar of 2024 … 2027, and deadlines around its turns, each with the instant written out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from shared.business_time import (
    Hours,
    add_business_time,
    add_working_days,
    business_time_between,
    production_calendar,
    working_week,
)
from shared.business_time.russia import SETTLED_UNTIL, SHORTENED, WORKED_FOR, is_holiday

MOSCOW = ZoneInfo("Europe/Moscow")
CALENDAR = production_calendar(MOSCOW, working_week(Hours(time(9), time(18))))
EIGHT = production_calendar(MOSCOW, working_week(Hours(time(9), time(13)), Hours(time(14), time(18))))


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=MOSCOW)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


@pytest.mark.parametrize(
    ("year", "days", "hours"),
    # Working days and hours of a 40-hour week, from the official calendars.
    [(2024, 248, 1979), (2025, 247, 1972), (2026, 247, 1972), (2027, 247, 1972)],
)
def test_s_8_days_and_hours_of_the_year(year, days, hours):
    assert sum(map(EIGHT.is_working_day, days_of(year))) == days
    begin, end = (datetime(y, 1, 1, tzinfo=MOSCOW) for y in (year, year + 1))
    assert business_time_between(begin, end, EIGHT) == timedelta(hours=hours)


@pytest.mark.parametrize("year", range(2024, SETTLED_UNTIL + 1))
def test_s_8_the_table_says_what_the_library_and_the_code_say(year):
    known = holidays.country_holidays("RU", years=year)
    assert {day for day in WORKED_FOR if day.year == year} == known.weekend_workdays
    assert [day for day in days_of(year) if CALENDAR.is_working_day(day)] == [
        day for day in days_of(year) if known.is_working_day(day)
    ]
    # Article 95: the eve of a holiday, and the Saturday that is worked for such an eve.
    eves = {
        day
        for day in days_of(year)
        if CALENDAR.is_working_day(day) and is_holiday(WORKED_FOR.get(day, day) + timedelta(days=1))
    }
    assert {day for day in SHORTENED if day.year == year} == eves


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        # The year's end: 31 December 2026 is a transferred day off, work goes on on Monday the 11th.
        ("2026-12-30 16:00", 2, "2026-12-30 18:00"),
        ("2026-12-30 16:00", 3, "2027-01-11 10:00"),
        ("2026-12-31 12:00", 1, "2027-01-11 10:00"),
        ("2025-12-30 17:30", 1, "2026-01-12 09:30"),
        # 2024: the Saturday 28 December is worked for Monday the 30th.
        ("2024-12-27 17:00", 2, "2024-12-28 10:00"),
        ("2024-12-28 17:00", 2, "2025-01-09 10:00"),
        # 8 March: a short Friday in 2025; a Sunday in 2026, and Monday is free for it.
        ("2025-03-07 16:30", 1, "2025-03-10 09:30"),
        ("2026-03-06 17:00", 2, "2026-03-10 10:00"),
        ("2024-03-07 16:00", 2, "2024-03-11 10:00"),
        # May 2024: Saturday 27 April is worked, 28 April … 1 May are free; 8 May is short; 9 … 12 May are free.
        ("2024-04-26 17:00", 2, "2024-04-27 10:00"),
        ("2024-04-27 17:00", 2, "2024-05-02 10:00"),
        ("2024-05-08 16:00", 2, "2024-05-13 10:00"),
        # May 2026: 30 April and 8 May are short, Monday the 11th is free.
        ("2026-04-30 16:30", 1, "2026-05-04 09:30"),
        ("2026-05-08 16:00", 1, "2026-05-08 17:00"),
        ("2026-05-08 16:00", 1.5, "2026-05-12 09:30"),
        # The worked Saturdays that are short, because the day they are worked for was an eve.
        ("2024-11-02 16:00", 2, "2024-11-05 10:00"),
        ("2025-11-01 16:00", 2, "2025-11-05 10:00"),
        ("2027-02-20 16:00", 2, "2027-02-24 10:00"),
        # Before opening, at closing, on a Sunday.
        ("2026-11-26 03:00", 1, "2026-11-26 10:00"),
        ("2026-11-26 18:00", 1, "2026-11-27 10:00"),
        ("2026-11-29 12:00", 9, "2026-11-30 18:00"),
    ],
)
def test_s_8_worked_examples(start, hours, due):
    assert add_business_time(at(start), timedelta(hours=hours), CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-26 19:20", 3, "2026-12-01 18:00"),
        ("2026-11-28 12:00", 1, "2026-11-30 18:00"),
        ("2026-12-29 10:00", 3, "2027-01-12 18:00"),
        ("2024-12-27 10:00", 3, "2025-01-10 18:00"),
        ("2026-03-06 10:00", 3, "2026-03-12 18:00"),
        ("2026-03-04 10:00", 2, "2026-03-06 18:00"),
        # The last day is a short one.
        ("2026-04-28 10:00", 2, "2026-04-30 17:00"),
        ("2024-10-31 10:00", 3, "2024-11-05 18:00"),
        ("2027-02-18 10:00", 3, "2027-02-24 18:00"),
        # Beyond the settled years: 4 November 2028 is a Saturday, Monday the 6th is free for it (article 112).
        ("2028-11-01 10:00", 3, "2028-11-07 18:00"),
        ("2028-11-01 10:00", 2, "2028-11-03 17:00"),
    ],
)
def test_i_25_terms_in_working_days(start, days, due):
    assert add_working_days(at(start), days, CALENDAR) == at(due)


def test_s_8_pauses_by_example():
    """Waiting for the requester from Thursday noon to Monday 11:00 gives back six hours and two."""
    pause = (at("2026-11-26 12:00"), at("2026-11-30 11:00"))
    due = add_business_time(at("2026-11-26 10:00"), timedelta(hours=9), CALENDAR, [pause])
    assert due == at("2026-11-30 18:00")


def test_i_25_the_school_has_its_own_day():
    """In Vladivostok it is already Friday: the term begins on Monday, and ends there at six."""
    far = production_calendar(ZoneInfo("Asia/Vladivostok"), working_week(Hours(time(9), time(18))))
    start = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
    assert add_working_days(start, 1, far) == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert add_working_days(start, 1, CALENDAR) == datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def test_a_short_day_with_a_lunch_break_loses_its_last_hour():
    day = EIGHT.hours_of(date(2026, 4, 30))
    assert day == (Hours(time(9), time(13)), Hours(time(14), time(17)))
    short = production_calendar(MOSCOW, working_week(Hours(time(9), time(12)), Hours(time(17), time(17, 30))))
    assert short.hours_of(date(2026, 4, 30)) == (Hours(time(9), time(11, 30)),)
    assert CALENDAR.version == f"ru-{SETTLED_UNTIL}"
