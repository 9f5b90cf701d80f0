"""Finds who or what is in two lessons at once (J-4). By the clock, not by number: grade 1 has bells of its own."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Literal
from uuid import UUID

from journal.mistakes import FileRule
from journal.timetable import rules


@dataclass(frozen=True, slots=True)
class Planned:
    """A lesson that is to stand in the timetable."""

    line: int | None
    """Its place in what is asked for: a line of a file, for example; None: it stands there already."""
    class_id: UUID
    class_name: str
    teacher_id: UUID
    room: str
    date: date
    number: int
    starts_at: time
    ends_at: time

    def __str__(self) -> str:
        """As the other side of a clash is named: «7А, № 2, 09:25–10:10»."""
        return f"{self.class_name}, № {self.number}, {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


Who = Literal["class", "teacher", "room"]


@dataclass(frozen=True, slots=True)
class Clash:
    """`lesson`, which is asked for, cannot be held because of `other`."""

    lesson: Planned
    other: Planned
    who: Who
    """Who or what would be in both."""
    rule: FileRule


_WHO: tuple[tuple[Callable[[Planned], Hashable], Who, FileRule], ...] = (
    (lambda lesson: lesson.class_id, "class", rules.CLASS_TWICE),
    (lambda lesson: lesson.teacher_id, "teacher", rules.TEACHER_TWICE),
    # Some rooms are not named; those never clash.
    (lambda lesson: lesson.room or None, "room", rules.ROOM_TWICE),
)


def clashes(lessons: Iterable[Planned]) -> Iterator[Clash]:
    """All clashes that a lesson which is asked for takes part in, each once."""
    lessons = list(lessons)
    for key_of, who, rule in _WHO:
        days: dict[tuple[date, Hashable], list[Planned]] = defaultdict(list)
        for lesson in lessons:
            if (key := key_of(lesson)) is not None:
                days[lesson.date, key].append(lesson)
        for day in days.values():
            for lesson, other in _overlapping(day):
                yield Clash(lesson, other, who, rule)


def _overlapping(day: list[Planned]) -> Iterator[tuple[Planned, Planned]]:
    """Neighbours in time that overlap; the one asked for later, or asked for at all, comes first."""
    longest: Planned | None = None
    for lesson in sorted(day, key=lambda one: (one.starts_at, one.ends_at, one.line or 0)):
        if longest is not None and lesson.starts_at < longest.ends_at:
            first, second = sorted((longest, lesson), key=lambda one: one.line or 0)
            if second.line is not None:
                yield second, first
        if longest is None or lesson.ends_at > longest.ends_at:
            longest = lesson
