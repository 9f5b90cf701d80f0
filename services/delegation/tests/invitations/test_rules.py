from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegation.invitations.rules import (
    VALID_FOR,
    InvitationMove,
    InvitationPart,
    InvitationState,
    Refusal,
    allowed_moves,
    expiry,
    judge,
    state_at,
    wait_for_limit,
)

states = st.sampled_from(InvitationState)
moves = st.sampled_from(InvitationMove)
parts = st.frozensets(st.sampled_from(InvitationPart))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis adds the zone


@given(states, moves)
def test_to_a_stranger_there_is_no_invitation(state, move):
    """D-6, 404: no state answers otherwise."""
    assert judge(state, move, ()) is Refusal.UNKNOWN


@given(states, moves, parts)
def test_only_a_pending_invitation_moves(state, move, mine):
    """D-6."""
    if isinstance(judge(state, move, mine), InvitationState):
        assert state is InvitationState.PENDING


@given(st.lists(st.tuples(moves, parts), max_size=20))
def test_an_invitation_is_settled_at_most_once(steps):
    """D-3, single use: whatever anybody tries, in any order."""
    state, settled = InvitationState.PENDING, 0
    for move, mine in steps:
        verdict = judge(state, move, mine)
        if isinstance(verdict, InvitationState):
            state, settled = verdict, settled + 1
    assert settled <= 1


@given(states, parts)
def test_allowed_moves_are_exactly_those_that_lead_somewhere(state, mine):
    """D-6: a refusal names the allowed ones."""
    named = set(allowed_moves(state, mine))
    assert named == {move for move in InvitationMove if isinstance(judge(state, move, mine), InvitationState)}


@given(states, parts)
def test_the_other_sides_move_is_never_made(state, mine):
    """D-4: only the addressee accepts."""
    for move in (InvitationMove.ACCEPT, InvitationMove.DECLINE):
        if InvitationPart.INVITEE not in mine:
            assert not isinstance(judge(state, move, mine), InvitationState)
    if InvitationPart.REPRESENTATIVE not in mine:
        assert not isinstance(judge(state, InvitationMove.CANCEL, mine), InvitationState)


@pytest.mark.parametrize("move", InvitationMove)
def test_cancelled_and_lapsed_answer_alike(move):
    """D-4: the same 410."""
    both = frozenset(InvitationPart)
    assert judge(InvitationState.CANCELLED, move, both) is Refusal.OVER
    assert judge(InvitationState.LAPSED, move, both) is Refusal.OVER


@given(
    instants, st.timedeltas(timedelta(seconds=1), timedelta(days=400)), st.timedeltas(timedelta(), timedelta(days=9))
)
def test_an_invitation_lives_seven_days_and_not_beyond_its_offer(sent, offer, later):
    """D-3."""
    until = expiry(sent, sent + offer)
    assert until == min(sent + VALID_FOR, sent + offer)
    now = sent + later
    assert (state_at(InvitationState.PENDING, until, now) is InvitationState.LAPSED) == (now >= until)
    for state in set(InvitationState) - {InvitationState.PENDING}:
        assert state_at(state, until, now) is state


@given(instants, st.timedeltas(timedelta(), timedelta(hours=24) - timedelta(microseconds=1)))
def test_waiting_as_long_as_told_is_enough(oldest, passed):
    """D-8."""
    now = oldest + passed
    wait = wait_for_limit(oldest, now)
    assert wait >= 1
    assert now + timedelta(seconds=wait + 0.001) >= oldest + timedelta(hours=24)
