"""J-12 and J-11 without a database."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.marks.rules import VALUES, Weighted, reason_is_needed, simple_mean, weighted_average

numbers = st.builds(Weighted, st.sampled_from("12345"), st.integers(1, 100))
words = st.builds(Weighted, st.sampled_from([value for value in VALUES if not value.isdecimal()]), st.integers(1, 9))


def test_the_example_of_the_rule() -> None:
    """J-12: 4 (w5), 5 (w3), 5 (w1) → 4.44."""
    assert weighted_average([Weighted("4", 5), Weighted("5", 3), Weighted("5", 1)]) == Decimal("4.44")


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([("4", 1), ("5", 1)], "4.50"),
        ([("5", 2), ("4", 1)], "4.67"),
        # 4.125 and 4.375 are exact halves of a hundredth: up, also where a binary float or half-even would go down.
        ([("4", 7), ("5", 1)], "4.13"),
        ([("4", 5), ("5", 3)], "4.38"),
        ([("1", 1)], "1.00"),
    ],
)
def test_averages_are_rounded_half_up(marks: list[tuple[str, int]], shown: str) -> None:
    assert str(weighted_average(Weighted(*mark) for mark in marks)) == shown


@given(st.lists(numbers, min_size=1, max_size=60))
def test_the_average_is_the_exact_quotient_rounded_once(marks: list[Weighted]) -> None:
    exact = Fraction(sum(int(m.value) * m.weight for m in marks), sum(m.weight for m in marks))
    average = weighted_average(marks)
    assert average is not None
    assert average.as_tuple().exponent == -2
    assert -Fraction(1, 200) <= exact - Fraction(average) < Fraction(1, 200)
    assert 1 <= average <= 5


@given(st.lists(numbers, min_size=1), st.lists(words), st.randoms())
def test_what_has_no_number_is_left_out_not_zero(marks: list[Weighted], others: list[Weighted], random: object) -> None:
    mixed = [*marks, *others]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert weighted_average(mixed) == weighted_average(marks)


@given(st.lists(words))
def test_without_numbers_there_is_no_average(marks: list[Weighted]) -> None:
    assert weighted_average(marks) is None
    assert simple_mean(marks) is None


@given(st.lists(numbers, min_size=1), st.integers(2, 9))
def test_only_the_proportion_of_weights_matters(marks: list[Weighted], factor: int) -> None:
    assert weighted_average(marks) == weighted_average(Weighted(m.value, m.weight * factor) for m in marks)


@given(st.lists(numbers, min_size=1, max_size=30))
def test_the_simple_mean_knows_no_weights(marks: list[Weighted]) -> None:
    mean = Decimal(sum(int(m.value) for m in marks)) / len(marks)
    assert simple_mean(marks) == mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_reason_is_needed_after_the_edit_window() -> None:
    """J-11: seven days are free."""
    posted = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert not reason_is_needed(posted, posted + timedelta(days=7))
    assert reason_is_needed(posted, posted + timedelta(days=7, seconds=1))
