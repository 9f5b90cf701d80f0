"""Days of a term as instants: an assignment counts from the morning of its first day to the end of its last."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEFORE_IT_IS_TOLD = "Europe/Moscow"
"""The time zone that counts until the school's own is known; the terms are put right when it comes."""


def term(first: date, last: date | None, time_zone: str) -> tuple[datetime, datetime | None]:
    """From the first midnight to the midnight after the last day, where the school is; aware, UTC."""
    zone = ZoneInfo(time_zone)
    starts = datetime.combine(first, time.min, zone).astimezone(UTC)
    if last is None or last == date.max:
        return starts, None
    return starts, datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC)
