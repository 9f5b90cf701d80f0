"""What a day's bag weighs, against the norm (J-25). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

_NORM_GRAMS = {1: 1500, 2: 1500, 3: 2000, 4: 2000, 5: 2500, 6: 2500, 7: 3500, 8: 3500, 9: 4000, 10: 4000, 11: 4000}
"""By grade: the daily set of books and writing materials (SanPiN 2.4.3648-20, 3.5.7 ff.)."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to bring to a lesson."""

    subject_id: UUID
    title: str
    grams: int


@dataclass(frozen=True, slots=True)
class Weight:
    """What one day's bag weighs."""

    grams: int
    norm_grams: int

    @property
    def over(self) -> bool:
        return self.grams > self.norm_grams


def norm_grams(grade: int) -> int:
    """The most that the bag of one day may weigh in this grade."""
    return _NORM_GRAMS[grade]


def weight_of(grade: int, things: Iterable[Thing]) -> Weight:
    """The weight of one day's things.

    The same thing for two lessons of one subject lies in the bag once; if its teachers weigh it differently,
    the heavier one counts.
    """
    heaviest: dict[tuple[UUID, str], int] = {}
    for thing in things:
        key = thing.subject_id, thing.title.casefold()
        heaviest[key] = max(thing.grams, heaviest.get(key, 0))
    return Weight(sum(heaviest.values()), norm_grams(grade))
