"""The one place that reads the clock, so that tests can hold it still."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers the present instant, aware and in UTC."""


def system_clock() -> datetime:
    """Answer the present instant of this machine in UTC."""
    return datetime.now(UTC)
