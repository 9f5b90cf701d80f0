"""The machine of an invitation, and who may move it (D-3, D-4, D-6, D-8). Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

VALID_FOR = timedelta(days=7)
"""From sending on, found or not (D-3)."""

MOST_A_DAY = 10
"""Invitations of one inviter in 24 hours, whatever came of them (D-8)."""

DAY = timedelta(hours=24)


class InvitationState(StrEnum):
    """Where an invitation stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class InvitationMove(StrEnum):
    """What people do to an invitation; lapsing is time's."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"


class InvitationPart(StrEnum):
    """What a caller is to an invitation."""

    INVITEE = "invitee"
    REPRESENTATIVE = "representative"


class Refusal(StrEnum):
    """Why a move is not made."""

    UNKNOWN = "unknown"
    """To a stranger there is no such invitation."""
    NOT_YOURS = "not_yours"
    OVER = "over"
    """Cancelled or lapsed: one answer for both (D-4)."""
    NOT_ALLOWED = "not_allowed"


_NEXT: Mapping[tuple[InvitationState, InvitationMove], InvitationState] = MappingProxyType(
    {
        (InvitationState.PENDING, InvitationMove.ACCEPT): InvitationState.ACCEPTED,
        (InvitationState.PENDING, InvitationMove.DECLINE): InvitationState.DECLINED,
        (InvitationState.PENDING, InvitationMove.CANCEL): InvitationState.CANCELLED,
    }
)
_WHOSE: Mapping[InvitationMove, InvitationPart] = MappingProxyType(
    {
        InvitationMove.ACCEPT: InvitationPart.INVITEE,
        InvitationMove.DECLINE: InvitationPart.INVITEE,
        InvitationMove.CANCEL: InvitationPart.REPRESENTATIVE,
    }
)
_OVER = frozenset({InvitationState.CANCELLED, InvitationState.LAPSED})


def state_at(state: InvitationState, expires_at: datetime, now: datetime) -> InvitationState:
    """The state at an instant: seven days that are over count before the row says so."""
    return InvitationState.LAPSED if state is InvitationState.PENDING and now >= expires_at else state


def judge(state: InvitationState, move: InvitationMove, parts: Iterable[InvitationPart]) -> InvitationState | Refusal:
    """Where a move of somebody with these parts leads, or why it leads nowhere."""
    mine = frozenset(parts)
    if not mine:
        return Refusal.UNKNOWN
    if _WHOSE[move] not in mine:
        return Refusal.NOT_YOURS
    if state in _OVER:
        return Refusal.OVER
    return _NEXT.get((state, move), Refusal.NOT_ALLOWED)


def allowed_moves(state: InvitationState, parts: Iterable[InvitationPart]) -> tuple[InvitationMove, ...]:
    """What somebody with these parts may do now."""
    mine = frozenset(parts)
    return tuple(move for move in InvitationMove if isinstance(judge(state, move, mine), InvitationState))


def expiry(sent_at: datetime, grant_until: datetime) -> datetime:
    """Until when an invitation can be answered: seven days, but no longer than what it offers."""
    return min(sent_at + VALID_FOR, grant_until)


def wait_for_limit(oldest_of_day: datetime, now: datetime) -> int:
    """Whole seconds until the oldest invitation of the day is a day old; at least one."""
    left = oldest_of_day + DAY - now
    return max(1, -(-int(left / timedelta(milliseconds=1)) // 1000))
