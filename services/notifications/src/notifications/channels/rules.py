"""What a mail server's answer means for the next try (N-8)."""

from dataclasses import dataclass
from typing import Literal

FailureClass = Literal["transient", "permanent"]
_REFUSED_ADDRESS = frozenset({501, 510, 511, 550, 551, 553, 556})
"""Answers to RCPT TO that say that this mailbox does not exist or may not be written to (RFC 5321, RFC 7504)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail did not go out; the reason is a code, because a server's text quotes the address."""

    kind: FailureClass
    reason: str


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
