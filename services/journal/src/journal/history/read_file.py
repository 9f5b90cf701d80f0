"""Reads a file of history. Pure: what can be told without the school's own data."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast, get_args

from journal.attendance.rules import AbsenceReason
from journal.marks.rules import VALUES
from journal.mistakes import FileRule, Mistake
from shared.http import Text

COLUMNS = (
    "date",
    "lesson_number",
    "class_source_id",
    "subject_source_id",
    "pupil",
    "value",
    "control_form",
    "absence_reason",
    "comment",
)
OPTIONAL = frozenset({"control_form", "absence_reason", "comment"})
ABSENT = "н"
LONGEST = {"comment": 500}
"""All other columns have 300 characters."""

BROKEN = FileRule(
    "broken_csv", Text(ru="Файл — не CSV в кодировке UTF-8", en="The file is not CSV in the encoding UTF-8")
)
COLUMN_MISSING = FileRule("column_missing", Text(ru="Нет столбца {name}", en="The column {name} is missing"))
FIELD_COUNT = FileRule(
    "field_count",
    Text(ru="В строке {found} значений, а столбцов {expected}", en="{found} values in the line, {expected} columns"),
)
REQUIRED = FileRule("required", Text(ru="Значение обязательно", en="A value is required"))
TOO_LONG = FileRule("too_long", Text(ru="Не длиннее {limit} символов", en="At most {limit} characters"))
BAD_DATE = FileRule("bad_date", Text(ru="Должна быть дата ГГГГ-ММ-ДД", en="Must be a date YYYY-MM-DD"))
BAD_NUMBER = FileRule("bad_number", Text(ru="Номер урока — целое от 0 до 15", en="A lesson number is 0 to 15"))
UNKNOWN_VALUE = FileRule(
    "unknown_value",
    Text(
        ru="Должна быть отметка 1–5, зачёт, незачёт, н/а, осв или «н»",
        en="Must be a mark 1–5, зачёт, незачёт, н/а, осв, or «н»",
    ),
)
UNKNOWN_REASON = FileRule(
    "unknown_absence_reason", Text(ru="Должно быть у, б, нп или осв, и только при «н»", en="у, б, нп, осв, with «н»")
)
FORM_REQUIRED = FileRule("control_form_required", Text(ru="Укажите форму контроля", en="Name the control form"))

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]|1[0-5]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
CONTROL_CHARACTER = FileRule(
    "control_character", Text(ru="Недопустимый управляющий символ", en="A control character is not allowed")
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark, or one «н», as the file names it."""

    line: int
    date: date
    number: int
    class_source_id: str
    subject_source_id: str
    pupil: str
    value: str
    control_form: str
    absence_reason: AbsenceReason | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """Entries that are right by themselves, and what is wrong with the others."""

    name: str
    entries: tuple[Entry, ...]
    mistakes: tuple[Mistake, ...]


def read_history(name: str, content: bytes) -> ReadHistory:
    """Read a CSV file with the columns of `COLUMNS`; a wrong line does not hide what is wrong with the next."""
    mistakes: list[Mistake] = []
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            found = (Mistake(name, 1, column, COLUMN_MISSING, {"name": column}) for column in missing)
            return ReadHistory(name, (), tuple(found))
        entries = tuple(_entries(name, reader, mistakes))
    except (UnicodeDecodeError, csv.Error):
        return ReadHistory(name, (), (Mistake(name, None, None, BROKEN),))
    return ReadHistory(name, entries, tuple(mistakes))


def _entries(name: str, reader: "csv.DictReader[str]", mistakes: list[Mistake]) -> Iterator[Entry]:
    for row in reader:
        line = reader.line_num
        if None in row or None in row.values():
            expected = len(reader.fieldnames or ())
            found = expected + len(row.get(None) or ()) - sum(value is None for value in row.values())
            mistakes.append(Mistake(name, line, None, FIELD_COUNT, {"found": found, "expected": expected}))
            continue
        cells = {column: row[column].strip() for column in COLUMNS}
        faults = [Mistake(name, line, column, rule, values) for column, rule, values in _faults(cells)]
        mistakes += faults
        if not faults:
            yield _entry(line, cells)


def _entry(line: int, cells: Mapping[str, str]) -> Entry:
    return Entry(
        line=line,
        date=date.fromisoformat(cells["date"]),
        number=int(cells["lesson_number"]),
        class_source_id=cells["class_source_id"],
        subject_source_id=cells["subject_source_id"],
        pupil=cells["pupil"],
        value=cells["value"],
        control_form=cells["control_form"],
        absence_reason=cast("AbsenceReason", cells["absence_reason"]) if cells["absence_reason"] else None,
        comment=cells["comment"] or None,
    )


def _faults(cells: Mapping[str, str]) -> Iterator[tuple[str, FileRule, dict[str, object]]]:
    for column, text in cells.items():
        limit = LONGEST.get(column, 300)
        if not text and column not in OPTIONAL:
            yield column, REQUIRED, {}
        elif len(text) > limit:
            yield column, TOO_LONG, {"limit": limit}
        elif _CONTROL.search(text):
            yield column, CONTROL_CHARACTER, {}
    value, reason = cells["value"], cells["absence_reason"]
    if cells["date"] and not _is_date(cells["date"]):
        yield "date", BAD_DATE, {}
    if cells["lesson_number"] and not _NUMBER.fullmatch(cells["lesson_number"]):
        yield "lesson_number", BAD_NUMBER, {}
    if value and value != ABSENT and value not in VALUES:
        yield "value", UNKNOWN_VALUE, {}
    if reason and (value != ABSENT or reason not in get_args(AbsenceReason)):
        yield "absence_reason", UNKNOWN_REASON, {}
    if value in VALUES and not cells["control_form"]:
        yield "control_form", FORM_REQUIRED, {}


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
