"""S-5 as a table written down a second time, and what must hold for every way through it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.tickets.rules import (
    ANSWERABLE,
    LONGEST_HOLD,
    UNDO_WITHIN,
    Hold,
    Obstacle,
    Standing,
    Status,
    allowed_moves,
    keeps_answer,
    obstacle,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
S_5 = {
    "new": "open pending_user on_hold resolved merged spam",
    "open": "pending_user on_hold resolved merged",
    "pending_user": "open on_hold resolved merged",
    "on_hold": "open pending_user resolved merged",
    "resolved": "open closed",
    "closed": "",
    "merged": "",
    "spam": "new",
}
statuses = st.sampled_from(Status)
instants = st.timedeltas(timedelta(0), timedelta(days=400)).map(lambda past: NOW - past)
holds = st.none() | st.builds(
    Hold,
    reason=st.text(min_size=1, max_size=5),
    until=st.timedeltas(timedelta(days=-3), timedelta(days=800)).map(lambda by: NOW + by),
)
standings = st.builds(Standing, status=statuses, since=instants, answered=st.booleans())


@pytest.mark.parametrize("status", Status)
def test_the_moves_are_those_of_s_5(status):
    """S-5."""
    assert set(allowed_moves(status, LONG_AGO, NOW)) == set(S_5[status].split())


@given(standing=standings, to=statuses, hold=holds)
def test_a_move_is_made_if_and_only_if_s_5_and_s_7_allow_it(standing, to, hold):
    """S-5, S-7: one sentence for all moves."""
    listed = to in S_5[standing.status].split()
    undone = standing.status == "closed" and to == "resolved" and NOW - standing.since < timedelta(hours=24)
    held = (to == "on_hold") == (hold is not None) and (hold is None or NOW < hold.until <= NOW + LONGEST_HOLD)
    answered = to != "resolved" or standing.answered or undone
    assert (obstacle(standing, to, hold, NOW) is None) == ((listed or undone) and held and answered)


@given(since=instants)
def test_a_closing_is_undone_within_24_hours_only(since):
    """S-5."""
    expected = (Status.RESOLVED,) if NOW - since < UNDO_WITHIN else ()
    assert allowed_moves(Status.CLOSED, since, NOW) == expected


def test_exactly_24_hours_later_is_too_late():
    assert allowed_moves(Status.CLOSED, NOW - UNDO_WITHIN, NOW) == ()


@given(standing=standings)
def test_nothing_moves_to_where_it_is(standing):
    assert standing.status not in allowed_moves(standing.status, standing.since, NOW)


@given(st.lists(st.tuples(statuses, st.booleans()), max_size=40))
def test_no_way_leads_to_resolved_without_an_answer_since_the_last_reopening(tries):
    """S-7, along any path that agents may try."""
    status, answered, answers_since_reopened = Status.NEW, False, 0
    for to, answer_first in tries:
        if answer_first and status in ANSWERABLE:
            answered, answers_since_reopened = True, answers_since_reopened + 1
        hold = Hold("x", NOW + timedelta(days=1)) if to is Status.ON_HOLD else None
        if obstacle(Standing(status, NOW, answered=answered), to, hold, NOW) is not None:
            continue
        if status is Status.RESOLVED and to is Status.OPEN:
            answers_since_reopened = 0
        answered = answered and keeps_answer(status, to)
        status = to
        assert status is not Status.RESOLVED or answers_since_reopened > 0
        assert status is not Status.MERGED or allowed_moves(status, NOW, NOW) == ()


@pytest.mark.parametrize("until", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), NOW])
def test_a_pause_ends_within_a_year(until):
    standing = Standing(Status.OPEN, NOW, answered=False)
    assert obstacle(standing, Status.ON_HOLD, Hold("x", until), NOW) is Obstacle.HOLD_OUT_OF_RANGE
