"""A day's regime, put together (J-5). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, Protocol

from journal.bells.rules import Ring, breaks_of

ItemKind = Literal["extracurricular", "club", "physical_activity", "meal", "walk"]


@dataclass(frozen=True, slots=True)
class RegimeItem:
    """Something that a class does on a weekday (1 is Monday) besides lessons."""

    kind: ItemKind
    weekday: int
    starts_at: time
    ends_at: time
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Regime:
    """All that a class does besides lessons; version 0: nothing was written down yet."""

    version: int
    items: tuple[RegimeItem, ...]


@dataclass(frozen=True, slots=True)
class DayRegime:
    """One day of a class."""

    bells: tuple[Ring, ...]
    """The lessons of the bell schedule."""
    breaks: tuple[Ring, ...]
    """Breaks and dynamic pauses."""
    items: tuple[RegimeItem, ...]

    def of_kind(self, kind: ItemKind) -> list[RegimeItem]:
        return [item for item in self.items if item.kind == kind]


FREE_DAY = DayRegime((), (), ())


def regime_of_day(rings: Sequence[Ring], numbers: Iterable[int], items: Iterable[RegimeItem], day: date) -> DayRegime:
    """The regime of a school day.

    Args:
        rings: of the bell schedule that the class follows on the day.
        numbers: of the lessons that the class has: bells after its last one do not ring for it. None: all do.
        items: what the class does besides lessons, on all weekdays.
        day: which one.
    """
    last = max(numbers, default=None)
    kept = list(rings)
    if last is not None:
        ends = [place for place, ring in enumerate(kept) if ring.number is not None and ring.number <= last]
        kept = kept[: ends[-1] + 1] if ends else []
    of_day = sorted((one for one in items if one.weekday == day.isoweekday()), key=lambda one: one.starts_at)
    return DayRegime(tuple(ring for ring in kept if ring.kind == "lesson"), tuple(breaks_of(kept)), tuple(of_day))


class TimedLesson(Protocol):
    """What of a lesson is needed here."""

    @property
    def number(self) -> int: ...
    @property
    def starts_at(self) -> time: ...
    @property
    def ends_at(self) -> time: ...


def rings_of_lessons(lessons: Iterable[TimedLesson]) -> tuple[Ring, ...]:
    """The bells of a class that has no schedule of bells: its lessons came by a file, which says when they are."""
    rings = {one.number: Ring("lesson", one.number, one.starts_at, one.ends_at) for one in lessons}
    return tuple(sorted(rings.values(), key=lambda ring: ring.starts_at))
