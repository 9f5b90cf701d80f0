"""How much home work a day may bring (J-23). Pure."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["homework", "self_study"]

_NORM_MINUTES = {1: 60, 2: 90, 3: 90, 4: 120, 5: 120, 6: 150, 7: 150, 8: 150, 9: 210, 10: 210, 11: 210}
"""By grade: 1, 1.5, 2, 2.5, 3.5 hours (SanPiN 1.2.3685-21, table 6.6)."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a class has to do at home for one day."""

    minutes: int
    """Of the mandatory tasks that say how long they take."""
    norm_minutes: int
    unestimated: int
    """Mandatory tasks that do not say."""

    @property
    def over(self) -> bool:
        return self.minutes > self.norm_minutes


def norm_minutes(grade: int) -> int:
    """The most that one day's home work may take in this grade."""
    return _NORM_MINUTES[grade]


def load_of(grade: int, estimates: list[int | None]) -> Load:
    """The load of one day, from the estimates of its mandatory tasks (minutes; None: not given)."""
    known = [minutes for minutes in estimates if minutes is not None]
    return Load(sum(known), norm_minutes(grade), len(estimates) - len(known))
