"""The life of a ticket as pure rules: which status follows which, and what a move needs (S-5, S-7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    """Where a ticket is; the order is the one in which people read them."""

    NEW = "new"
    OPEN = "open"
    PENDING_USER = "pending_user"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"
    SPAM = "spam"


_MOVES: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset(
        {Status.OPEN, Status.PENDING_USER, Status.ON_HOLD, Status.RESOLVED, Status.MERGED, Status.SPAM}
    ),
    Status.OPEN: frozenset({Status.PENDING_USER, Status.ON_HOLD, Status.RESOLVED, Status.MERGED}),
    Status.PENDING_USER: frozenset({Status.OPEN, Status.ON_HOLD, Status.RESOLVED, Status.MERGED}),
    Status.ON_HOLD: frozenset({Status.OPEN, Status.PENDING_USER, Status.RESOLVED, Status.MERGED}),
    Status.RESOLVED: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset(),
    Status.MERGED: frozenset(),
    Status.SPAM: frozenset({Status.NEW}),
}
"""S-5, but for what depends on time: see `allowed_moves`."""

UNDO_WITHIN = timedelta(hours=24)
"""As long a closing can be taken back."""

LONGEST_HOLD = timedelta(days=366)

AT_WORK = frozenset({Status.NEW, Status.OPEN, Status.PENDING_USER, Status.ON_HOLD})
"""Somebody still waits for something."""

ANSWERABLE = AT_WORK | {Status.RESOLVED}
"""An answer still reaches somebody who expects one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a ticket as its next move depends on."""

    status: Status
    since: datetime
    """When it came to this status."""
    answered: bool
    """Whether it has a public answer since it was last reopened."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a ticket pauses, and until when."""

    reason: str
    until: datetime


class Obstacle(StrEnum):
    """Why a move cannot be made."""

    NOT_ALLOWED = "not_allowed"
    ANSWER_REQUIRED = "answer_required"
    HOLD_REQUIRED = "hold_required"
    HOLD_NOT_WANTED = "hold_not_wanted"
    HOLD_OUT_OF_RANGE = "hold_out_of_range"


def allowed_moves(status: Status, since: datetime, now: datetime) -> tuple[Status, ...]:
    """What a ticket that has been in `status` since an instant may become now, in reading order.

    A closed ticket goes back to resolved, which is where it came from, and only within 24 hours.
    """
    found = _MOVES[status]
    if status is Status.CLOSED and now - since < UNDO_WITHIN:
        found = frozenset({Status.RESOLVED})
    return tuple(sorted(found, key=list(Status).index))


def obstacle(standing: Standing, to: Status, hold: Hold | None, now: datetime) -> Obstacle | None:
    """What stands in the way of a move; None: nothing."""
    if to not in allowed_moves(standing.status, standing.since, now):
        return Obstacle.NOT_ALLOWED
    if to is Status.ON_HOLD and hold is None:
        return Obstacle.HOLD_REQUIRED
    if to is not Status.ON_HOLD and hold is not None:
        return Obstacle.HOLD_NOT_WANTED
    if hold is not None and not now < hold.until <= now + LONGEST_HOLD:
        return Obstacle.HOLD_OUT_OF_RANGE
    # Taking a closing back is no new solution: its answer was given before.
    if to is Status.RESOLVED and standing.status is not Status.CLOSED and not standing.answered:
        return Obstacle.ANSWER_REQUIRED
    return None


def keeps_answer(old: Status, new: Status) -> bool:
    """Whether the answer given so far still counts after a move: reopening asks for another one."""
    return not (old is Status.RESOLVED and new is Status.OPEN)
