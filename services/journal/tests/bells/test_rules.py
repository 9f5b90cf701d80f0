"""J-5, J-4: when bells may ring, and which a class follows."""

from dataclasses import replace
from datetime import date, time
from uuid import uuid4

import pytest

from journal.bells.rules import BellPlan, BellSchedule, Ring, bells_of, breaks_of, faults_of

YEAR = (date(2026, 9, 1), date(2027, 5, 31))


def lesson(number: int, starts: str, ends: str) -> Ring:
    return Ring("lesson", number, time.fromisoformat(starts), time.fromisoformat(ends))


def pause(starts: str, ends: str) -> Ring:
    return Ring("dynamic_pause", None, time.fromisoformat(starts), time.fromisoformat(ends))


AT_FIRST = BellPlan(
    "1 класс, I полугодие",
    1,
    1,
    1,
    date(2026, 9, 1),
    date(2026, 12, 31),
    None,
    (lesson(1, "08:30", "09:05"), lesson(2, "09:15", "09:50"), pause("09:50", "10:30"), lesson(3, "10:30", "11:05")),
)


def codes(plan: BellPlan) -> list[tuple[str, str]]:
    return [(field, fault) for field, fault, _ in faults_of(plan, *YEAR)]


def test_grade_one_begins_with_lessons_of_35_minutes_and_a_dynamic_pause() -> None:
    """J-5."""
    assert not codes(AT_FIRST)
    longer = replace(AT_FIRST, rings=(lesson(1, "08:30", "09:06"), *AT_FIRST.rings[1:]))
    assert faults_of(longer, *YEAR) == [("rings[0]", "lesson_too_long", 35)]
    in_spring = replace(longer, starts_on=date(2027, 1, 11), ends_on=date(2027, 5, 25))
    assert not codes(in_spring)
    of_45 = replace(in_spring, rings=(lesson(1, "08:20", "09:05"), *AT_FIRST.rings[1:]))
    assert faults_of(of_45, *YEAR) == [("rings[0]", "lesson_too_long", 40)]
    assert not codes(replace(of_45, first_grade=2, last_grade=4))
    assert codes(replace(of_45, first_grade=2, last_grade=4, rings=(lesson(1, "08:20", "09:06"),))) == [
        ("rings[0]", "lesson_too_long")
    ]


@pytest.mark.parametrize(("ends", "fault"), [("10:29", "dynamic_pause_too_short"), (None, "dynamic_pause_missing")])
def test_a_dynamic_pause_has_40_minutes(ends: str | None, fault: str) -> None:
    """J-5."""
    rings = [ring for ring in AT_FIRST.rings if ring.kind == "lesson"]
    if ends:
        rings.insert(2, pause("09:50", ends))
    assert [code for _, code in codes(replace(AT_FIRST, rings=tuple(rings)))] == [fault]


def test_what_contradicts_itself_is_named() -> None:
    rings = (
        lesson(2, "08:30", "09:15"),
        lesson(2, "09:10", "09:55"),
        replace(lesson(3, "10:00", "10:45"), meal="Обед"),
        Ring("break", 4, time(10, 45), time(10, 40)),
    )
    plan = replace(AT_FIRST, first_grade=5, last_grade=3, ends_on=date(2027, 6, 1), rings=rings)
    assert codes(plan) == [
        ("last_grade", "grades_reversed"),
        ("starts_on", "outside_the_year"),
        ("rings[3]", "ends_before_start"),
        ("rings[1]", "out_of_order"),
        ("rings[1]", "number_wrong"),
        ("rings[2]", "meal_in_lesson"),
        ("rings[3]", "number_wrong"),
    ]


def test_shortened_days_come_before_spans() -> None:
    """J-4."""
    every_day = BellSchedule(uuid4(), uuid4(), 1, AT_FIRST)
    eve = BellSchedule(uuid4(), uuid4(), 1, replace(AT_FIRST, days=frozenset({date(2026, 11, 3)})))
    both = [every_day, eve]
    assert bells_of(both, 1, 1, date(2026, 11, 3)) is eve
    assert bells_of(both, 1, 1, date(2026, 11, 2)) is every_day
    assert bells_of(both, 2, 1, date(2026, 11, 2)) is None
    assert bells_of(both, 1, 2, date(2026, 11, 2)) is None
    assert not eve.plan.competes_with(every_day.plan)
    assert every_day.plan.competes_with(replace(AT_FIRST, starts_on=date(2026, 12, 31), ends_on=date(2027, 5, 1)))
    assert not every_day.plan.competes_with(replace(AT_FIRST, shift=2))


def test_breaks_are_listed_apart_also_those_that_nobody_named() -> None:
    """J-5."""
    assert [(ring.kind, f"{ring.starts_at:%H:%M}", ring.minutes) for ring in breaks_of(AT_FIRST.rings)] == [
        ("break", "09:05", 10),
        ("dynamic_pause", "09:50", 40),
    ]
