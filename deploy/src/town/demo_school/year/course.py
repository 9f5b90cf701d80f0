"""The lessons of the year in order: what each is about, and in which a control work is written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from random import Random

from town.demo_school.bells import bells
from town.demo_school.model import Lesson, Person, School, Teaching
from town.demo_school.topics import theme, topic
from town.demo_school.year.calendar import days_from, is_taught, quarter_of

_UNCONTROLLED = frozenset({"music", "art", "technology", "pe", "safety", "homeroom"})
_CONTROL_EVERY = {1: 7, 2: 7, 3: 8}
"""Lessons from one control work to the next, by lessons a week."""
_UNWRITTEN_TOPICS = 0.015
FIRST_GRADE_WITH_MARKS = 2

PLACE = ("date", "lesson_number", "class_source_id", "subject_source_id", "group_source_id")
"""The columns by which files name a lesson."""
Key = tuple[str, date, int, int]
"""Class, day, number and group of a lesson."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lesson of the year."""

    lesson: Lesson
    turn: int
    """Which of its class or group and subject it is, from 0."""
    quarter: int | None
    control: str
    """The control form of a work that all of them write; empty: none."""
    place: tuple[str, str, str, str, str]
    """Date, number, class, subject and group, as files name the lesson."""

    @property
    def teaching(self) -> Teaching:
        return self.lesson.teaching

    @property
    def day(self) -> date:
        return self.lesson.day

    @property
    def key(self) -> Key:
        return (self.teaching.school_class.source_id, self.day, self.lesson.number, self.teaching.part)

    @property
    def pupils(self) -> tuple[Person, ...]:
        return self.teaching.pupils

    @property
    def named(self) -> dict[str, str]:
        """As files name it."""
        return dict(zip(PLACE, self.place, strict=True))


@dataclass(frozen=True)
class Course:
    """The year so far, and the school's week."""

    school: School
    seed: int
    until: date
    """Nothing is written yet in lessons of this day and later."""
    lessons: tuple[Held, ...]
    """By day, class and number: those before the school's week, and those of the week."""

    @cached_property
    def of_teaching(self) -> dict[str, list[Held]]:
        """The lessons of a class in a subject, in order."""
        found: dict[str, list[Held]] = {}
        for held in self.lessons:
            found.setdefault(held.teaching.source_id, []).append(held)
        return found

    def rng(self, part: str) -> Random:
        """A stream of its own, so that one part may change without the others."""
        return Random(f"demo {part} {self.seed}")

    def is_over(self, held: Held) -> bool:
        """Whether it was held, on a day of some quarter."""
        return held.day < self.until and held.quarter is not None


def full_name(person: Person) -> str:
    """As files name a pupil."""
    return " ".join(filter(None, (person.surname, person.given_name, person.patronymic)))


def run_course(school: School, week: Iterable[Lesson], *, seed: int, until: date) -> Course:
    """The same timetable every week, none in holidays; topics in order; at most one control work a day and class."""
    rng = Random(f"demo topics {seed}")
    turns: dict[str, int] = {}
    since: dict[str, int] = {}
    written: set[tuple[str, date]] = set()
    found: list[Held] = []
    for lesson in _all_lessons(school, list(week)):
        teaching = lesson.teaching
        turn = turns[teaching.source_id] = turns.get(teaching.source_id, -1) + 1
        # Classes do not write the same work in the same week.
        waited = since.setdefault(teaching.source_id, sum(map(ord, teaching.source_id)) % 4) + 1
        day = (teaching.school_class.source_id, lesson.day)
        control = ""
        if day not in written and _is_due(teaching, waited, turn):
            control = _form(teaching, turn)
            written.add(day)
            waited = 0
        since[teaching.source_id] = waited
        about = _topic(teaching, turn, control)
        if lesson.day < until and rng.random() < _UNWRITTEN_TOPICS:
            about = ""
        quarter = quarter_of(lesson.day, school.week.year) if is_taught(lesson.day, school.week.year) else None
        subject = teaching.subject.source_id
        place = (lesson.day.isoformat(), str(lesson.number), day[0], subject, teaching.group_source_id)
        found.append(Held(replace(lesson, topic=about), turn, quarter, control, place))
    return Course(school, seed, until, tuple(found))


def _all_lessons(school: School, week: list[Lesson]) -> Iterable[Lesson]:
    by_weekday: dict[int, list[Lesson]] = {}
    for lesson in week:
        by_weekday.setdefault(lesson.day.weekday(), []).append(lesson)
    for day in days_from(school.week.year_starts, school.week.monday):
        if is_taught(day, school.week.year):
            yield from (_on(lesson, day) for lesson in by_weekday.get(day.weekday(), ()))
    yield from week


def _on(lesson: Lesson, day: date) -> Lesson:
    starts_at, ends_at = bells(lesson.teaching.school_class.grade, day)[lesson.number - 1]
    return replace(lesson, day=day, starts_at=starts_at, ends_at=ends_at)


def _is_due(teaching: Teaching, waited: int, turn: int) -> bool:
    grade = teaching.school_class.grade
    if grade < FIRST_GRADE_WITH_MARKS or teaching.subject.key in _UNCONTROLLED:
        return False
    weekly = teaching.subject.hours[grade]
    return turn >= 2 * weekly and waited >= _CONTROL_EVERY.get(weekly, 2 * weekly)


def _form(teaching: Teaching, turn: int) -> str:
    dictation = teaching.subject.key == "russian" and teaching.school_class.grade <= 9 and turn % 2 == 0
    return "Диктант" if dictation else "Контрольная работа"


def _topic(teaching: Teaching, turn: int, control: str) -> str:
    grade, subject = teaching.school_class.grade, teaching.subject
    weekly = subject.hours[grade]
    if not control:
        return topic(subject.key, grade, turn, weekly)
    # A work is about what was taught before it.
    about = theme(subject.key, grade, max(0, turn - 2), weekly)
    return f"{_title_of_work(subject.key, control)}: {about}"


def _title_of_work(subject: str, control: str) -> str:
    if subject == "literature":
        return "Сочинение"
    return "Контрольный диктант" if control == "Диктант" else "Контрольная работа"
