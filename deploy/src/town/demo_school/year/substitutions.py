"""Teachers fall ill too: who is free then takes their lessons, or the last lesson of the day is cancelled."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from town.demo_school.model import Person
from town.demo_school.people import CLASS_SOURCE_ID, TEACHER
from town.demo_school.subjects import LAST_PRIMARY_GRADE
from town.demo_school.year.calendar import is_taught
from town.demo_school.year.course import PLACE, Course, Held, Key
from town.demo_school.year.entries import Row

COLUMNS = (
    *PLACE, "author_source_id", "teacher_source_id", "room",
    "cancelled_because",
)  # fmt: skip

_SPELLS = 10
"""Illnesses of teachers since September; another one is in the school's week."""
_LESSON_CANCELLED = "Болезнь учителя, замены нет"


@dataclass(frozen=True, slots=True)
class Substitutions:
    """What was otherwise than planned."""

    rows: tuple[Row, ...]
    cancelled: frozenset[Key]


def draw_substitutions(course: Course) -> Substitutions:
    """Lessons of teachers who were away, in the order of days."""
    rng = course.rng("substitutions")
    deputy = next((one for one in course.school.staff if one.role == "deputy"), None)
    teachers = _subject_teachers(course)
    if deputy is None or len(teachers) < 2:
        return Substitutions((), frozenset())
    by_day: dict[date, list[Held]] = defaultdict(list)
    for held in course.lessons:
        if held.quarter is not None:
            by_day[held.day].append(held)
    rows: list[Row] = []
    cancelled: set[Key] = set()
    for day, away in sorted(_away(course, teachers, rng).items()):
        for row, key in _of_day(by_day[day], away, teachers, rng):
            rows.append(row | {"author_source_id": deputy.source_id})
            if key is not None:
                cancelled.add(key)
    return Substitutions(tuple(rows), frozenset(cancelled))


def _subject_teachers(course: Course) -> dict[str, Person]:
    """Who teaches from grade 5 on: in the lower grades a class has its one teacher."""
    return {
        teaching.teacher.source_id: teaching.teacher
        for teaching in course.school.teachings
        if teaching.school_class.grade > LAST_PRIMARY_GRADE
    }


def _away(course: Course, teachers: dict[str, Person], rng: Random) -> dict[date, set[str]]:
    week = course.school.week
    found: dict[date, set[str]] = defaultdict(set)
    elsewhere = sorted(teachers.keys() - {TEACHER.source_id})
    passed = max(1, (week.monday - week.year_starts).days - 7)
    for _ in range(_SPELLS):
        who, first = rng.choice(elsewhere), week.year_starts + timedelta(days=7 + rng.randrange(passed))
        for offset in range(rng.randint(2, 5)):
            if first + timedelta(days=offset) < week.monday:
                found[first + timedelta(days=offset)].add(who)
    # This week somebody of 7А is away on two days, so that the known family sees it.
    for day in week.days[1::3]:
        here = {
            held.teaching.teacher.source_id
            for held in course.lessons
            if held.day == day and held.teaching.school_class.source_id == CLASS_SOURCE_ID
        }
        if own := sorted(here & set(elsewhere)):
            found[day].add(rng.choice(own))
    return {day: who for day, who in found.items() if is_taught(day, week.year)}


def _of_day(
    lessons: list[Held], away: set[str], teachers: dict[str, Person], rng: Random
) -> list[tuple[Row, Key | None]]:
    found: list[tuple[Row, Key | None]] = []
    busy = [(held.teaching.teacher.source_id, held.lesson.starts_at, held.lesson.ends_at) for held in lessons]
    last: dict[str, int] = {}
    for held in lessons:
        last[held.teaching.school_class.source_id] = max(
            last.get(held.teaching.school_class.source_id, 0), held.lesson.number
        )
    subjects: dict[str, set[str]] = defaultdict(set)
    for held in lessons:
        subjects[held.teaching.teacher.source_id].add(held.teaching.subject.key)
    for held in lessons:
        if held.teaching.teacher.source_id not in away or held.teaching.school_class.grade <= LAST_PRIMARY_GRADE:
            continue
        lesson = held.lesson
        free = sorted(
            who
            for who in teachers.keys() - away
            if not any(
                who == other and starts < lesson.ends_at and lesson.starts_at < ends for other, starts, ends in busy
            )
        )
        same = [who for who in free if held.teaching.subject.key in subjects[who]]
        is_last = lesson.number == last[held.teaching.school_class.source_id]
        if not free or (is_last and not held.control and rng.random() < 0.3):
            found.append((held.named | {"cancelled_because": _LESSON_CANCELLED}, held.key))
            continue
        who = rng.choice(same or free)
        busy.append((who, lesson.starts_at, lesson.ends_at))
        found.append((held.named | {"teacher_source_id": who}, None))
    return found
