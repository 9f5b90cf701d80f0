"""What the answer of a mail server or an SMS gateway means for the next try (N-8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

Channel = Literal["email", "sms"]
ContactKind = Literal["email", "phone"]
CONTACT_OF: Final[dict[Channel, ContactKind]] = {"email": "email", "sms": "phone"}
"""Which address a channel needs."""

FailureClass = Literal["transient", "permanent"]
_REFUSED_ADDRESS = frozenset({501, 510, 511, 550, 551, 553, 556})
"""Answers to RCPT TO that say that this mailbox does not exist or may not be written to (RFC 5321, RFC 7504)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message did not go out; the reason is a code, because a server's text quotes the address."""

    kind: FailureClass
    reason: str
    not_before: timedelta | None = None
    """How long the server wants to be left alone."""


NETWORK = Failure("transient", "network")
UNSUPPORTED_ADDRESS = Failure("permanent", "address_refused")
UNWRITABLE = Failure("permanent", "unwritable")
UNREADABLE_ADDRESS = Failure("permanent", "address_unreadable")


def classify_reply(code: int, *, of_recipient: bool) -> Failure:
    """Judge an SMTP reply: 4xx may pass, 5xx will not (RFC 5321 §4.2.1).

    Args:
        code: The reply's three digits.
        of_recipient: It answered RCPT TO, so it is about the address and not about the message.
    """
    if 400 <= code < 500:
        return Failure("transient", "temporarily_refused")
    if of_recipient and code in _REFUSED_ADDRESS:
        return Failure("permanent", "address_refused")
    return Failure("permanent", "message_refused")


_OF_OURSELVES: Final = frozenset({401, 403, 405, 407})
"""Answers that speak of our credentials and not of the message: they pass when somebody mends the settings."""
_TRY_LATER: Final = frozenset({408, 425})
LONGEST_PAUSE: Final = timedelta(hours=4)
"""No gateway holds a message back for longer than our own pauses do."""


def classify_status(status: int, retry_after: str | None, now: datetime) -> Failure | None:
    """Judge an HTTP answer of a gateway; None: it took the message.

    Args:
        status: 2xx took it, 429 and 5xx may pass, other 4xx will not.
        retry_after: The header, seconds or a date (RFC 9110 §10.2.3).
        now: What a date is reckoned from.
    """
    if 200 <= status < 300:
        return None
    if status == 429:
        return Failure("transient", "rate_limited", _pause(retry_after, now))
    if status >= 500 or status in _TRY_LATER:
        return Failure("transient", "temporarily_refused", _pause(retry_after, now))
    if status < 400 or status in _OF_OURSELVES:
        return Failure("transient", "gateway_refuses_us")
    return Failure("permanent", "message_refused")


def _pause(retry_after: str | None, now: datetime) -> timedelta | None:
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isascii() and retry_after.strip().isdigit():
            pause = timedelta(seconds=min(int(retry_after[:9]), LONGEST_PAUSE.total_seconds()))
        else:
            pause = parsedate_to_datetime(retry_after) - now
    except (ValueError, TypeError):
        return None
    return min(max(pause, timedelta(0)), LONGEST_PAUSE)
