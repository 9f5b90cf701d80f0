"""Policies and calendars of support, and the deadlines that follow from them (S-9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from shared.business_time import (
    ALL_DAY,
    Calendar,
    Hours,
    Pause,
    add_business_time,
    every_day,
    production_calendar,
    working_week,
)

Target = Literal["first_response", "next_response", "solution"]

POLICY_VERSION = "2026-1"
"""Stamped on a ticket beside its calendar's version; changes with any number below."""

_MOSCOW = ZoneInfo("Europe/Moscow")

CALENDARS: Mapping[str, Calendar] = MappingProxyType({
    "office": production_calendar(_MOSCOW, working_week(Hours(time(9), time(18)))),
    "always": Calendar("always", _MOSCOW, every_day(ALL_DAY)),
})  # fmt: skip
"""Support works Mon–Fri 09–18 by the production calendar; P1 is watched round the clock."""

_DAY = CALENDARS["office"].day_length
"""A working day of a target is nine hours that may begin in the middle of one day and end in the next."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How long each target may take, in time of its calendar."""

    name: str
    calendar: str
    targets: Mapping[Target, timedelta]


def _policy(name: str, calendar: str, first: timedelta, following: timedelta, solution: timedelta) -> Policy:
    return Policy(name, calendar, {"first_response": first, "next_response": following, "solution": solution})


_HOUR = timedelta(hours=1)
POLICIES: Mapping[str, Policy] = MappingProxyType({
    policy.name: policy
    for policy in (
        _policy("p1", "always", _HOUR / 2, _HOUR, 4 * _HOUR),
        _policy("p2", "office", 2 * _HOUR, 4 * _HOUR, 9 * _HOUR),
        _policy("p3", "office", 4 * _HOUR, _DAY, 3 * _DAY),
        _policy("p4", "office", 2 * _DAY, 3 * _DAY, 10 * _DAY),
    )
})  # fmt: skip
"""By name, most urgent first."""


def deadlines(policy: Policy, calendar: Calendar, start: datetime, pauses: Sequence[Pause]) -> dict[Target, datetime]:
    """By when each target of a policy is due.

    Args:
        policy: what is promised.
        calendar: which time counts.
        start: the instant that the targets run from, aware.
        pauses: time that does not count (pending_user, external on_hold).
    """
    return {target: add_business_time(start, time, calendar, pauses) for target, time in policy.targets.items()}
