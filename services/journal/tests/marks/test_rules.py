"""J-12 and J-11 without a database."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.marks.rules import (
    VALUES,
    Needed,
    Sums,
    Weighted,
    needed,
    reason_is_needed,
    simple_mean,
    trend,
    weighted_average,
)

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
    """J-11: the school says how many days are free."""
    posted, window = datetime(2026, 11, 23, 10, 0, tzinfo=UTC), timedelta(days=7)
    assert not reason_is_needed(posted, posted + window, window)
    assert reason_is_needed(posted, posted + window + timedelta(seconds=1), window)


@given(st.lists(st.one_of(numbers, words), max_size=40), st.data())
def test_sums_are_the_averages_of_what_was_put_in_and_not_taken_out(marks: list[Weighted], data: st.DataObject) -> None:
    """J-12: counting on is as exact as counting anew."""
    out = data.draw(st.lists(st.sampled_from(range(len(marks))), unique=True)) if marks else []
    sums = Sums()
    for mark in marks:
        sums = sums.plus(mark)
    for place in out:
        sums = sums.minus(marks[place])
    left = [mark for place, mark in enumerate(marks) if place not in out]
    assert (sums.weighted, sums.simple) == (weighted_average(left), simple_mean(left))


thresholds = st.decimals("1.01", "5.00", places=2)


@given(st.lists(numbers, max_size=30), thresholds, st.sets(st.integers(1, 10), min_size=1, max_size=4))
def test_what_is_needed_is_enough_and_one_less_is_not(
    marks: list[Weighted], threshold: Decimal, weights: set[int]
) -> None:
    """J-12: «what must I get for a 5», held against the average as it is shown."""
    sums = Sums()
    for mark in marks:
        sums = sums.plus(mark)
    found = needed(sums, threshold, weights)
    if sums.weighted is not None and sums.weighted >= threshold:
        assert found == []
        return
    for one in found:
        extra = [Weighted(str(one.value), one.weight)] * one.count
        reached = weighted_average([*marks, *extra])
        assert reached is not None
        assert reached >= threshold
        short = weighted_average([*marks, *extra[1:]])
        assert short is None or short < threshold
    # Every value above the threshold is offered with every weight; those below it never help.
    goal = threshold - Decimal("0.005")
    assert {(one.value, one.weight) for one in found} == {(v, w) for v in range(1, 6) if v > goal for w in weights}


def test_what_is_needed_by_an_example() -> None:
    """4 (w5), 3 (w3): one control work at 5 is not enough for a 5, the rule says how many are."""
    sums = Sums().plus(Weighted("4", 5)).plus(Weighted("3", 3))
    assert Needed(5, 5, 13) not in needed(sums, Decimal("4.60"), [5])
    assert needed(sums, Decimal("4.60"), [5]) == [Needed(5, 5, 4)]
    assert needed(sums, Decimal("3.60"), [5, 1]) == []


def test_a_trend_needs_six_marks_and_a_noticeable_difference() -> None:
    """J-12"""
    assert trend([Weighted(value, 1) for value in "33355"]) is None
    assert trend([Weighted(value, 1) for value in "333555"]) == "rising"
    assert trend([Weighted(value, 1) for value in "555333"]) == "falling"
    assert trend([Weighted(value, 1) for value in "44444444"]) == "steady"


@given(st.lists(numbers, min_size=6, max_size=20), st.lists(words, max_size=5))
def test_a_trend_turns_round_with_the_marks(marks: list[Weighted], others: list[Weighted]) -> None:
    """J-12: mirrored marks have the mirrored trend, and what has no number plays no part."""
    mirrored = [Weighted(str(6 - int(mark.value)), mark.weight) for mark in marks]
    opposite = {"rising": "falling", "falling": "rising", "steady": "steady", None: None}
    assert trend(mirrored) == opposite[trend(marks)]
    assert trend([*others, *marks]) == trend(marks)
