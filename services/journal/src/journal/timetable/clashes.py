"""Finds who or what is in two lessons at once (J-4). By the clock, not by number: grade 1 has bells of its own."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal
from uuid import UUID

from journal.mistakes import FileRule
from journal.timetable import rules

Key = tuple[UUID, date, int, UUID | None]
"""What a lesson is known by: class, day, number, and group if it is not the whole class's."""


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
    group_id: UUID | None = None
    """None: the whole class's."""
    group_title: str | None = field(default=None, compare=False)

    @property
    def key(self) -> Key:
        return (self.class_id, self.date, self.number, self.group_id)

    def __str__(self) -> str:
        """As the other side of a clash is named: «7А (Английский 1), № 2, 09:25–10:10»."""
        who = self.class_name if self.group_title is None else f"{self.class_name} ({self.group_title})"
        return f"{who}, № {self.number}, {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


Who = Literal["class", "group", "teacher", "room"]


@dataclass(frozen=True, slots=True)
class Clash:
    """`lesson`, which is asked for, cannot be held because of `other`."""

    lesson: Planned
    other: Planned
    who: Who
    """Who or what would be in both."""
    rule: FileRule


Finding = tuple[Who, FileRule]


def clashes(lessons: Iterable[Planned], members: Mapping[UUID, frozenset[UUID]]) -> Iterator[Clash]:
    """Clashes that lessons which are asked for take part in; of what overlaps in time the first that cannot be.

    Args:
        lessons: all that shall be held.
        members: the pupils of the groups among them: groups that share none may have lessons at once.
    """

    def of_class(one: Planned, other: Planned) -> Finding | None:
        if one.group_id is None or other.group_id is None:
            return "class", rules.CLASS_TWICE
        if one.group_id == other.group_id:
            return "group", rules.GROUP_TWICE
        if members.get(one.group_id, _NOBODY) & members.get(other.group_id, _NOBODY):
            return "group", rules.GROUPS_SHARE_PUPILS
        return None

    lessons = list(lessons)
    for key_of, finding in ((_class_of, of_class), *_WHO):
        days: dict[tuple[date, Hashable], list[Planned]] = defaultdict(list)
        for lesson in lessons:
            if (key := key_of(lesson)) is not None:
                days[lesson.date, key].append(lesson)
        for day in days.values():
            yield from _of_day(day, finding)


def _class_of(lesson: Planned) -> Hashable:
    return lesson.class_id


_NOBODY: frozenset[UUID] = frozenset()
_WHO: tuple[tuple[Callable[[Planned], Hashable], Callable[[Planned, Planned], Finding | None]], ...] = (
    (lambda lesson: lesson.teacher_id, lambda *_: ("teacher", rules.TEACHER_TWICE)),
    # Some rooms are not named; those never clash.
    (lambda lesson: lesson.room or None, lambda *_: ("room", rules.ROOM_TWICE)),
)


def _of_day(day: list[Planned], finding: Callable[[Planned, Planned], Finding | None]) -> Iterator[Clash]:
    """For each lesson the first that overlaps with it and must not; the one asked for later, or at all, comes first."""
    going_on: list[Planned] = []
    for lesson in sorted(day, key=lambda one: (one.starts_at, one.ends_at, one.line or 0)):
        going_on = [one for one in going_on if one.ends_at > lesson.starts_at]
        for other in going_on:
            first, second = sorted((other, lesson), key=lambda one: one.line or 0)
            if second.line is not None and (found := finding(second, first)) is not None:
                yield Clash(second, first, *found)
                break
        going_on.append(lesson)
