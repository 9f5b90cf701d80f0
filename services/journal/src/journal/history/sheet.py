"""Reads a file of history. Pure: what can be told without the school's own data.

A kind of file is a `Sheet`: its columns in order, and what a row of it is. Which kind a file is, its header says.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from journal.mistakes import FileRule, Mistake
from journal.timetable.rules import (
    BAD_DATE,
    COLUMN_MISSING,
    CONTROL_CHARACTER,
    FIELD_COUNT,
    REQUIRED,
    TOO_LONG,
)
from journal.weeks import Week
from shared import spreadsheets
from shared.http import Text

BROKEN = FileRule(
    "broken_csv",
    Text(ru="Файл — не CSV в кодировке UTF-8 или Windows-1251", en="The file is not CSV in UTF-8 or Windows-1251"),
)
COLUMN_UNKNOWN = FileRule(
    "column_unknown", Text(ru="Столбца {name} в таком файле не бывает", en="Such a file has no column {name}")
)
BAD_NUMBER = FileRule("bad_number", Text(ru="Целое число от {least} до {most}", en="A whole number, {least} to {most}"))
BAD_WEEK = FileRule("bad_week", Text(ru="Должна быть неделя ГГГГ-Wнн", en="Must be a week YYYY-Wnn"))
UNKNOWN_WORD = FileRule("unknown_word", Text(ru="Должно быть одно из: {known}", en="Must be one of: {known}"))

Day = date
"""For rows: their field `date` hides the type of that name."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Unfit(Exception):
    """A cell that is not what its column takes."""

    def __init__(self, rule: FileRule, **values: object) -> None:
        super().__init__(rule.code)
        self.rule = rule
        self.values = values


@dataclass(frozen=True, slots=True)
class Column:
    """One column; one that is not needed may be empty, or missing altogether: its cells are None then."""

    name: str
    read: Callable[[str], Any] = str
    needed: bool = True
    longest: int = 300

    def value(self, text: str) -> Any:
        """What a cell says.

        Raises:
            Unfit: it cannot be.
        """
        if not text:
            if self.needed:
                raise Unfit(REQUIRED)
            return None
        if len(text) > self.longest:
            raise Unfit(TOO_LONG, limit=self.longest)
        if _CONTROL.search(text):
            raise Unfit(CONTROL_CHARACTER)
        return self.read(text)


def a_date(text: str) -> date:
    """Read YYYY-MM-DD or DD.MM.YYYY; this and the readers below raise Unfit for anything else."""
    try:
        return spreadsheets.day(text)
    except ValueError:
        raise Unfit(BAD_DATE) from None


def a_week(text: str) -> Week:
    """Read YYYY-Wnn."""
    try:
        return Week.parse(text)
    except ValueError:
        raise Unfit(BAD_WEEK) from None


def a_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers within both ends."""

    def read(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,6}", text) and least <= int(text) <= most:
            return int(text)
        raise Unfit(BAD_NUMBER, least=least, most=most)

    return read


def a_word(known: Mapping[str, Any], rule: FileRule = UNKNOWN_WORD) -> Callable[[str], Any]:
    """A reader of known words, whatever their case."""

    def read(text: str) -> Any:
        try:
            return known[text.casefold()]
        except KeyError:
            raise Unfit(rule, known=", ".join(known)) from None

    return read


LESSON = (
    Column("date", a_date),
    Column("lesson_number", a_number(0, 15)),
    Column("class_source_id"),
    Column("subject_source_id"),
    Column("group_source_id", needed=False),
)
"""The columns that name a lesson of the timetable; with the group, where it is not the whole class's."""

Fault = tuple[str, FileRule]


def _no_faults(_: Any) -> Iterator[Fault]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of file.

    Args:
        row: a NamedTuple of the line's number and the columns, in their order.
        columns: of the file; their order in it does not matter.
        check: what is wrong with a row as a whole.
    """

    row: type[Any]
    columns: tuple[Column, ...]
    check: Callable[[Any], Iterator[Fault]] = _no_faults

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


class ReadHistory(NamedTuple):
    """Rows that are right by themselves, and what is wrong with the others."""

    name: str
    sheet: Sheet | None
    """None: it is no such file."""
    rows: tuple[Any, ...]
    mistakes: tuple[Mistake, ...]


def read_sheet(name: str, content: bytes, sheets: Sequence[Sheet]) -> ReadHistory:
    """Read a CSV file of one of some kinds; a wrong line does not hide what is wrong with the next."""
    mistakes: list[Mistake] = []
    try:
        records = spreadsheets.records(spreadsheets.decoded(content))
        header = [title.strip() for title in next(records, (1, []))[1]]
        sheet = _most_like(header, sheets)
        missing = [column.name for column in sheet.columns if column.needed and column.name not in header]
        unknown = [title for title in header if title not in sheet.names]
        mistakes += (Mistake(name, 1, title, COLUMN_MISSING, {"name": title}) for title in missing)
        mistakes += (Mistake(name, 1, title or None, COLUMN_UNKNOWN, {"name": title}) for title in unknown)
        rows = () if mistakes else tuple(_rows(name, records, header, sheet, mistakes))
    except spreadsheets.UnreadableFile as unreadable:
        return ReadHistory(name, None, (), (Mistake(name, unreadable.line, None, BROKEN),))
    return ReadHistory(name, sheet, rows, tuple(mistakes))


def _most_like(header: Sequence[str], sheets: Sequence[Sheet]) -> Sheet:
    """The kind that knows most columns of the header; of several the one that asks for the fewest."""
    return max(sheets, key=lambda sheet: (len(set(sheet.names) & set(header)), -len(sheet.columns)))


def _rows(
    name: str, records: Iterator[tuple[int, list[str]]], header: list[str], sheet: Sheet, mistakes: list[Mistake]
) -> Iterator[Any]:
    places = [header.index(column.name) if column.name in header else None for column in sheet.columns]
    # Names and days stand in thousands of lines: each is read once, and kept once.
    told: list[dict[str, Any]] = [{} for _ in sheet.columns]
    for line, cells in records:
        if len(cells) != len(header):
            values: dict[str, object] = {"found": len(cells), "expected": len(header)}
            mistakes.append(Mistake(name, line, None, FIELD_COUNT, values))
            continue
        found: list[Any] = []
        faults: list[Mistake] = []
        for column, place, known in zip(sheet.columns, places, told, strict=True):
            text = cells[place].strip() if place is not None else ""
            if text not in known:
                try:
                    known[text] = column.value(text)
                except Unfit as unfit:
                    faults.append(Mistake(name, line, column.name, unfit.rule, unfit.values))
                    continue
            found.append(known[text])
        if not faults:
            row = sheet.row(line, *found)
            faults += (Mistake(name, line, column, rule) for column, rule in sheet.check(row))
            if not faults:
                yield row
        mistakes += faults
