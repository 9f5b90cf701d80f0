"""Reads a timetable file. Pure: what can be told without the school's own data is told here, all of it at once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar
from unicodedata import category

from journal.mistakes import FileRule, Mistake
from journal.timetable import rules
from shared.spreadsheets import BrokenCsv, UnknownEncoding, day, decoded, records, time_of_day

COLUMNS = (
    "date",
    "lesson_number",
    "starts_at",
    "ends_at",
    "class_source_id",
    "subject_source_id",
    "teacher_source_id",
    "room",
    "topic",
)
MAY_LACK = ("group_source_id",)
"""Columns that a file need not have at all: nothing in it is a group's."""
OPTIONAL = frozenset({"room", "topic", *MAY_LACK})
LIMITS = {"room": 50, "topic": 300}
"""Longest texts; all other columns have 200 characters."""

LAST_LESSON = 15

_NUMBER = re.compile(r"[0-9]{1,2}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One lesson as the file names it."""

    line: int
    date: date
    number: int
    starts_at: time
    ends_at: time
    class_source_id: str
    subject_source_id: str
    teacher_source_id: str
    room: str
    topic: str
    group_source_id: str = ""
    """Empty: the whole class's."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Rows that are right by themselves, and what is wrong with the others."""

    name: str
    rows: tuple[Row, ...]
    mistakes: tuple[Mistake, ...]


def read_file(name: str, content: bytes) -> ReadFile:
    """Read `content`; a wrong line does not hide what is wrong with the next."""
    reader = _Reader(name)
    rows = tuple(reader.rows(content))
    return ReadFile(name, rows, tuple(reader.mistakes))


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 1
        self.mistakes: list[Mistake] = []

    def rows(self, content: bytes) -> Iterator[Row]:
        try:
            yield from self._rows(records(decoded(content)))
        except UnknownEncoding as unknown:
            self._line = unknown.line
            self._refuse(None, rules.ENCODING_UNKNOWN)
        except BrokenCsv as broken:
            self._line = broken.line
            self._refuse(None, rules.BROKEN_CSV)

    def _rows(self, found: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
        self._line, header = next(found, (1, []))
        if not header:
            self._refuse(None, rules.EMPTY_FILE)
            return
        header = [column.strip() for column in header]
        if not self._header_is_right(header):
            return
        for self._line, record in found:
            if len(record) != len(header):
                self._refuse(None, rules.FIELD_COUNT, found=len(record), expected=len(header))
                continue
            row = self._row(dict(zip(header, (value.strip() for value in record), strict=True)))
            if row is not None:
                yield row

    def _header_is_right(self, header: list[str]) -> bool:
        for column in COLUMNS:
            if column not in header:
                self._refuse(None, rules.COLUMN_MISSING, name=column)
        for place, column in enumerate(header):
            if column not in COLUMNS and column not in MAY_LACK:
                self._refuse(column[:50], rules.COLUMN_UNKNOWN)
            elif column in header[:place]:
                self._refuse(column, rules.COLUMN_TWICE)
        return not self.mistakes

    def _row(self, values: dict[str, str]) -> Row | None:
        before = len(self.mistakes)
        for column, value in values.items():
            limit = LIMITS.get(column, 200)
            if not value and column not in OPTIONAL:
                self._refuse(column, rules.REQUIRED)
            elif len(value) > limit:
                self._refuse(column, rules.TOO_LONG, limit=limit)
            elif _has_control_character(value):
                self._refuse(column, rules.CONTROL_CHARACTER)
        if len(self.mistakes) > before:
            return None
        date_ = self._read("date", values, day, rules.BAD_DATE)
        number = self._read("lesson_number", values, _number, rules.BAD_NUMBER)
        starts_at = self._read("starts_at", values, time_of_day, rules.BAD_TIME)
        ends_at = self._read("ends_at", values, time_of_day, rules.BAD_TIME)
        if date_ is None or number is None or starts_at is None or ends_at is None:
            return None
        if ends_at <= starts_at:
            self._refuse("ends_at", rules.ENDS_BEFORE_START)
            return None
        return Row(
            line=self._line,
            date=date_,
            number=number,
            starts_at=starts_at,
            ends_at=ends_at,
            class_source_id=values["class_source_id"],
            subject_source_id=values["subject_source_id"],
            teacher_source_id=values["teacher_source_id"],
            room=values["room"],
            topic=values["topic"],
            group_source_id=values.get("group_source_id", ""),
        )

    def _read(self, column: str, values: dict[str, str], reader: Callable[[str], T], rule: FileRule) -> T | None:
        try:
            return reader(values[column])
        except ValueError:
            self._refuse(column, rule)
            return None

    def _refuse(self, column: str | None, rule: FileRule, **values: object) -> None:
        self.mistakes.append(Mistake(self._name, self._line, column, rule, values))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > LAST_LESSON:
        raise ValueError(text)
    return int(text)


def _has_control_character(text: str) -> bool:
    return any(category(character) == "Cc" for character in text)
