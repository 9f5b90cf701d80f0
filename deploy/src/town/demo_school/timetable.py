"""The week's timetable: greedy, with one step back.

A class has exactly as many places (day, number) as lessons, without gaps, and every teacher keeps to one room;
so what can clash is the teacher being elsewhere at that time. Groups of a class learn at the same place. Lessons are
placed one by one, those of groups and of the busiest teachers first, on days when the class does not have the subject
yet. Where no place fits, another lesson of the class moves aside. If that fails too, all starts again in another order,
which is seeded like everything else.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from random import Random

from town.demo_school.bells import bells
from town.demo_school.model import Lesson, School, Teaching
from town.demo_school.subjects import HOMEROOM, weekly_lessons

Place = tuple[int, int]
"""Weekday (0 = Monday) and lesson number (from 1)."""

Together = tuple[Teaching, ...]
"""What a class has at one place: one teaching, or one for each of its groups."""

_MONDAY_FIRST: Place = (0, 1)
_LONGER_DAYS = (0, 2, 1, 3, 4)
"""Which days get one lesson more when a week does not divide by five."""
_ATTEMPTS = 200


class NoTimetable(Exception):
    """No clash-free timetable was found: the teachers are too few for the lessons."""


def places_of(grade: int) -> list[Place]:
    """The places of a class in a week: days of equal length, give or take one lesson."""
    each, more = divmod(weekly_lessons(grade), 5)
    lengths = {day: each + (order < more) for order, day in enumerate(_LONGER_DAYS)}
    return [(day, number) for day in range(5) for number in range(1, lengths[day] + 1)]


def make_timetable(school: School, rng: Random) -> list[Lesson]:
    """All lessons of the week in order of day, class and number.

    Raises:
        NoTimetable: after 200 orders.
    """
    for _ in range(_ATTEMPTS):
        attempt = _Attempt(school.teachings, rng)
        if attempt.succeeded:
            return _lessons(school, attempt.placed)
    raise NoTimetable(f"no timetable without clashes in {_ATTEMPTS} attempts")


class _Attempt:
    """One try to seat all lessons."""

    def __init__(self, teachings: Iterable[Teaching], rng: Random) -> None:
        self._rng = rng
        self.placed: dict[tuple[str, Place], Together] = {}
        self._busy: set[tuple[str, Place]] = set()
        self._free: dict[str, list[Place]] = {}
        lessons: list[Together] = []
        for together in _together(teachings):
            school_class, subject = together[0].school_class, together[0].subject
            self._free.setdefault(school_class.source_id, places_of(school_class.grade))
            if subject is HOMEROOM:
                self._seat(together, _MONDAY_FIRST)
            else:
                lessons += [together] * subject.hours[school_class.grade]
        loads = Counter(teaching.teacher.source_id for lesson in lessons for teaching in lesson)
        rng.shuffle(lessons)
        lessons.sort(key=lambda lesson: (-len(lesson), -max(loads[one.teacher.source_id] for one in lesson)))
        self.succeeded = all(self._place(lesson) for lesson in lessons)

    def _may_be(self, lesson: Together, place: Place) -> bool:
        """Whether all its teachers are free then."""
        return not any((teaching.teacher.source_id, place) in self._busy for teaching in lesson)

    def _place(self, lesson: Together) -> bool:
        free = self._free[lesson[0].school_class.source_id]
        fitting = [place for place in free if self._may_be(lesson, place)]
        if fitting:
            self._seat(lesson, min(fitting, key=lambda place: (self._same_day(lesson, place[0]), place[1])))
            return True
        return any(self._move_aside(lesson, place) for place in free)

    def _move_aside(self, lesson: Together, gap: Place) -> bool:
        """Let a lesson of the class whose teacher is free at `gap` move there, and take its place."""
        of_class = lesson[0].school_class.source_id
        for (class_id, place), other in list(self.placed.items()):
            if (
                class_id == of_class
                and other[0].subject is not HOMEROOM
                and self._may_be(other, gap)
                and self._may_be(lesson, place)
            ):
                self._busy -= {(teaching.teacher.source_id, place) for teaching in other}
                self._free[of_class].append(place)
                self._seat(other, gap)
                self._seat(lesson, place)
                return True
        return False

    def _seat(self, lesson: Together, place: Place) -> None:
        of_class = lesson[0].school_class.source_id
        self._free[of_class].remove(place)
        self._busy |= {(teaching.teacher.source_id, place) for teaching in lesson}
        self.placed[of_class, place] = lesson

    def _same_day(self, lesson: Together, day: int) -> int:
        """How often the class has the subject that day already; a class wants its subjects spread."""
        of_class = lesson[0].school_class.source_id
        return sum(
            other is lesson
            for (class_id, place), other in self.placed.items()
            if class_id == of_class and place[0] == day
        )


def _together(teachings: Iterable[Teaching]) -> Iterable[Together]:
    found: dict[tuple[str, str], Together] = {}
    for teaching in teachings:
        key = (teaching.school_class.source_id, teaching.subject.key)
        found[key] = (*found.get(key, ()), teaching)
    return found.values()


def _lessons(school: School, placed: dict[tuple[str, Place], Together]) -> list[Lesson]:
    return [
        _lesson(school, day, number, teaching)
        for day in school.week.days
        for school_class in school.classes
        for weekday, number in places_of(school_class.grade)
        if weekday == day.weekday()
        for teaching in placed[school_class.source_id, (weekday, number)]
    ]


def _lesson(school: School, day: date, number: int, teaching: Teaching) -> Lesson:
    grade = teaching.school_class.grade
    starts_at, ends_at = bells(grade, day)[number - 1]
    return Lesson(
        day=day,
        number=number,
        starts_at=starts_at,
        ends_at=ends_at,
        teaching=teaching,
        room=school.rooms[teaching.teacher.source_id],
    )
