from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.dispatch.quiet_hours import QuietHours

MOSCOW = ZoneInfo("Europe/Moscow")
NIGHT = QuietHours(begin=time(22), end=time(7))
ZONES = st.sampled_from([MOSCOW, *(ZoneInfo(f"Asia/{town}") for town in ("Kamchatka", "Yekaterinburg"))])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- made aware by timezones


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2026-11-23T21:59:59", "2026-11-23T21:59:59"),
        ("2026-11-23T22:00:00", "2026-11-24T07:00:00"),
        ("2026-11-24T00:00:00", "2026-11-24T07:00:00"),
        ("2026-11-24T06:59:59", "2026-11-24T07:00:00"),
        ("2026-11-24T07:00:00", "2026-11-24T07:00:00"),
    ],
)
def test_absences_go_from_seven_to_ten_at_night(at: str, goes: str) -> None:
    """N-4, by the clock of the school's zone."""
    asked = datetime.fromisoformat(at).replace(tzinfo=MOSCOW)
    assert NIGHT.over(asked.astimezone(UTC), MOSCOW) == datetime.fromisoformat(goes).replace(tzinfo=MOSCOW)


def test_hours_within_a_day() -> None:
    """N-5: somebody may want quiet lessons instead of quiet nights."""
    lessons = QuietHours(begin=time(9), end=time(14))
    noon = datetime(2026, 11, 23, 12, tzinfo=MOSCOW)
    assert lessons.over(noon, MOSCOW) == datetime(2026, 11, 23, 14, tzinfo=MOSCOW)
    assert lessons.over(noon.replace(hour=22), MOSCOW) == noon.replace(hour=22)
    with pytest.raises(ValueError, match="begin when they end"):
        QuietHours(begin=time(9), end=time(9))


@given(at=INSTANTS, zone=ZONES, begin=st.times(), end=st.times())
def test_whatever_the_hours(at: datetime, zone: ZoneInfo, begin: time, end: time) -> None:
    """Never back in time, never more than a day on, and what comes out is not quiet."""
    if begin == end:
        return
    hours = QuietHours(begin=begin, end=end)
    over = hours.over(at, zone)
    assert at <= over <= at + timedelta(days=1)
    assert hours.over(over, zone) == over
    assert over in {at, over.astimezone(zone).replace(hour=end.hour, minute=end.minute, second=end.second)}


def test_a_clock_that_is_put_back() -> None:
    """Summer time ends in the night: seven is seven by the new time."""
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 24, 23, tzinfo=berlin)
    assert NIGHT.over(before, berlin) == datetime(2026, 10, 25, 6, tzinfo=UTC)
