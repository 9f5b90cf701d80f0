"""Days of a term as instants: an assignment counts from the morning of its first day to the end of its last."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Europe/Moscow")
"""Where support works (S-9): its days begin there, wherever the requester lives."""


def term(first: date, last: date | None) -> tuple[datetime, datetime | None]:
    """From the first midnight to the midnight after the last day; aware, UTC."""
    starts = datetime.combine(first, time.min, OFFICE).astimezone(UTC)
    if last is None or last == date.max:
        return starts, None
    return starts, datetime.combine(last + timedelta(days=1), time.min, OFFICE).astimezone(UTC)
