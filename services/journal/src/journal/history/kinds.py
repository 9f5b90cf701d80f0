"""The kinds of files of history, in the order in which several of them are brought: each may need those before it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from journal.history import (
    backpack,
    behaviour,
    entries,
    homework,
    notices,
    period_marks,
    points,
    registers,
    substitutions,
)
from journal.history.desk import Brought, Desk
from journal.history.sheet import Sheet
from shared.http import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file may hold."""

    title: Text
    sheet: Sheet
    bring: Callable[[Desk, Sequence[Any]], Awaitable[Brought]]


KINDS = (
    # A cancelled lesson takes no marks, and a mark is its substitute's.
    Kind(Text(ru="замены", en="substitutions"), substitutions.SHEET, substitutions.bring),
    # «н» takes its reason from the family's notice.
    Kind(Text(ru="заявления об отсутствии", en="absence notices"), notices.SHEET, notices.bring),
    Kind(Text(ru="отметки и пропуски", en="marks and absences"), entries.SHEET, entries.bring),
    Kind(Text(ru="проверенные уроки", en="registers taken"), registers.SHEET, registers.bring),
    # A point is settled by the mark that came after it, a period mark is held against all marks of the period.
    Kind(Text(ru="точки", en="points"), points.SHEET, points.bring),
    Kind(Text(ru="отметки за период", en="period marks"), period_marks.SHEET, period_marks.bring),
    Kind(Text(ru="домашние задания", en="homework"), homework.SHEET, homework.bring),
    Kind(Text(ru="поведение", en="behaviour"), behaviour.SHEET, behaviour.bring),
    Kind(Text(ru="портфель", en="backpack"), backpack.SHEET, backpack.bring),
)


def order(sheet: Sheet | None) -> int:
    """The place of a file among others; what is no such file comes first, to be refused before anything is taken."""
    return next((place for place, kind in enumerate(KINDS) if kind.sheet is sheet), -1)
