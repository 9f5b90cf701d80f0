"""How cells read on paper, and what a spreadsheet must not take for a formula. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

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
