"""Rules of marks, without any I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, get_args

MarkValue = Literal["1", "2", "3", "4", "5", "зачёт", "незачёт", "н/а", "осв"]
"""As it stands in the cell (J-8): five-point scale, pass/fail, not attested, exempt."""

VALUES: tuple[str, ...] = get_args(MarkValue)
FIRST_GRADE_WITH_MARKS = 2
EDIT_WINDOW = timedelta(days=7)
"""How long a mark is corrected freely; a school's own setting comes with its settings (J-11)."""


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


def reason_is_needed(posted_at: datetime, now: datetime) -> bool:
    """Whether a correction has to say why: the edit window is over (J-11)."""
    return now - posted_at > EDIT_WINDOW


def _rounded(numerator: int, denominator: int) -> Decimal:
    # Decimal division already rounds to 28 digits, which could turn an exact half; whole hundredths cannot.
    hundredths, rest = divmod(numerator * 100, denominator)
    if rest * 2 >= denominator:
        hundredths += 1
    return Decimal(hundredths).scaleb(-2)
