"""When bells may ring, and which bells a class follows on a day (J-4, J-5). Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal
from uuid import UUID

RingKind = Literal["lesson", "break", "dynamic_pause"]

LONGEST_LESSON = 45
LONGEST_IN_GRADE_ONE = 40
LONGEST_IN_GRADE_ONE_AT_FIRST = 35
"""Minutes; the last in September to December (SP 2.4.3648-20, 3.4.14 and 3.4.16)."""
SHORTEST_DYNAMIC_PAUSE = 40
"""Minutes, in the middle of the day of grade 1 (the same, 3.4.16)."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A lesson, or a break; times local to the school."""

    kind: RingKind
    number: int | None
    starts_at: time
    ends_at: time
    meal: str | None = None

    @property
    def minutes(self) -> int:
        return _minutes(self.ends_at) - _minutes(self.starts_at)


@dataclass(frozen=True, slots=True)
class BellPlan:
    """A bell schedule: of some grades in one shift, from a day to a day, or on single days alone."""

    name: str
    shift: int
    first_grade: int
    last_grade: int
    starts_on: date
    ends_on: date
    days: frozenset[date] | None
    """Single days, which take precedence over whole spans: shortened days. None: every day of the span."""
    rings: tuple[Ring, ...]
    """In their order; what is not said between two lessons is a break."""

    def rings_on(self, grade: int, shift: int, day: date) -> bool:
        """Whether a class of this grade and shift follows it on this day."""
        return (
            shift == self.shift
            and self.first_grade <= grade <= self.last_grade
            and self.starts_on <= day <= self.ends_on
            and (self.days is None or day in self.days)
        )

    def competes_with(self, other: "BellPlan") -> bool:
        """Whether some class could not tell which of both to follow on some day."""
        if self.shift != other.shift or (self.days is None) != (other.days is None):
            return False
        if self.last_grade < other.first_grade or other.last_grade < self.first_grade:
            return False
        if self.days is not None and other.days is not None:
            return bool(self.days & other.days)
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


@dataclass(frozen=True, slots=True)
class BellSchedule:
    """A bell schedule that a school has."""

    school_id: UUID
    bell_schedule_id: UUID
    version: int
    plan: BellPlan


BellFault = Literal[
    "grades_reversed",
    "outside_the_year",
    "ends_before_start",
    "out_of_order",
    "number_wrong",
    "meal_in_lesson",
    "no_lessons",
    "lesson_too_long",
    "dynamic_pause_too_short",
    "dynamic_pause_missing",
]


def faults_of(plan: BellPlan, year_starts_on: date, year_ends_on: date) -> list[tuple[str, BellFault, int]]:
    """What is wrong with a bell schedule: its field, the fault and the minutes it is about; all of them at once."""
    return [
        *_faults_of_days(plan, year_starts_on, year_ends_on),
        *_faults_of_lengths(plan, year_starts_on),
        *_faults_of_order(plan.rings),
    ]


_Faults = Iterator[tuple[str, BellFault, int]]


def _faults_of_days(plan: BellPlan, year_starts_on: date, year_ends_on: date) -> _Faults:
    if plan.last_grade < plan.first_grade:
        yield "last_grade", "grades_reversed", 0
    if plan.ends_on < plan.starts_on:
        yield "ends_on", "ends_before_start", 0
    days = {plan.starts_on, plan.ends_on} | (plan.days or set())
    if min(days) < year_starts_on or max(days) > year_ends_on:
        yield "starts_on", "outside_the_year", 0


def _faults_of_lengths(plan: BellPlan, year_starts_on: date) -> _Faults:
    kinds = {ring.kind for ring in plan.rings}
    if "lesson" not in kinds:
        yield "rings", "no_lessons", 0
    if plan.first_grade == 1 and "dynamic_pause" not in kinds:
        yield "rings", "dynamic_pause_missing", SHORTEST_DYNAMIC_PAUSE
    longest = longest_lesson(plan, year_starts_on)
    for index, ring in enumerate(plan.rings):
        if ring.minutes <= 0:
            yield f"rings[{index}]", "ends_before_start", 0
        elif ring.kind == "lesson" and ring.minutes > longest:
            yield f"rings[{index}]", "lesson_too_long", longest
        elif ring.kind == "dynamic_pause" and ring.minutes < SHORTEST_DYNAMIC_PAUSE:
            yield f"rings[{index}]", "dynamic_pause_too_short", SHORTEST_DYNAMIC_PAUSE


def _faults_of_order(rings: Sequence[Ring]) -> _Faults:
    ended, last_number = time.min, -1
    for index, ring in enumerate(rings):
        if ring.starts_at < ended:
            yield f"rings[{index}]", "out_of_order", 0
        ended = max(ended, ring.ends_at)
        if ring.kind != "lesson":
            if ring.number is not None:
                yield f"rings[{index}]", "number_wrong", 0
            continue
        if ring.meal is not None:
            yield f"rings[{index}]", "meal_in_lesson", 0
        if ring.number is None or ring.number <= last_number:
            yield f"rings[{index}]", "number_wrong", 0
        else:
            last_number = ring.number


def longest_lesson(plan: BellPlan, year_starts_on: date) -> int:
    """The most minutes that a lesson of this schedule may have."""
    if plan.first_grade > 1:
        return LONGEST_LESSON
    first_day = plan.starts_on if plan.days is None else min(plan.days, default=plan.starts_on)
    return LONGEST_IN_GRADE_ONE_AT_FIRST if first_day.year == year_starts_on.year else LONGEST_IN_GRADE_ONE


def bells_of(schedules: Iterable[BellSchedule], grade: int, shift: int, day: date) -> BellSchedule | None:
    """The bells that a class follows on a day: those of that very day before those of a span of days."""
    found = [one for one in schedules if one.plan.rings_on(grade, shift, day)]
    return next((one for one in found if one.plan.days is not None), found[0] if found else None)


def breaks_of(rings: Sequence[Ring]) -> list[Ring]:
    """The breaks and dynamic pauses of a day in order, those too that are only told by when lessons are."""
    breaks: list[Ring] = []
    for earlier, later in zip((None, *rings), rings, strict=False):
        if earlier is not None and earlier.ends_at < later.starts_at:
            breaks.append(Ring("break", None, earlier.ends_at, later.starts_at))
        if later.kind != "lesson":
            breaks.append(later)
    return breaks


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
