"""A school's settings, without any I/O."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SchoolSettings:
    """By what a school keeps its journal; these defaults count until it says otherwise."""

    edit_window_days: int = 7
    """How long a mark is corrected without giving a reason (J-11)."""
    threshold_five: Decimal = Decimal("4.60")
    threshold_four: Decimal = Decimal("3.60")
    threshold_three: Decimal = Decimal("2.60")
    """The weighted average, as it is shown, from which on a mark is proposed (J-16)."""
    minimum_marks: int = 3
    """How many marks a period mark needs (J-17)."""
    point_reminder_days: int = 2
    """How long before its due date a family is reminded of a point (J-15)."""

    @property
    def edit_window(self) -> timedelta:
        return timedelta(days=self.edit_window_days)
