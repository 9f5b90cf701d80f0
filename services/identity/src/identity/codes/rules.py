"""Pure rules of one-time codes (I-2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

CodePurpose = Literal["registration", "recovery", "contact_change", "sign_in"]
CodeForm = Literal["code", "link"]

TRIES = 5
"""Wrong codes and the right one, all told."""
RESEND_AFTER = timedelta(seconds=60)
A_DAY = 5
"""Codes and links to one number or mailbox."""
DAY = timedelta(hours=24)
LIFETIME: Mapping[CodeForm, timedelta] = MappingProxyType({"code": timedelta(minutes=5), "link": timedelta(hours=24)})
"""A mailbox is not looked into every five minutes, and nobody guesses 256 random bits."""


def wait_before_next(asked: Sequence[datetime], now: datetime) -> timedelta:
    """How long until the next code may be asked for; zero or less: at once.

    Args:
        asked: when codes were asked for within the last day, the newest first.
        now: the present instant.
    """
    waits = [timedelta(0)]
    if asked:
        waits.append(asked[0] + RESEND_AFTER - now)
    if len(asked) >= A_DAY:
        waits.append(asked[A_DAY - 1] + DAY - now)
    return max(waits)
