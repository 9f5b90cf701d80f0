"""Reads a file of city events. Pure: every mistake of the file is named, with line and column (J-27)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from journal.mistakes import FileRule, Mistake
from shared.http import Text
from shared.spreadsheets import UnreadableFile, day, decoded, records

Kind = Literal["contest", "olympiad", "conference", "seminar", "other"]
KINDS: tuple[str, ...] = get_args(Kind)
IN_RUSSIAN: Mapping[str, Kind] = {
    "конкурс": "contest",
    "олимпиада": "olympiad",
    "конференция": "conference",
    "семинар": "seminar",
    "другое": "other",
}
COLUMNS = (
    "source_id",
    "city",
    "starts_on",
    "ends_on",
    "kind",
    "title",
    "description",
    "place",
    "subject",
    "organiser",
    "contact",
)
OPTIONAL = frozenset({"ends_on", "description", "subject"})
LONGEST = {"description": 2000}
"""Characters; all other columns have 300."""

BROKEN = FileRule(
    "broken_file", Text(ru="Это не CSV в UTF-8 или Windows-1251.", en="Not CSV in UTF-8 or Windows-1251.")
)
COLUMN_MISSING = FileRule("column_missing", Text(ru="Нет столбца {name}.", en="The column {name} is missing."))
FIELD_COUNT = FileRule(
    "field_count",
    Text(ru="Полей {found}, а должно быть {expected}.", en="{found} fields, there should be {expected}."),
)
EMPTY = FileRule("value_missing", Text(ru="Значение обязательно.", en="A value is needed."))
TOO_LONG = FileRule("too_long", Text(ru="Длиннее {longest} знаков.", en="Longer than {longest} characters."))
NOT_A_DATE = FileRule(
    "not_a_date",
    Text(ru="Дата пишется как 2026-11-23 или 23.11.2026.", en="A date is written as 2026-11-23 or 23.11.2026."),
)
REVERSED = FileRule("ends_before_start", Text(ru="Кончается раньше, чем начинается.", en="It ends before it starts."))
UNKNOWN_KIND = FileRule(
    "unknown_kind",
    Text(
        ru="Тип: конкурс, олимпиада, конференция, семинар или другое.",
        en="The kind is contest, olympiad, conference, seminar or other.",
    ),
)
REPEATED = FileRule("repeated", Text(ru="Такой source_id уже был.", en="This source_id was there already."))


@dataclass(frozen=True, slots=True)
class CityEvent:
    """One event as the file has it."""

    source_id: str
    city: str
    starts_on: date
    ends_on: date
    kind: Kind
    title: str
    description: str
    place: str
    subject: str
    organiser: str
    contact: str


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """Rows that are right, and what is wrong with the others."""

    events: tuple[CityEvent, ...]
    mistakes: tuple[Mistake, ...]


def read_events(name: str, content: bytes) -> ReadEvents:
    """Read a CSV file with the columns of `COLUMNS`; `ends_on` empty: one day."""
    mistakes: list[Mistake] = []
    try:
        found = records(decoded(content))
        _, header = next(found, (1, []))
        header = [column.strip() for column in header]
        missing = [column for column in COLUMNS if column not in header]
        if missing:
            missed = (Mistake(name, 1, column, COLUMN_MISSING, {"name": column}) for column in missing)
            return ReadEvents((), tuple(missed))
        events = tuple(_events(name, header, found, mistakes))
    except UnreadableFile as unreadable:
        return ReadEvents((), (Mistake(name, unreadable.line, None, BROKEN),))
    return ReadEvents(events, tuple(mistakes))


def _events(
    name: str, header: Sequence[str], found: Iterable[tuple[int, list[str]]], mistakes: list[Mistake]
) -> Iterator[CityEvent]:
    seen: set[str] = set()
    for line, record in found:
        if len(record) != len(header):
            values: dict[str, object] = {"found": len(record), "expected": len(header)}
            mistakes.append(Mistake(name, line, None, FIELD_COUNT, values))
            continue
        row = dict(zip(header, record, strict=True))
        cells = {column: row[column].strip() for column in COLUMNS}
        faults = [Mistake(name, line, column, rule, values) for column, rule, values in _faults(cells, seen)]
        mistakes += faults
        seen.add(cells["source_id"])
        if faults:
            continue
        starts_on = day(cells["starts_on"])
        yield CityEvent(
            source_id=cells["source_id"],
            city=cells["city"],
            starts_on=starts_on,
            ends_on=day(cells["ends_on"]) if cells["ends_on"] else starts_on,
            kind=_kind(cells["kind"]) or "other",
            title=cells["title"],
            description=cells["description"],
            place=cells["place"],
            subject=cells["subject"],
            organiser=cells["organiser"],
            contact=cells["contact"],
        )


def _faults(cells: Mapping[str, str], seen: set[str]) -> Iterator[tuple[str, FileRule, dict[str, object]]]:
    for column, value in cells.items():
        longest = LONGEST.get(column, 300)
        if not value and column not in OPTIONAL:
            yield column, EMPTY, {}
        if len(value) > longest:
            yield column, TOO_LONG, {"longest": longest}
    days = {column: _date(cells[column]) for column in ("starts_on", "ends_on") if cells[column]}
    yield from ((column, NOT_A_DATE, {}) for column, found in days.items() if found is None)
    first, last = days.get("starts_on"), days.get("ends_on")
    if first and last and last < first:
        yield "ends_on", REVERSED, {}
    if cells["kind"] and _kind(cells["kind"]) is None:
        yield "kind", UNKNOWN_KIND, {}
    if cells["source_id"] in seen:
        yield "source_id", REPEATED, {}


def _date(text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        return None


def _kind(text: str) -> Kind | None:
    lower = text.lower()
    return IN_RUSSIAN.get(lower) or next((kind for kind in get_args(Kind) if kind == lower), None)
