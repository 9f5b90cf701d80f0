"""The servers of the tests: shared by all runs, gone with the last one, however it ended."""

import os
import signal
import sys
from pathlib import Path

import pytest

from shared.localstack.processes import ProcessId, read_json, spawn, wait_until
from shared.localstack.stack_of_tests import servers_for_tests

USER = """
import sys, time
from pathlib import Path
from shared.localstack.stack_of_tests import servers_for_tests
with servers_for_tests(Path(sys.argv[1])) as servers:
    Path(sys.argv[2]).write_text(str(servers.postgres.port))
    time.sleep(600)
"""


def use(home: Path, name: str) -> tuple[ProcessId, Path]:
    """Another test run, as a process."""
    answer = home.parent / name
    command = (sys.executable, "-c", USER, str(home), str(answer))
    return spawn(command, log=home.parent / f"{name}.log", env=os.environ, cwd=home.parent), answer


@pytest.mark.skipif("ZVONOK_POSTGRES_URL" in os.environ, reason="the servers are given, there is nothing to stop")
@pytest.mark.skipif("ZVONOK_RABBITMQ_URL" in os.environ, reason="the servers are given, there is nothing to stop")
def test_runs_share_the_servers_and_a_killed_run_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "test"
    one, first = use(home, "one")
    two, second = use(home, "two")
    try:
        assert wait_until(lambda: first.exists() and second.exists(), 150), "both runs got their servers"
        assert first.read_text() == second.read_text(), "the same ones"
        postgres = _process(home / "postgres" / "process.json")
        assert _process(home / "rabbitmq" / "process.json").alive
        one.signal(signal.SIGKILL)
        assert one.wait(10)
        with servers_for_tests(home) as servers:
            assert str(servers.postgres.port) == first.read_text(), "the others go on"
        assert postgres.alive
    finally:
        # Not ProcessId.kill, which takes the family along: the supervisor is a child of whichever run came first.
        for run in (one, two):
            run.signal(signal.SIGKILL)
            run.wait(10)
    assert wait_until(lambda: not (home / "postgres").exists() and not (home / "rabbitmq").exists(), 150)
    assert not postgres.alive


def _process(path: Path) -> ProcessId:
    stored = read_json(path)
    return ProcessId(int(str(stored["pid"])), float(str(stored["created"])))
