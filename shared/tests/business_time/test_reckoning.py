"""S-8, I-25: deadlines in business time; the laws that hold on every calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.business_time import (
    ALL_DAY,
    Calendar,
    Hours,
    NoBusinessTime,
    add_business_time,
    add_working_days,
    business_time_between,
    every_day,
    production_calendar,
    working_week,
)

MOSCOW = ZoneInfo("Europe/Moscow")
OFFICE = production_calendar(MOSCOW, working_week(Hours(time(9), time(18))))
WITH_LUNCH = production_calendar(
    ZoneInfo("Asia/Vladivostok"), working_week(Hours(time(8, 30), time(12, 15)), Hours(time(13), time(17)))
)
NIGHTS = Calendar("nights", ZoneInfo("Europe/Berlin"), every_day(Hours(time(0), time(2, 30)), Hours(time(22), time(0))))
CALENDARS = (OFFICE, WITH_LUNCH, NIGHTS)

calendars = st.sampled_from(CALENDARS)
instants = st.datetimes(datetime(2024, 1, 5), datetime(2027, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis adds the zone
durations = st.timedeltas(timedelta(), timedelta(hours=90))
pauses = st.lists(
    st.tuples(instants, st.timedeltas(timedelta(), timedelta(days=20))).map(lambda p: (p[0], p[0] + p[1])), max_size=4
)


@given(calendars, instants, durations, durations, pauses)
def test_s_8_terms_add_up(calendar, start, first, second, paused):
    at_once = add_business_time(start, first + second, calendar, paused)
    assert add_business_time(add_business_time(start, first, calendar, paused), second, calendar, paused) == at_once


@given(calendars, instants, durations, pauses)
def test_s_8_what_was_added_has_passed(calendar, start, duration, paused):
    due = add_business_time(start, duration, calendar, paused)
    assert business_time_between(start, due, calendar, paused) == duration
    if duration:
        assert business_time_between(start, due - timedelta.resolution, calendar, paused) < duration, "the first such"


@given(calendars, instants, instants, durations, pauses)
def test_s_8_who_starts_later_is_not_due_earlier(calendar, one, other, duration, paused):
    assume(duration)
    earlier, later = sorted((one, other))
    assert add_business_time(earlier, duration, calendar, paused) <= add_business_time(
        later, duration, calendar, paused
    )


@given(calendars, instants, instants, instants, pauses)
def test_s_8_time_between_adds_up(calendar, a, b, c, paused):
    a, b, c = sorted((a, b, c))
    whole = business_time_between(a, c, calendar, paused)
    assert business_time_between(a, b, calendar, paused) + business_time_between(b, c, calendar, paused) == whole
    assert business_time_between(c, a, calendar, paused) == -whole


@given(calendars, instants, durations, st.timedeltas(timedelta(), timedelta(days=9)), durations)
def test_s_8_a_pause_gives_back_just_the_time_it_took(calendar, start, duration, length, later):
    """A pause before the deadline moves it by the business time that lay in the pause; one after it moves nothing."""
    assume(duration)
    due = add_business_time(start, duration, calendar)
    begin = start + (due - start) / 3
    pause = (begin, begin + length)
    lost = business_time_between(*pause, calendar)
    paused = add_business_time(start, duration, calendar, [pause])
    if begin + length <= due:
        assert paused == add_business_time(start, duration + lost, calendar)
    assert add_business_time(start, duration, calendar, [(due + later, due + later + length)]) == due


@given(instants, durations, pauses, st.sampled_from(["Europe/Moscow", "Asia/Kamchatka", "Europe/Berlin", "UTC"]))
def test_s_9_round_the_clock_is_plain_time(start, duration, paused, zone):
    """P1 runs 24/7; also where clocks are changed."""
    clock = Calendar("24/7", ZoneInfo(zone), every_day(ALL_DAY))
    assert add_business_time(start, duration, clock) == start + duration
    assert business_time_between(start, start + duration, clock) == duration
    assert clock.day_length == timedelta(days=1)


@given(calendars, instants, st.integers(1, 30), st.integers(1, 30))
def test_i_25_terms_in_days_add_up(calendar, start, first, second):
    assume(calendar is not NIGHTS)  # a day that ends at midnight ends on the next date
    at_once = add_working_days(start, first + second, calendar)
    assert add_working_days(add_working_days(start, first, calendar), second, calendar) == at_once
    assert calendar.is_working_day(calendar.day_of(at_once))


@given(instants, pauses)
def test_s_8_overlapping_pauses_count_once(start, paused):
    doubled = [*paused, *paused, *((begin, begin + (end - begin) / 2) for begin, end in paused)]
    hour = timedelta(hours=5)
    assert add_business_time(start, hour, OFFICE, doubled) == add_business_time(start, hour, OFFICE, paused)


def test_the_answer_stays_in_the_zone_of_the_question():
    start = datetime(2026, 11, 26, 10, tzinfo=MOSCOW)
    assert add_business_time(start, timedelta(hours=1), OFFICE).tzinfo is MOSCOW
    assert add_working_days(start, 1, OFFICE).tzinfo is MOSCOW


def test_a_calendar_without_hours_is_refused_and_not_searched_for_ever():
    never = Calendar("never", MOSCOW, {})
    start = datetime(2026, 11, 26, tzinfo=UTC)
    with pytest.raises(NoBusinessTime):
        add_business_time(start, timedelta(seconds=1), never)
    with pytest.raises(NoBusinessTime):
        add_working_days(start, 1, never)
    assert business_time_between(start, start + timedelta(days=3), never) == timedelta()


def test_what_makes_no_sense_is_refused():
    start = datetime(2026, 11, 26, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        add_business_time(start.replace(tzinfo=None), timedelta(hours=1), OFFICE)
    with pytest.raises(ValueError, match="not taken away"):
        add_business_time(start, timedelta(hours=-1), OFFICE)
    with pytest.raises(ValueError, match="pause"):
        add_business_time(start, timedelta(hours=1), OFFICE, [(start, start - timedelta(hours=1))])
    with pytest.raises(ValueError, match="at least one day"):
        add_working_days(start, 0, OFFICE)
    with pytest.raises(ValueError, match="close after"):
        Hours(time(18), time(9))
    with pytest.raises(ValueError, match="order"):
        Calendar("x", MOSCOW, working_week(Hours(time(9), time(13)), Hours(time(12), time(18))))
    with pytest.raises(ValueError, match="weekdays"):
        Calendar("x", MOSCOW, {7: (ALL_DAY,)})


def test_hours_across_a_change_of_clocks_are_as_long_as_they_last():
    """Germany on 29 March 2026 has 23 hours, on 25 October 25."""
    clock = Calendar("24/7", ZoneInfo("Europe/Berlin"), every_day(ALL_DAY))
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 3, 30), 24), (date(2026, 10, 25), 25)):
        ((begin, end),) = clock.spans_of(day)
        assert end - begin == timedelta(hours=hours)
