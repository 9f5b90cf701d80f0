"""Rules of marks, without any I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal, get_args

MarkValue = Literal["1", "2", "3", "4", "5", "зачёт", "незачёт", "н/а", "осв"]
"""As it stands in the cell (J-8): five-point scale, pass/fail, not attested, exempt."""

VALUES: tuple[str, ...] = get_args(MarkValue)
FIRST_GRADE_WITH_MARKS = 2


@dataclass(frozen=True, slots=True)
class Weighted:
    """A mark as an average sees it."""

    value: str
    weight: int


def weighted_average(marks: Iterable[Weighted]) -> Decimal | None:
    """J-12: Σ(mark·weight)/Σ(weight), to two places, half up. None if no mark has a number.

    зачёт, незачёт, н/а and осв have no number and are left out, not counted as zero. Exact: the only rounding is
    the last step. Example: 4 (weight 5), 5 (3), 5 (1) → 4.44.
    """
    counted = [(int(mark.value), mark.weight) for mark in marks if mark.value.isdecimal()]
    total = sum(weight for _, weight in counted)
    return _rounded(sum(value * weight for value, weight in counted), total) if total else None


def simple_mean(marks: Iterable[Weighted]) -> Decimal | None:
    """The mean without weights, shown beside the average (J-12)."""
    return weighted_average(Weighted(mark.value, 1) for mark in marks)


@dataclass(frozen=True, slots=True)
class Sums:
    """What averages are made of: a mark is put in or taken out without looking at the others again (J-12)."""

    products: int = 0
    """Σ(mark·weight)"""
    weights: int = 0
    values: int = 0
    """Σ(mark)"""
    count: int = 0
    """Marks that have a number."""

    def plus(self, mark: Weighted) -> "Sums":
        return self._moved(mark, 1)

    def minus(self, mark: Weighted) -> "Sums":
        return self._moved(mark, -1)

    @property
    def weighted(self) -> Decimal | None:
        """The weighted average as `weighted_average` shows it."""
        return _rounded(self.products, self.weights) if self.weights else None

    @property
    def simple(self) -> Decimal | None:
        """The mean without weights."""
        return _rounded(self.values, self.count) if self.count else None

    def _moved(self, mark: Weighted, sign: int) -> "Sums":
        if not mark.value.isdecimal():
            return self
        value = int(mark.value)
        return Sums(
            self.products + sign * value * mark.weight,
            self.weights + sign * mark.weight,
            self.values + sign * value,
            self.count + sign,
        )


NO_MARKS = Sums()


@dataclass(frozen=True, slots=True)
class Needed:
    """`count` marks `value` of this weight, and the average reaches the threshold."""

    value: int
    weight: int
    count: int


def needed(sums: Sums, threshold: Decimal, weights: Iterable[int]) -> list[Needed]:
    """«What must I get for a 5» (J-12): for each value and weight, how many such marks reach a threshold.

    The average that is held against the threshold is the one that is shown: two places, half up, so that a shown
    4.60 is a 5. Empty if it is reached already or no number of marks of any value would do; the fewest marks first.
    """
    shown = sums.weighted
    if shown is not None and shown >= threshold:
        return []
    # A shown average reaches the threshold from half a hundredth below it on.
    goal = Fraction(threshold) - Fraction(1, 200)
    found = []
    for weight in sorted(set(weights)):
        for value in range(5, 0, -1):
            if value > goal:
                # (products + n·value·weight) / (weights + n·weight) ≥ goal, solved for n.
                count = ceil((goal * sums.weights - sums.products) / (weight * (value - goal)))
                found.append(Needed(value, weight, max(count, 1)))
    return sorted(found, key=lambda one: (one.count, one.value, one.weight))


Trend = Literal["rising", "falling", "steady"]
RECENT_MARKS = 3
"""How many marks are «lately»; as many must stand before them."""
NOTICEABLE = Fraction(1, 4)
"""A difference of averages below this is steady."""


def trend(marks: Iterable[Weighted]) -> Trend | None:
    """How a pupil's marks of one subject develop: the last three against all before (J-12).

    Args:
        marks: in the order of their lessons.

    None while there are fewer than six marks with a number.
    """
    counted = [mark for mark in marks if mark.value.isdecimal()]
    if len(counted) < 2 * RECENT_MARKS:
        return None
    return trend_between(_sums(counted[:-RECENT_MARKS]), _sums(counted[-RECENT_MARKS:]))


def trend_between(before: Sums, lately: Sums) -> Trend:
    """How the last marks differ from all before; both have marks with a number."""
    scale = before.weights * lately.weights
    difference = lately.products * before.weights - before.products * lately.weights
    if abs(difference) * NOTICEABLE.denominator < NOTICEABLE.numerator * scale:
        return "steady"
    return "rising" if difference > 0 else "falling"


def reason_is_needed(posted_at: datetime, now: datetime, edit_window: timedelta) -> bool:
    """Whether a correction has to say why: the school's edit window is over (J-11)."""
    return now - posted_at > edit_window


def _sums(marks: Iterable[Weighted]) -> Sums:
    sums = Sums()
    for mark in marks:
        sums = sums.plus(mark)
    return sums


def _rounded(numerator: int, denominator: int) -> Decimal:
    # Decimal division already rounds to 28 digits, which could turn an exact half; whole hundredths cannot.
    hundredths, rest = divmod(numerator * 100, denominator)
    if rest * 2 >= denominator:
        hundredths += 1
    return Decimal(hundredths).scaleb(-2)
