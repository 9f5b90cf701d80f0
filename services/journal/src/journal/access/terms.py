"""Days of a term as instants: an assignment counts from the morning of its first day to the end of its last."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEFORE_IT_IS_TOLD = "Europe/Moscow"
"""The time zone that counts until the school's own is known; the terms are put right when it comes."""


def term(first: date, last: date | None, time_zone: str) -> tuple[datetime | None, datetime | None]:
    """From the first midnight to the midnight after the last day, where the school is; aware, UTC; None: no limit."""
    zone = ZoneInfo(time_zone)
    return _midnight(first, zone), _midnight(last, zone, days_later=1) if last else None


def _midnight(day: date, zone: ZoneInfo, *, days_later: int = 0) -> datetime | None:
    try:
        return datetime.combine(day + timedelta(days=days_later), time.min, zone).astimezone(UTC)
    except OverflowError:
        return None  # registries write «for ever» as the last day there is
