"""One CSV file: lines with their numbers, and fields that know how to complain."""

import csv
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TypeVar

from identity.mistakes import Mistakes
from shared.names import has_control_characters, one_line

T = TypeVar("T")
LONGEST_TEXT = 200
LONGEST_ID = 255
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One record. Every reading method notes a mistake and answers None instead of failing."""

    file: str
    number: int
    cells: dict[str, str]
    mistakes: Mistakes

    def complain(self, column: str | None, rule: str, **details: str | int) -> None:
        """Note that something about this line is wrong."""
        self.mistakes.add(self.file, rule, self.number, column, **details)

    def raw(self, column: str) -> str:
        """The field, trimmed; empty if the column is not there."""
        return self.cells.get(column, "").strip()

    def optional(self, column: str, limit: int = LONGEST_TEXT) -> str | None:
        """Text on one line, or None for an empty field."""
        value = self.raw(column)
        if not value:
            return None
        if len(value) > limit:
            self.complain(column, "too_long", limit=limit)
            return None
        if has_control_characters(value):
            self.complain(column, "characters")
            return None
        return one_line(value)

    def text(self, column: str, limit: int = LONGEST_TEXT) -> str | None:
        """Text that must be there."""
        if not self.raw(column):
            self.complain(column, "required")
            return None
        return self.optional(column, limit)

    def choice(self, column: str, allowed: Collection[str], *, default: str | None = None) -> str | None:
        """One of a few words; an empty field is the default, where there is one."""
        value = self.raw(column) or default
        if value is None:
            self.complain(column, "required")
        elif value not in allowed:
            self.complain(column, "choice", allowed=", ".join(sorted(allowed)))
            return None
        return value

    def flag(self, column: str) -> bool:
        """`1` or `true`; empty, `0` and `false` are no."""
        value = self.raw(column).lower()
        if value not in {"", "0", "1", "true", "false"}:
            self.complain(column, "choice", allowed="0, 1, false, true")
        return value in {"1", "true"}

    def day(self, column: str, *, required: bool = False) -> date | None:
        """A calendar date."""
        value = self.raw(column)
        if not value:
            if required:
                self.complain(column, "required")
            return None
        with suppress(ValueError):
            return calendar_day(value)
        self.complain(column, "date")
        return None

    def checked(self, column: str, rule: str, check: Callable[[str], T]) -> T | None:
        """What `check` makes of the field, None for an empty one; a ValueError is a mistake against `rule`."""
        value = self.raw(column)
        if not value:
            return None
        try:
            return check(value)
        except ValueError:
            self.complain(column, rule)
            return None

    def reference(self, column: str, target: str, known: Collection[str]) -> str | None:
        """A sourcedId that must stand in another file."""
        value = self.text(column, LONGEST_ID)
        if value is not None and value not in known:
            self.complain(column, "reference", target=target)
            return None
        return value

    def references(self, column: str, target: str, known: Collection[str]) -> tuple[str, ...]:
        """A comma-separated list of sourcedIds, none of them twice."""
        values = dict.fromkeys(part.strip() for part in self.raw(column).split(",") if part.strip())
        if any(value not in known for value in values):
            self.complain(column, "reference", target=target)
        return tuple(value for value in values if value in known)


def calendar_day(written: str) -> date:
    """The date of `2026-09-01`.

    Raises:
        ValueError: anything else.
    """
    # `fromisoformat` would take 20260901 and 2026-W36-2 as well.
    if not _DATE.fullmatch(written):
        raise ValueError(written[:0])
    return date.fromisoformat(written)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read as CSV, with its header checked."""

    name: str
    lines: tuple[Line, ...]

    def by_id(self, column: str = "sourcedId") -> dict[str, Line]:
        """Lines by what stands in the column of ids; a repeated or missing one is a mistake. Faulty lines count as
        known, so that one mistake is not reported again by everything that refers to it.
        """
        found: dict[str, Line] = {}
        for line in self.lines:
            source_id = line.text(column, LONGEST_ID)
            if source_id is None:
                continue
            if source_id in found:
                line.complain(column, "id_repeated", first_line=found[source_id].number)
                continue
            found[source_id] = line
        return found


def read_sheet(
    name: str, content: bytes, columns: Collection[str], mistakes: Mistakes, *, delimiters: str = ","
) -> Sheet:
    """Read one file.

    Args:
        name: the file's name in the bundle, for reports.
        content: its bytes, UTF-8, with or without a byte order mark.
        columns: the columns that must be there; others may be.
        mistakes: where to note what is wrong.
        delimiters: what may stand between fields; the header shows which one does.
    """
    text = _decoded(name, content, mistakes)
    if text is None:
        return Sheet(name, ())
    delimiter = max(delimiters, key=text.partition("\n")[0].count)
    records = _records(name, text, delimiter, mistakes)
    _, header = next(records, (1, []))
    header = [cell.strip() for cell in header]
    complete = True
    for column in columns:
        if column not in header:
            mistakes.add(name, "column_missing", 1, column)
            complete = False
    for column in {column for column in header if column and header.count(column) > 1}:
        mistakes.add(name, "column_repeated", 1, column)
        complete = False
    if not complete:
        return Sheet(name, ())
    lines: list[Line] = []
    for number, cells in records:
        if len(cells) != len(header):
            mistakes.add(name, "field_count", number, None, found=len(cells), expected=len(header))
            continue
        lines.append(Line(name, number, dict(zip(header, cells, strict=True)), mistakes))
    return Sheet(name, tuple(lines))


def _decoded(name: str, content: bytes, mistakes: Mistakes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.add(name, "not_utf8", content[: error.start].count(b"\n") + 1)
        return None


def _records(name: str, text: str, delimiter: str, mistakes: Mistakes) -> Iterator[tuple[int, list[str]]]:
    """Records with the number of the line they begin on; a field may run over several lines."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins_on = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # An unclosed quote swallows the rest of the file: there is no next line to go on with.
            mistakes.add(name, "csv_broken", begins_on)
            return
        if any(cell.strip() for cell in cells):
            yield begins_on, cells
