"""A school's periods and settings, without any I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from shared.business_time.russia import is_holiday


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
    unmarked_subjects: tuple[UUID, ...] = ()
    """Subjects on the timetable in which no marks are set: «Классный час»; reports miss none there (J-18, J-33)."""

    @property
    def edit_window(self) -> timedelta:
        return timedelta(days=self.edit_window_days)


PeriodKind = Literal["quarter", "trimester", "half_year"]


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """A period as a school plans it: for the grades from `first_grade` to `last_grade`."""

    kind: PeriodKind
    first_grade: int
    last_grade: int
    number: int
    title: str
    starts_on: date
    ends_on: date

    @property
    def key(self) -> tuple[int, int]:
        """What tells periods of one year apart."""
        return self.first_grade, self.number


PlanFault = Literal["outside_the_year", "ends_before_start", "grades_reversed", "same_number", "overlaps"]


def faults_of(plan: Sequence[PlannedPeriod], year_starts_on: date, year_ends_on: date) -> list[tuple[int, PlanFault]]:
    """What is wrong with the periods of a year (J-4): index in the plan and fault, all of them at once.

    Periods lie within the year; two periods of one grade have no day in common and different numbers.
    """
    faults: list[tuple[int, PlanFault]] = []
    for index, period in enumerate(plan):
        if period.last_grade < period.first_grade:
            faults.append((index, "grades_reversed"))
        if period.ends_on < period.starts_on:
            faults.append((index, "ends_before_start"))
        if period.starts_on < year_starts_on or period.ends_on > year_ends_on:
            faults.append((index, "outside_the_year"))
        for earlier in plan[:index]:
            if earlier.last_grade < period.first_grade or period.last_grade < earlier.first_grade:
                continue
            if earlier.number == period.number:
                faults.append((index, "same_number"))
            if earlier.starts_on <= period.ends_on and period.starts_on <= earlier.ends_on:
                faults.append((index, "overlaps"))
    return list(dict.fromkeys(faults))


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without lessons for the grades from `first_grade` to `last_grade`: «Осенние каникулы», «День школы»."""

    title: str
    first_grade: int
    last_grade: int
    starts_on: date
    ends_on: date

    def frees(self, grade: int, day: date) -> bool:
        """Whether this grade has no lessons on this day because of it."""
        return self.first_grade <= grade <= self.last_grade and self.starts_on <= day <= self.ends_on


HolidayFault = Literal["outside_the_year", "ends_before_start", "grades_reversed", "overlaps"]


def faults_of_holidays(
    plan: Sequence[Holiday], year_starts_on: date, year_ends_on: date
) -> list[tuple[int, HolidayFault]]:
    """What is wrong with the holidays of a year (J-4): index in the plan and fault, all of them at once."""
    faults: list[tuple[int, HolidayFault]] = []
    for index, one in enumerate(plan):
        if one.last_grade < one.first_grade:
            faults.append((index, "grades_reversed"))
        if one.ends_on < one.starts_on:
            faults.append((index, "ends_before_start"))
        if one.starts_on < year_starts_on or one.ends_on > year_ends_on:
            faults.append((index, "outside_the_year"))
        faults += [
            (index, "overlaps")
            for earlier in plan[:index]
            if earlier.first_grade <= one.last_grade
            and one.first_grade <= earlier.last_grade
            and earlier.starts_on <= one.ends_on
            and one.starts_on <= earlier.ends_on
        ]
    return list(dict.fromkeys(faults))


def is_school_day(grade: int, day: date, school_holidays: Sequence[Holiday]) -> bool:
    """Whether a grade has lessons on a day: neither holidays of the school nor of the country (Labour Code, 112).

    Days off that the government moves are left to the schools: those with a six-day week often learn on them.
    """
    return not is_holiday(day) and not any(one.frees(grade, day) for one in school_holidays)
