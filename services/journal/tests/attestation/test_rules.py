"""J-16, J-17, J-18 without a database."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.attestation.rules import (
    VALUES,
    Category,
    MarkOfPeriod,
    Thresholds,
    anomaly_of,
    propose,
    propose_year,
    reason_is_needed,
)

numbers = st.builds(
    MarkOfPeriod, st.sampled_from("12345"), st.integers(1, 10), st.sampled_from(["control", "class", "home"])
)
words = st.builds(MarkOfPeriod, st.sampled_from(["зачёт", "незачёт", "н/а", "осв"]), st.just(1), st.just("class"))


def of(category: Category, *values: int, weight: int = 1) -> list[MarkOfPeriod]:
    return [MarkOfPeriod(str(value), weight, category) for value in values]


def test_the_average_is_held_against_the_thresholds() -> None:
    """J-16 (a): 4 (w5), 5 (w3), 5 (w1) → 40/9 = 4.44 → 4, because 4.60 is not reached and 3.60 is."""
    marks = [MarkOfPeriod("4", 5, "control"), MarkOfPeriod("5", 3, "class"), MarkOfPeriod("5", 1, "home")]
    found = propose(marks).by_average
    assert (found.sum_of_products, found.sum_of_weights) == (40, 9)
    assert (found.average, found.reached, found.proposed) == (Decimal("4.44"), Decimal("3.60"), 4)


@pytest.mark.parametrize(
    ("marks", "proposed"),
    [
        (of("class", 5, 5, 5, 4, 4), 5),  # 4.60, exactly on the threshold
        (of("class", *[5] * 119, *[4] * 81), 5),  # 4.595 is shown as 4.60: what is shown decides
        (of("class", *[5] * 118, *[4] * 82), 4),  # 4.59
        (of("class", 4, 4, 4, 3, 3), 4),
        (of("class", 3, 3, 2, 3, 2), 3),
        (of("class", 2, 2, 3), 2),
        (of("class", 1, 1, 1), 2),
        ([], None),
    ],
)
def test_thresholds_are_compared_with_the_number_that_is_shown(marks: list[MarkOfPeriod], proposed: int | None) -> None:
    """J-16 (a): 4.60 / 3.60 / 2.60 by default."""
    assert propose(marks).by_average.proposed == proposed


def test_a_school_has_its_own_thresholds() -> None:
    """J-16 (a)."""
    strict = Thresholds(Decimal("4.75"), Decimal("3.75"), Decimal("2.75"))
    assert propose(of("class", 5, 5, 5, 4, 4), thresholds=strict).by_average.proposed == 4


@pytest.mark.parametrize(
    ("marks", "chosen", "proposed"),
    [
        # The source: home alone, then class work has priority over it, then control works over both.
        (of("home", 5, 5, 4), "home", 5),
        (of("home", 5, 5, 5) + of("class", 4, 4, 3), "class", 4),
        (of("home", 3, 3) + of("class", 5, 5), "class", 5),
        (of("home", 5, 5) + of("class", 5, 5) + of("control", 3, 4, 3), "control", 3),
        (of("home", 2) + of("control", 5, 4), "control", 5),  # 4.5 → 5: half up
    ],
)
def test_control_works_lead_then_class_then_home(marks: list[MarkOfPeriod], chosen: str, proposed: int) -> None:
    """J-16 (b): K if there are control marks, else C, else H; weights play no part."""
    found = propose([MarkOfPeriod(m.value, 9 - int(m.value), m.category) for m in marks]).by_priority
    assert (found.chosen, found.proposed) == (chosen, proposed)


def test_the_explanation_says_who_agrees() -> None:
    """J-16 (b): agreement, as whole marks, is what makes a mark objective."""
    found = propose(of("home", 4, 5, 4) + of("class", 4, 4, 3) + of("control", 4, 4, 3, 5)).by_priority
    assert found.home_work is not None
    assert found.class_work is not None
    assert (found.home_work.mean, found.home_work.whole) == (Decimal("4.33"), 4)
    assert (found.class_work.mean, found.class_work.whole) == (Decimal("3.67"), 4)
    assert found.class_agrees_with_home is True
    assert found.control_agrees_with == ("class", "home")
    apart = propose(of("home", 5) + of("class", 4) + of("control", 3)).by_priority
    assert apart.class_agrees_with_home is False
    assert apart.control_agrees_with == ()
    alone = propose(of("control", 3)).by_priority
    assert alone.class_agrees_with_home is None
    assert alone.control_agrees_with is None


@given(st.lists(numbers, min_size=1, max_size=40), st.lists(words, max_size=5), st.randoms())
def test_neither_order_nor_words_change_a_proposal(
    marks: list[MarkOfPeriod], others: list[MarkOfPeriod], random: object
) -> None:
    """J-12, J-16: what has no number is left out."""
    mixed = [*marks, *others]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert propose(mixed) == propose(marks)


@given(st.lists(numbers, min_size=1, max_size=40))
def test_a_better_mark_never_lowers_a_proposal(marks: list[MarkOfPeriod]) -> None:
    better = [MarkOfPeriod("5", mark.weight, mark.category) if n == 0 else mark for n, mark in enumerate(marks)]
    before, after = propose(marks), propose(better)
    for old, new in (
        (before.by_average.proposed, after.by_average.proposed),
        (before.by_priority.proposed, after.by_priority.proposed),
    ):
        assert old is not None
        assert new is not None
        assert new >= old


@given(st.lists(numbers, min_size=1, max_size=40))
def test_numbers_are_exact(marks: list[MarkOfPeriod]) -> None:
    found = propose(marks).by_average
    exact = Fraction(found.sum_of_products, found.sum_of_weights)
    assert found.average is not None
    assert -Fraction(1, 200) <= exact - Fraction(found.average) < Fraction(1, 200)


@given(st.lists(numbers, max_size=6), st.integers(1, 5))
def test_few_marks_do_not_attest(marks: list[MarkOfPeriod], minimum: int) -> None:
    """J-17: the minimum is a school's setting."""
    assert propose(marks, minimum_marks=minimum).enough is (len(marks) >= minimum)


@given(st.sampled_from(VALUES), st.frozensets(st.sampled_from(["2", "3", "4", "5"]), max_size=2))
def test_differing_from_both_needs_a_reason(value: str, proposed: frozenset[str]) -> None:
    """J-17."""
    needed = reason_is_needed(value, proposed)
    if value in proposed or not proposed or value == "осв":
        assert not needed
    else:
        assert needed


def test_the_year_is_the_mean_of_its_periods() -> None:
    """J-18: 4, 5, 4, 5 → 4.5 → 5; what has no number is left out."""
    found = propose_year(["4", "5", "4", "5", "осв"])
    assert (found.proposed, found.count, found.sum, found.mean) == (5, 4, 18, Decimal("4.50"))
    assert propose_year(["н/а"]).proposed is None


@given(st.lists(st.sampled_from("2345"), min_size=1, max_size=6))
def test_the_year_is_rounded_half_up(values: list[str]) -> None:
    mean = Decimal(sum(map(int, values))) / len(values)
    assert propose_year(values).proposed == int(mean.quantize(Decimal(1), ROUND_HALF_UP))


def test_anomalies() -> None:
    """J-18: missing, one-mark periods, a mark against both proposals."""
    three = propose(of("class", 4, 4, 4))
    assert anomaly_of(None, three) == "mark_missing"
    assert anomaly_of("4", propose(of("class", 4))) == "too_few_marks"
    assert anomaly_of("5", three) == "against_both_proposals"
    assert anomaly_of("4", three) is None
    assert anomaly_of("осв", three) is None
    whatever_the_minimum = propose(of("class", 4), minimum_marks=1)
    assert anomaly_of("4", whatever_the_minimum) == "too_few_marks"
    assert anomaly_of("н/а", propose(of("class", 4))) is None
    assert anomaly_of("н/а", three) == "against_both_proposals"
