"""Lessons in which the class was looked over; some teachers forget it now and then, one rather often."""

from collections.abc import Iterator

from town.demo_school.year.course import PLACE, Course, Key
from town.demo_school.year.entries import Row

COLUMNS = PLACE
_FORGOTTEN, _FORGOTTEN_BY_ONE = 0.015, 0.25


def registers(course: Course, cancelled: frozenset[Key]) -> Iterator[Row]:
    """All lessons that were held, but for those."""
    rng = course.rng("registers")
    upper = sorted({one.teacher.source_id for one in course.school.teachings if one.school_class.grade > 7})
    forgetful = rng.choice(upper) if upper else ""
    for held in course.lessons:
        share = _FORGOTTEN_BY_ONE if held.teaching.teacher.source_id == forgetful else _FORGOTTEN
        if rng.random() >= share and course.is_over(held) and held.key not in cancelled:
            yield held.named
