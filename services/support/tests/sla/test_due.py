"""S-9, S-11: what the policies come to, by the same function as tickets."""

from datetime import datetime, timedelta

import pytest
from typer.testing import CliRunner

from support.cli import app
from support.sla.rules import CALENDARS, POLICIES, deadlines

START = datetime(2026, 11, 26, 16, 0, tzinfo=CALENDARS["office"].zone)


def due(policy, start=START, pauses=()):
    found = deadlines(POLICIES[policy], CALENDARS[POLICIES[policy].calendar], start, pauses)
    return [instant.strftime("%d.%m %H:%M") for instant in found.values()]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("p1", ["26.11 16:30", "26.11 17:00", "26.11 20:00"]),
        ("p2", ["26.11 18:00", "27.11 11:00", "27.11 16:00"]),
        ("p3", ["27.11 11:00", "27.11 16:00", "01.12 16:00"]),
        ("p4", ["30.11 16:00", "01.12 16:00", "10.12 16:00"]),
    ],
)
def test_s_9_targets_from_a_thursday_afternoon(policy, expected):
    assert due(policy) == expected


def test_s_10_a_pause_moves_working_time_and_the_clock():
    pause = (START + timedelta(minutes=15), START + timedelta(minutes=75))
    assert due("p1", pauses=[pause])[0] == "26.11 17:30"
    assert due("p2", pauses=[pause])[0] == "27.11 10:00"


def run(*arguments):
    return CliRunner().invoke(app, ["sla-due", *arguments], env={"COLUMNS": "120"})


def test_s_11_the_command_prints_the_deadlines():
    plain = run("--policy", "p2", "--calendar", "office", "--from", "2026-12-30T16:00")
    assert plain.exit_code == 0, plain.output
    assert "first_response" in plain.output
    assert "2026-12-30T18:00:00+03:00" in plain.output
    assert "2027-01-11T11:00:00+03:00" in plain.output
    paused = run("--policy", "p2", "--from", "2026-12-30T13:00Z", "--pause", "2026-12-30T16:30/2026-12-30T17:30")
    assert "2027-01-11T10:00:00+03:00" in paused.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--policy", "p9", "--from", "2026-12-30T16:00"),
        ("--policy", "p2", "--calendar", "moon", "--from", "2026-12-30T16:00"),
        ("--policy", "p2", "--from", "yesterday"),
        ("--policy", "p2", "--from", "2026-12-30T16:00", "--pause", "2026-12-30T16:00"),
        ("--policy", "p2", "--from", "2026-12-30T16:00", "--pause", "2026-12-30T16:00/2026-12-29T16:00"),
    ],
)
def test_s_11_the_command_says_what_it_did_not_understand(arguments):
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
