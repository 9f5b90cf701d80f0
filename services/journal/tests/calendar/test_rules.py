"""J-4: what a plan of periods may be, without a database."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from journal.calendar.rules import PlannedPeriod, faults_of

FIRST, LAST = date(2026, 9, 1), date(2027, 5, 31)


def quarter(number: int, starts_on: date, ends_on: date, grades: tuple[int, int] = (1, 9)) -> PlannedPeriod:
    return PlannedPeriod("quarter", *grades, number, f"{number} четверть", starts_on, ends_on)


YEAR = [
    quarter(1, date(2026, 9, 1), date(2026, 10, 25)),
    quarter(2, date(2026, 11, 5), date(2026, 12, 30)),
    quarter(3, date(2027, 1, 11), date(2027, 3, 21)),
    quarter(4, date(2027, 3, 29), date(2027, 5, 31)),
    PlannedPeriod("half_year", 10, 11, 1, "I полугодие", date(2026, 9, 1), date(2026, 12, 30)),
    PlannedPeriod("half_year", 10, 11, 2, "II полугодие", date(2027, 1, 11), date(2027, 5, 31)),
]


def test_quarters_and_half_years_stand_beside_each_other() -> None:
    assert faults_of(YEAR, FIRST, LAST) == []


def test_every_fault_is_named_at_its_place() -> None:
    plan = [
        quarter(1, date(2026, 8, 31), date(2026, 10, 25)),
        quarter(1, date(2026, 10, 25), date(2026, 12, 30), (5, 9)),
        quarter(3, date(2027, 3, 1), date(2027, 1, 11)),
        quarter(4, date(2027, 3, 29), date(2027, 6, 1), (9, 5)),
    ]
    assert faults_of(plan, FIRST, LAST) == [
        (0, "outside_the_year"),
        (1, "same_number"),
        (1, "overlaps"),
        (2, "ends_before_start"),
        (3, "grades_reversed"),
        (3, "outside_the_year"),
    ]


days = st.integers(0, 272).map(lambda n: FIRST + timedelta(days=n))
plans = st.lists(
    st.builds(
        lambda n, a, b, g, h: quarter(n, min(a, b), max(a, b), (min(g, h), max(g, h))),
        st.integers(1, 6),
        days,
        days,
        st.integers(1, 11),
        st.integers(1, 11),
    ),
    max_size=6,
)


@given(plans)
def test_without_a_fault_a_day_of_a_grade_lies_in_one_period(plan: list[PlannedPeriod]) -> None:
    if faults_of(plan, FIRST, LAST):
        return
    for grade in range(1, 12):
        own = [one for one in plan if one.first_grade <= grade <= one.last_grade]
        for day in {one.starts_on for one in own} | {one.ends_on for one in own}:
            assert sum(one.starts_on <= day <= one.ends_on for one in own) == 1


@given(plans)
def test_an_overlap_is_found_whatever_the_order(plan: list[PlannedPeriod]) -> None:
    def kinds(some: list[PlannedPeriod]) -> set[str]:
        return {fault for _, fault in faults_of(some, FIRST, LAST)}

    assert kinds(plan) == kinds(list(reversed(plan)))
