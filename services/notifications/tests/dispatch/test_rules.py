from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.rules import LONGEST_PAUSE, classify_reply, classify_status
from notifications.dispatch.rules import CODES, DELAYS, MAX_ATTEMPTS, next_attempt, unwanted
from notifications.inbox.rules import action_state

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@given(attempts=st.integers(1, MAX_ATTEMPTS), jitter=st.floats(0, 1))
def test_full_jitter_stays_within_the_delay(attempts: int, jitter: float) -> None:
    """N-8."""
    wait = next_attempt(NOW, attempts, lambda: jitter) - NOW
    assert timedelta(seconds=1) <= wait <= DELAYS[min(attempts, len(DELAYS)) - 1]


def test_delays_are_those_of_the_rule() -> None:
    """N-8: 15 s, 1, 5, 15, 30 min, 1 h, 2 h, then 4-hourly."""
    waits = [next_attempt(NOW, attempt, lambda: 1.0) - NOW for attempt in range(1, 10)]
    minutes = [0.25, 1, 5, 15, 30, 60, 120, 240, 240]
    assert waits == [timedelta(minutes=minute) for minute in minutes]


@pytest.mark.parametrize(
    ("code", "of_recipient", "kind", "reason"),
    [
        (421, False, "transient", "temporarily_refused"),
        (450, True, "transient", "temporarily_refused"),
        (452, True, "transient", "temporarily_refused"),
        (550, True, "permanent", "address_refused"),
        (551, True, "permanent", "address_refused"),
        (552, True, "permanent", "message_refused"),
        (550, False, "permanent", "message_refused"),
        (554, False, "permanent", "message_refused"),
    ],
)
def test_replies_have_classes(code: int, of_recipient: bool, kind: str, reason: str) -> None:
    """N-8."""
    failure = classify_reply(code, of_recipient=of_recipient)
    assert (failure.kind, failure.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (429, "transient", "rate_limited"),
        (408, "transient", "temporarily_refused"),
        (500, "transient", "temporarily_refused"),
        (503, "transient", "temporarily_refused"),
        (302, "transient", "gateway_refuses_us"),
        (401, "transient", "gateway_refuses_us"),
        (403, "transient", "gateway_refuses_us"),
        (400, "permanent", "message_refused"),
        (404, "permanent", "message_refused"),
        (422, "permanent", "message_refused"),
    ],
)
def test_answers_of_a_gateway_have_classes(status: int, kind: str, reason: str) -> None:
    """N-8; a wrong token is mended by somebody, and the messages still go."""
    failure = classify_status(status, None, NOW)
    assert failure is not None
    assert (failure.kind, failure.reason, failure.not_before) == (kind, reason, None)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_took_it(status: int) -> None:
    assert classify_status(status, None, NOW) is None


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta(0)),
        ("Mon, 23 Nov 2026 09:01:00 GMT", timedelta(minutes=1)),
        ("Mon, 23 Nov 2026 08:00:00 GMT", timedelta(0)),
        ("99999999999999999999", LONGEST_PAUSE),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(header: str, pause: timedelta | None) -> None:
    """N-8: seconds or a date (RFC 9110); what is neither says nothing."""
    failure = classify_status(429, header, NOW)
    assert failure is not None
    assert failure.not_before == pause


def test_a_code_does_not_wait_long() -> None:
    """N-13: half a dozen tries fit into its five minutes at the worst; a link outlives greylisting."""
    at = NOW
    tries = []
    for attempt in range(1, MAX_ATTEMPTS):
        at = next_attempt(at, attempt, lambda: 1.0, priority=CODES)
        tries.append(at - NOW)
    assert tries[0] == timedelta(seconds=2)
    assert sum(tried < timedelta(minutes=5) for tried in tries) >= 6
    assert timedelta(minutes=20) < tries[-1] < timedelta(hours=24)


def test_what_is_no_longer_wanted() -> None:
    """N-6, N-7."""
    good = {
        "now": NOW,
        "expires_at": NOW + timedelta(1),
        "superseded": False,
        "read_already": False,
        "may_know": True,
        "disabled": False,
    }
    assert unwanted(**good) is None  # type: ignore[arg-type]
    for change, reason in (
        ({"expires_at": NOW}, "useful_life_over"),
        ({"superseded": True}, "superseded"),
        ({"read_already": True}, "already_read"),
        ({"may_know": False}, "access_lost"),
        ({"disabled": True}, "account_disabled"),
    ):
        assert unwanted(**(good | change)) == reason  # type: ignore[arg-type]


def test_states_of_actions() -> None:
    """N-1."""
    later, earlier = NOW + timedelta(1), NOW - timedelta(1)
    assert action_state(None, later, NOW) == "pending"
    assert action_state(None, NOW, NOW) == "expired"
    assert action_state("accepted", earlier, NOW) == "done"
    assert action_state("declined", later, NOW) == "done"
    assert action_state("cancelled", later, NOW) == "expired"
    assert action_state("lapsed", earlier, NOW) == "expired"
