from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegation.grants.rules import (
    SECTIONS,
    GrantMove,
    GrantPart,
    GrantState,
    TermOutOfBounds,
    allowed_moves,
    ending_move,
    last_day,
    latest_day,
    next_state,
    state_at,
    term_end,
    whole_scope,
)

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
zones = st.sampled_from(["Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Kamchatka"])
parts = st.frozensets(st.sampled_from(GrantPart))


@given(st.sampled_from(GrantState), st.sampled_from(GrantMove))
def test_only_an_active_grant_moves(state, move):
    """D-6."""
    assert (next_state(state, move) is not None) == (state is GrantState.ACTIVE)


@given(parts)
def test_who_may_end_a_grant(mine):
    """D-9: any representative, or the trusted person; a stranger is told nothing."""
    move = ending_move(mine)
    assert (move is None) == (not mine)
    if move is not None:
        assert move in allowed_moves(GrantState.ACTIVE, mine)
    assert allowed_moves(GrantState.REVOKED, mine) == ()


@given(days)
def test_the_default_term_ends_on_31_august(today):
    """D-6."""
    day = last_day(today)
    assert (day.month, day.day) == (8, 31)
    assert today <= day <= latest_day(today)


@given(days, st.times(), zones, st.none() | st.integers(-400, 800))
def test_a_term_is_whole_days_of_the_school_and_at_most_twelve_months(today, at, zone, ahead):
    """D-6."""
    now = datetime.combine(today, at, ZoneInfo(zone)).astimezone(UTC)
    until = None if ahead is None else today + timedelta(days=ahead)
    wanted = last_day(today) if until is None else until
    if not today <= wanted <= latest_day(today):
        with pytest.raises(TermOutOfBounds) as refused:
            term_end(until, now, zone)
        assert (refused.value.first, refused.value.last) == (today, latest_day(today))
        return
    end = term_end(until, now, zone)
    assert end > now
    local = end.astimezone(ZoneInfo(zone))
    assert (local.date(), local.hour, local.minute) == (wanted + timedelta(days=1), 0, 0)


def test_twelve_months_from_a_leap_day():
    assert latest_day(date(2028, 2, 29)) == date(2029, 2, 28)


@given(st.none() | st.lists(st.sampled_from(SECTIONS), min_size=1))
def test_scope_is_all_unless_named_and_never_more(scope):
    """D-7."""
    whole = whole_scope(scope)
    assert set(whole) == set(SECTIONS if scope is None else scope)
    assert len(whole) == len(set(whole))


@pytest.mark.parametrize("state", GrantState)
def test_a_term_that_is_over_counts_at_once(state):
    """D-6: active → expired, whether or not a job has run."""
    end = datetime(2027, 9, 1, tzinfo=UTC)
    assert state_at(state, end, end - timedelta(seconds=1)) is state
    after = state_at(state, end, end)
    assert after is (GrantState.EXPIRED if state is GrantState.ACTIVE else state)
