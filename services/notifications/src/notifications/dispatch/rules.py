"""When to try again, when to give up, and when a message is no longer wanted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid5

_MINUTE = timedelta(minutes=1)
DELAYS: Final = (
    timedelta(seconds=15),
    _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    60 * _MINUTE,
    120 * _MINUTE,
    240 * _MINUTE,
)
"""After the first, second … transient failure; the last one repeats (N-8)."""
MAX_ATTEMPTS: Final = 12
NO_ADDRESS_ATTEMPTS: Final = 2
"""An address may still be on its way when the message is; after these tries there is none."""
LEASE: Final = timedelta(minutes=2)
"""How long a message belongs to who is sending it; longer than the conversation with the mail server may take."""
USEFUL_LIFE: Final = timedelta(hours=72)
"""Past it a message does not go out any more (N-7: ticket 72 h; an invitation only until it lapses)."""

MANDATORY: Final = frozenset({"ticket_opened", "ticket_status_changed"})
"""Kinds whose mail goes in any case, also when the item was already read (N-4: locked)."""

Unwanted = Literal["useful_life_over", "superseded", "already_read", "access_lost", "account_disabled"]


def message_id(notice_id: UUID, recipient_id: UUID, channel: str) -> UUID:
    """The id under which a message goes out: the same at every try, so that a second delivery is recognised."""
    return uuid5(notice_id, f"{recipient_id}:{channel}")


def next_attempt(now: datetime, attempts: int, jitter: Callable[[], float]) -> datetime:
    """When to try again after a transient failure, with full jitter (N-8).

    Args:
        now: The instant of the failure.
        attempts: Tries so far, this one included.
        jitter: Answers a number of 0 … 1.
    """
    longest = DELAYS[min(attempts, len(DELAYS)) - 1]
    return now + max(timedelta(seconds=1), longest * jitter())


def unwanted(
    *,
    now: datetime,
    expires_at: datetime,
    superseded: bool,
    read_already: bool,
    may_know: bool,
    disabled: bool,
) -> Unwanted | None:
    """Why a message must not go out, looked at again just before sending (N-6, N-7); None: it goes."""
    if expires_at <= now:
        return "useful_life_over"
    if disabled:
        return "account_disabled"
    if not may_know:
        return "access_lost"
    if superseded:
        return "superseded"
    if read_already:
        return "already_read"
    return None
