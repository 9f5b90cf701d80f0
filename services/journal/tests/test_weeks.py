from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.weeks import Week


@given(st.dates(date(1000, 1, 1), date(9999, 12, 20)))
def test_every_day_is_in_the_week_that_names_it(day: date) -> None:
    year, number, _ = day.isocalendar()
    week = Week.parse(f"{year}-W{number:02}")
    assert day in week.days
    assert str(week) == f"{year}-W{number:02}"
    assert week.sunday - week.monday == timedelta(days=6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "2026-48",
        "2026-W4",
        " 2026-W48",
        "٢٠٢٦-W48",
        "0000-W01",
        "9999-W52",
    ],
)
def test_no_other_text_is_a_week(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Week.parse(text)
