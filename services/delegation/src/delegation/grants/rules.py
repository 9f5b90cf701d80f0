"""The machine of a grant, who may move it, and how long it lasts (D-6, D-7, D-8). Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

SECTIONS = ("marks", "homework", "timetable", "attendance")
"""What of a diary can be granted, in the order it is shown in (D-7). Absences come without their reasons."""

MOST_ACTIVE = 5
"""Trusted persons of one child at a time (D-8)."""


class GrantState(StrEnum):
    """Where a grant stands."""

    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


class GrantMove(StrEnum):
    """What people do to a grant; time does the rest."""

    REVOKE = "revoke"
    LEAVE = "leave"


class GrantPart(StrEnum):
    """What a caller is to a grant."""

    TRUSTED = "trusted"
    REPRESENTATIVE = "representative"


_NEXT: Mapping[tuple[GrantState, GrantMove], GrantState] = MappingProxyType(
    {
        (GrantState.ACTIVE, GrantMove.REVOKE): GrantState.REVOKED,
        (GrantState.ACTIVE, GrantMove.LEAVE): GrantState.REVOKED,
    }
)
_WHOSE: Mapping[GrantMove, GrantPart] = MappingProxyType(
    {GrantMove.REVOKE: GrantPart.REPRESENTATIVE, GrantMove.LEAVE: GrantPart.TRUSTED}
)


class TermOutOfBounds(ValueError):
    """The last day asked for is over, or more than twelve months away."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(first, last)
        self.first = first
        self.last = last


def state_at(state: GrantState, valid_until: datetime, now: datetime) -> GrantState:
    """The state at an instant: a term that is over counts before the row says so."""
    return GrantState.EXPIRED if state is GrantState.ACTIVE and now >= valid_until else state


def next_state(state: GrantState, move: GrantMove) -> GrantState | None:
    """Where a move leads; None: it is not allowed."""
    return _NEXT.get((state, move))


def allowed_moves(state: GrantState, parts: Iterable[GrantPart]) -> tuple[GrantMove, ...]:
    """What somebody with these parts may do now."""
    mine = frozenset(parts)
    return tuple(move for move in GrantMove if _WHOSE[move] in mine and next_state(state, move) is not None)


def ending_move(parts: Iterable[GrantPart]) -> GrantMove | None:
    """How a caller with these parts ends a grant; None: a stranger, who is not even told that it exists.

    A representative revokes, also when being the trusted person at the same time: the child's side is the stronger.
    """
    mine = frozenset(parts)
    if GrantPart.REPRESENTATIVE in mine:
        return GrantMove.REVOKE
    return GrantMove.LEAVE if GrantPart.TRUSTED in mine else None


def last_day(today: date) -> date:
    """The default term: until 31 August, when a school year is over (D-6)."""
    this_year = date(today.year, 8, 31)
    return this_year if today <= this_year else date(today.year + 1, 8, 31)


def latest_day(today: date) -> date:
    """Twelve months from today (D-6)."""
    try:
        return today.replace(year=today.year + 1)
    except ValueError:  # 29 February
        return date(today.year + 1, 2, 28)


def term_end(until: date | None, now: datetime, time_zone: str) -> datetime:
    """The instant a term ends: the midnight after its last day, where the child goes to school; aware, UTC.

    Raises:
        TermOutOfBounds: before today, or more than twelve months away.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    day = last_day(today) if until is None else until
    if not today <= day <= latest_day(today):
        raise TermOutOfBounds(today, latest_day(today))
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def whole_scope(scope: Iterable[str] | None) -> tuple[str, ...]:
    """The sections granted, each once and in order; all four unless some are named (D-7)."""
    named = frozenset(SECTIONS if scope is None else scope)
    return tuple(section for section in SECTIONS if section in named)
