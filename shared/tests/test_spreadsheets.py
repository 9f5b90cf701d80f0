"""CSV files as offices have them: what they say is read, what is damaged is not guessed at."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.spreadsheets import BrokenCsv, UnknownEncoding, day, decoded, records, time_of_day

RUSSIAN = "дата;класс\r\n01.09.2026;«5Ё» № 1 – «Алые паруса»…\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_russian_text_is_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    assert decoded(RUSSIAN.encode(encoding)) == RUSSIAN


@pytest.mark.parametrize(
    "content",
    [
        "строка\nПривет, Мир".encode()[:-1],  # cut in the middle of a letter
        "строка\nКраснодар".encode().replace(b"\xd1", b"\xff"),
        "строка\nдень".encode("utf-16"),
        "a\nä".encode("latin-1").replace(b"\xe4", b"\x98"),
        b"a\n\xff\x00",
    ],
)
def test_what_is_damaged_is_not_read_as_something_else(content: bytes) -> None:
    with pytest.raises(UnknownEncoding) as unknown:
        decoded(content)
    assert unknown.value.line in {1, 2}


def test_records_know_their_lines_and_empty_ones_are_none() -> None:
    text = 'a;"b\nc";d\n;;\n\n1,5;2;3\n'
    assert list(records(text)) == [(1, ["a", "b\nc", "d"]), (5, ["1,5", "2", "3"])]
    with pytest.raises(BrokenCsv) as broken:
        list(records('a,b\n1,2\n3,"4'))
    assert broken.value.line == 3


@given(st.dates())
def test_a_day_is_read_as_it_is_written_in_either_way(written: date) -> None:
    assert day(written.isoformat()) == day(f"{written.day:02}.{written.month:02}.{written.year:04}") == written


@pytest.mark.parametrize("written", ["", "2026-02-30", "29.02.2026", "1.9.26", "20260901", "2026-W36-2", "09/01/2026"])
def test_other_days_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day(written)
    assert day("29.02.2028") == date(2028, 2, 29), "a leap year"


def test_times_have_no_seconds_that_count() -> None:
    assert time_of_day("8:30") == time_of_day("08:30") == time_of_day("08:30:00") == time(8, 30)
    for written in ("8", "8:3", "08:30:01", "24:00", "08:60", "٠٨:٣٠"):
        with pytest.raises(ValueError, match=r".*"):
            time_of_day(written)
