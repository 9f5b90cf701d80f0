"""How cells read on paper, what a spreadsheet must not take for a formula, what is odd about a year. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, TypeVar

T = TypeVar("T")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With what a text begins that spreadsheets, and files made of them, may take for a formula (OWASP, CSV injection)."""

ABSENT, LATE, POINT = "н", "оп", "•"


def looks_like_formula(text: str) -> bool:
    """Whether a cell needs a mark that it is text and nothing else, also after it was edited or saved elsewhere."""
    return text.startswith(_FORMULA)


def cell(marks: Iterable[str], *, absence: str | None, has_point: bool) -> str:
    """A cell as teachers write it: «5/4», «н», «оп 4», «•».

    Why a pupil was absent is not written: it may be an illness, and paper goes from hand to hand.
    """
    sign = {"absent": ABSENT, "late": LATE}.get(absence or "", "")
    return " ".join(part for part in (sign, "/".join(marks), POINT if has_point else "") if part)


def pieces(items: Sequence[T], longest: int) -> list[Sequence[T]]:
    """A row of columns in as many pages as it needs, as even as can be: 31 in pages of 30 are 16 and 15."""
    if not items:
        return []
    pages = -(-len(items) // longest)
    size, longer = divmod(len(items), pages)
    ends = [size * page + min(page, longer) for page in range(pages + 1)]
    return [items[first:last] for first, last in pairwise(ends)]


def day(value: date) -> str:
    """«23.11.2026»."""
    return f"{value:%d.%m.%Y}"


def days(first: date, last: date) -> str:
    """«01.09.2026 – 30.12.2026»."""
    return f"{day(first)} – {day(last)}"


def percent(part: int, whole: int) -> int | None:
    """Whole percents, rounded down so that 100 means all of it; None of nothing."""
    return part * 100 // whole if whole else None


YearAnomaly = Literal["period_mark_missing", "year_mark_missing", "against_period_marks"]


def year_anomalies(
    period_marks: Sequence[str | None], over: Sequence[bool], year_mark: str | None, proposed: int | None
) -> list[YearAnomaly]:
    """What a deputy should look at in one pupil's year of one subject (J-18).

    Args:
        period_marks: one for each period; None: not set.
        over: of each period, whether it is over; what is not over yet misses nothing.
        year_mark: the mark of the year; None: not set.
        proposed: the mean of the period marks; None: there are none with a number.
    """
    found: list[YearAnomaly] = []
    if any(is_over and mark is None for mark, is_over in zip(period_marks, over, strict=True)):
        found.append("period_mark_missing")
    if year_mark is None and over and all(over):
        found.append("year_mark_missing")
    if year_mark is not None and year_mark.isdecimal() and proposed is not None and int(year_mark) != proposed:
        found.append("against_period_marks")
    return found
