from datetime import UTC, date, datetime

from journal.access.terms import term


def test_a_term_is_whole_days_where_the_school_is() -> None:
    """I-15: the last day counts to its end, by the school's own clock."""
    assert term(date(2026, 9, 1), date(2026, 11, 23), "Asia/Kamchatka") == (
        datetime(2026, 8, 31, 12, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    )


def test_a_term_without_end_has_none() -> None:
    assert term(date(2026, 9, 1), None, "Europe/Moscow") == (datetime(2026, 8, 31, 21, 0, tzinfo=UTC), None)


def test_the_first_and_the_last_day_there_is_are_no_limits() -> None:
    assert term(date.min, date.max, "Europe/Moscow") == (None, None)
