"""CSV as it comes out of a school's office: saved by a Russian spreadsheet as often as by a program.

A spreadsheet writes Windows-1251 or UTF-8 with a byte order mark, puts semicolons between fields, turns 2026-09-01 into
01.09.2026 and 08:30 into 8:30 or 8:30:00, and leaves rows of empty fields at the end. All of that means what it says.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, time
from io import StringIO

SEPARATORS = ",;\t"

_RUSSIAN = re.compile("[А-Яа-яЁё№«»„“”–—…\N{NO-BREAK SPACE}\N{RIGHT SINGLE QUOTATION MARK}\N{BULLET}]")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_RUSSIAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


class UnreadableFile(ValueError):
    """No text, or no CSV; `line` counts from 1 and says where that was seen."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class UnknownEncoding(UnreadableFile):
    """Neither UTF-8 nor Russian in Windows-1251."""


class BrokenCsv(UnreadableFile):
    """Quotes are broken: what follows is not worth reading."""


def decoded(content: bytes) -> str:
    """The text of a file.

    Raises:
        UnknownEncoding: it is neither UTF-8 nor Windows-1251. Any bytes are some text in Windows-1251, therefore only
            that of Russian letters and the usual signs is taken for it: damaged UTF-8 is not read as «РџСЂРёРІРµС‚».
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        damaged = UnknownEncoding(content.count(b"\n", 0, error.start) + 1)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:  # UTF-16
        raise damaged
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError:
        raise damaged from None
    if all(character.isascii() or _RUSSIAN.match(character) for character in set(text)):
        return text
    raise damaged


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV text, each with the line it begins on; those without any text are none.

    Raises:
        BrokenCsv: see there.
    """
    header = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(SEPARATORS, key=header.count), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error:
            raise BrokenCsv(line) from None
        if record is None:
            return
        if any(field.strip() for field in record):
            yield line, record


def day(written: str) -> date:
    """The date of `2026-09-01` or `01.09.2026`.

    Raises:
        ValueError: anything else.
    """
    # `fromisoformat` would take 20260901 and 2026-W36-2 as well.
    if match := _ISO_DAY.fullmatch(written):
        year, month, of_month = match.groups()
    elif match := _RUSSIAN_DAY.fullmatch(written):
        of_month, month, year = match.groups()
    else:
        raise ValueError
    return date(int(year), int(month), int(of_month))


def time_of_day(written: str) -> time:
    """The time of `08:30`, `8:30` or `8:30:00`.

    Raises:
        ValueError: anything else.
    """
    match = _TIME.fullmatch(written)
    if match is None:
        raise ValueError
    return time(int(match[1]), int(match[2]))
