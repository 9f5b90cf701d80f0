"""When to try again, when to give up, and when a message is no longer wanted."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID, uuid5

from notifications.dispatch.quiet_hours import QuietHours

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
"""How long a message belongs to who is sending it; after a crash it goes again."""
CODE_LEASE: Final = timedelta(seconds=30)
"""The same for a one-time code, which lives for minutes."""
WITHIN: Final = 0.8
"""How much of a lease the conversation with the server may take."""
USEFUL_LIFE: Final = timedelta(hours=72)
"""Past it a message does not go out any more (N-7: ticket 72 h; an invitation only until it lapses)."""
ABSENCE_LIFE: Final = timedelta(hours=6)
"""The same for a child who is not at school (N-7)."""
SECURITY_LIFE: Final = timedelta(hours=24)
"""The same for what an owner must hear of at once; the inbox copy stays."""

CODE_DELAYS: Final = (
    *(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20, 30)),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 15, 30, 60)),
)
"""Pauses of one-time codes: somebody sits before a form and waits. The later ones are for links, which live for a day
and which a mailbox's server may refuse for a quarter of an hour, to see whether we come again (greylisting)."""

Priority = Literal[0, 1, 2]
CODES: Final[Priority] = 0
SECURITY: Final[Priority] = 1
OTHERS: Final[Priority] = 2
"""Who goes first in every queue (N-13)."""

Target = Literal["account", "requester", "code", "old_contact", "record"]
"""Whose address: the account's own as it is when the message goes, or one that came sealed with the event: the
requester's of a ticket, a one-time code's, the one that an account had before, those of a school's record."""

NEVER_IN_THE_INBOX: Final = frozenset(
    {"one_time_code", "contact_already_registered", "security_contact_removed", "record_access_accepted"}
)
"""Kinds that are only sent: they are for whoever holds the address, not for an account (N-13)."""
QUIET_HOURS: Final = "quiet_hours"
"""The reason of a message that waits for the morning."""
AT_NIGHT: Final = QuietHours(begin=time(22), end=time(7))
QUIET: Final[dict[str, QuietHours]] = {
    "absence_without_notice": AT_NIGHT,
    "lateness": AT_NIGHT,
    "absence_removed": AT_NIGHT,
}
"""Kinds that do not go at every hour (N-4)."""
MANDATORY: Final = NEVER_IN_THE_INBOX | frozenset(
    {
        "ticket_opened",
        "ticket_status_changed",
        "security_new_device",
        "security_contact_changed",
        "security_password_changed",
        "security_refresh_reused",
        "application_registered",
        "application_moved",
        "application_granted",
        "application_refused",
    }
)
"""Kinds whose messages go in any case, also when the item was already read (N-4: locked)."""

Unwanted = Literal["useful_life_over", "superseded", "already_read", "access_lost", "account_disabled"]


def message_id(event_id: UUID, recipient_id: UUID, channel: str, target: Target) -> UUID:
    """The id under which a message goes out: the same at every try, so that a second delivery is recognised."""
    return uuid5(event_id, f"{recipient_id}:{channel}:{target}")


def lease_of(priority: Priority) -> timedelta:
    """How long a message of this priority belongs to who is sending it."""
    return CODE_LEASE if priority == CODES else LEASE


def next_attempt(
    now: datetime,
    attempts: int,
    jitter: Callable[[], float],
    *,
    priority: Priority = OTHERS,
    not_before: timedelta | None = None,
) -> datetime:
    """When to try again after a transient failure, with full jitter (N-8).

    Args:
        now: The instant of the failure.
        attempts: Tries so far, this one included.
        jitter: Answers a number of 0 … 1.
        priority: One-time codes do not wait long.
        not_before: How long the server wants to be left alone.
    """
    delays = CODE_DELAYS if priority == CODES else DELAYS
    longest = delays[min(attempts, len(delays)) - 1]
    return now + max(timedelta(seconds=1), longest * jitter(), not_before or timedelta(0))


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
