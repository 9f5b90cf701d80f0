"""Pure rules of signing in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_FAILURES = 5
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
"""Failures older than this count for nothing."""

SESSION_LIFETIME = timedelta(days=30)
"""A session that nobody renews for so long has ended."""

REFRESH_GRACE = timedelta(seconds=10)
"""Two tabs renew at the same moment, or a phone repeats a request: no theft. Later it is."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """What is remembered of one login."""

    failures: int
    last_attempt_at: datetime
    blocked_until: datetime


def delay_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: five are free, then 2 s, 4 s … 15 min (I-8)."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    # The exponent is capped, so that a persistent stranger does not overflow the calendar.
    doublings = min(failures - FREE_FAILURES, 20)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def attempted(before: Throttle | None, now: datetime) -> Throttle:
    """The throttle after one more attempt, which counts as failed until the password turns out right.

    Charged beforehand: a hundred attempts at the same instant must not all be the first one.
    """
    failures = 1
    if before is not None and now - before.last_attempt_at < FORGOTTEN_AFTER:
        failures = before.failures + 1
    return Throttle(failures, now, now + delay_after(failures))
