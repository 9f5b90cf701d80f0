"""J-4: a file is read whole, and every mistake in it is named by line, column and rule."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.timetable.read_file import COLUMNS, ReadFile, read_file

HEADER = ",".join(COLUMNS)
LINE = "2026-11-23,1,08:30,09:15,cls-7a,crs-math,t-orlova,101,Дроби"


def mistakes(file: ReadFile) -> list[tuple[Any, ...]]:
    return [(mistake.line, mistake.column, mistake.rule.code) for mistake in file.mistakes]


def read(*lines: str) -> ReadFile:
    return read_file("t.csv", "\n".join(lines).encode())


def test_a_right_file_is_read_in_order() -> None:
    file = read(HEADER, LINE, "", LINE.replace("-23,1,", "-24,2,"))
    assert not file.mistakes
    assert [(row.line, row.date.day, row.number, row.topic) for row in file.rows] == [
        (2, 23, 1, "Дроби"),
        (4, 24, 2, "Дроби"),
    ]


def test_columns_may_stand_in_any_order_and_a_byte_order_mark_is_no_mistake() -> None:
    header = ",".join(reversed(COLUMNS))
    line = ",".join(reversed(LINE.split(",")))
    file = read_file("t.csv", b"\xef\xbb\xbf" + f"{header}\r\n{line}\r\n".encode())
    assert not file.mistakes
    assert file.rows == read(HEADER, LINE).rows


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [(1, None, "empty_file")]),
        (HEADER.encode("utf-16"), [(1, None, "encoding_unknown")]),
        (f"{HEADER}\n{LINE}".encode()[:-1], [(2, None, "encoding_unknown")]),
        (f"{HEADER}\n{LINE}".encode("koi8-u").replace(b"\xe4", b"\x98"), [(2, None, "encoding_unknown")]),
        (f'{HEADER}\n{LINE}\n"2026'.encode(), [(3, None, "broken_csv")]),
        (f'{HEADER}\n{LINE},"a"b'.encode(), [(2, None, "broken_csv")]),
        (HEADER.replace("room,", "").encode(), [(1, None, "column_missing")]),
        (f"{HEADER},size".encode(), [(1, "size", "column_unknown")]),
        (f"{HEADER},room".encode(), [(1, "room", "column_twice")]),
    ],
)
def test_a_file_that_is_none_is_named(content: bytes, expected: list[tuple[Any, ...]]) -> None:
    assert mistakes(read_file("t.csv", content)) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_that_a_russian_spreadsheet_has_saved_says_the_same(encoding: str, separator: str) -> None:
    """J-4: it has its own mind about encodings, separators, days and times, and leaves empty rows at the end."""
    line = LINE.replace("2026-11-23", "23.11.2026").replace("08:30", "8:30").replace("09:15", "9:15:00")
    saved = "\r\n".join((HEADER, line, "," * (len(COLUMNS) - 1), "")).replace(",", separator)
    file = read_file("t.csv", saved.encode(encoding))
    assert not file.mistakes
    assert file.rows == read(HEADER, LINE).rows


def test_a_no_break_space_is_an_ordinary_character() -> None:
    assert read(HEADER, LINE.replace("Дроби", "А. С.\xa0Пушкин")).rows[0].topic == "А. С.\xa0Пушкин"


@pytest.mark.parametrize(
    ("old", "new", "column", "rule"),
    [
        ("2026-11-23", "23.11.26", "date", "bad_date"),
        ("2026-11-23", "11/23/2026", "date", "bad_date"),
        ("2026-11-23", "2026-02-30", "date", "bad_date"),
        ("2026-11-23", "2026-W48-1", "date", "bad_date"),
        ("2026-11-23", "", "date", "required"),
        (",1,", ",первый,", "lesson_number", "bad_number"),
        (",1,", ",16,", "lesson_number", "bad_number"),
        (",1,", ",-1,", "lesson_number", "bad_number"),
        (",1,", ",١,", "lesson_number", "bad_number"),
        (",1,", ",1e0,", "lesson_number", "bad_number"),
        ("08:30", "8:3", "starts_at", "bad_time"),
        ("08:30", "08:30:15", "starts_at", "bad_time"),
        ("08:30", "25:00", "starts_at", "bad_time"),
        ("09:15", "0915Z", "ends_at", "bad_time"),
        ("09:15", "08:30", "ends_at", "ends_before_start"),
        ("cls-7a", " ", "class_source_id", "required"),
        ("crs-math", "x" * 201, "subject_source_id", "too_long"),
        ("101", "1" * 51, "room", "too_long"),
        ("Дроби", "Др\x07оби", "topic", "control_character"),
        ("Дроби", "Др\0оби", "topic", "control_character"),
        ("t-orlova,101", "101", None, "field_count"),
    ],
)
def test_a_wrong_field_is_named(old: str, new: str, column: str | None, rule: str) -> None:
    file = read(HEADER, LINE, LINE.replace(old, new, 1))
    found = mistakes(file)
    assert found in ([(3, column, rule)], [(3, None, "broken_csv")])
    assert len(file.rows) == 1


def test_a_wrong_line_does_not_hide_the_next_and_lines_are_those_of_the_file() -> None:
    spread = LINE.replace("Дроби", '"Дроби\nи\nпроценты"')
    file = read(HEADER, spread, LINE.replace("08:30", "утром"), LINE.replace("101", "1" * 51))
    assert mistakes(file) == [(2, "topic", "control_character"), (5, "starts_at", "bad_time"), (6, "room", "too_long")]


def test_mistakes_speak_both_languages_and_name_their_place() -> None:
    (mistake,) = read(HEADER, LINE.replace("101", "1" * 51)).mistakes
    assert mistake.place == "t.csv:2:room"
    assert mistake.message("ru") == "Не длиннее 50 символов"
    assert mistake.message("en") == "At most 50 characters"


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"{HEADER}\n{text}".encode("utf-8", "replace")))
def test_no_bytes_are_too_much(content: bytes) -> None:
    file = read_file("t.csv", content)
    for row in file.rows:
        assert 0 <= row.number <= 15
        assert row.starts_at < row.ends_at
    for mistake in file.mistakes:
        assert mistake.message("ru")
        assert mistake.message("en")


@given(st.lists(st.text(max_size=12), min_size=9, max_size=9))
def test_no_fields_are_too_much(fields: list[str]) -> None:
    quoted = ",".join('"{}"'.format(one.replace('"', '""')) for one in fields)
    file = read_file("t.csv", f"{HEADER}\r\n{quoted}\r\n".encode("utf-8", "replace"))
    assert len(file.rows) <= 1
    assert file.rows or file.mistakes or not any(fields)
