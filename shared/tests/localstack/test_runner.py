"""The runner: starts, says why it could not, stops exactly what it started."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.localstack import ports
from shared.localstack.errors import LocalStackError, PortTakenError, ServerDiedError
from shared.localstack.processes import ProcessId
from shared.localstack.runner import Planned, Runner

ENV = {"PATH": os.environ["PATH"]}


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    made = Runner(tmp_path)
    yield made
    made.stop_all(grace=2)


def page(port: int) -> Planned:
    command = (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")
    return Planned("page", command, ENV, (port,), f"http://127.0.0.1:{port}/")


def test_starts_once_waits_and_stops(runner: Runner) -> None:
    planned = page(ports.choose(1)[0])
    assert runner.start(planned)
    runner.await_ready(planned, 20)
    first = runner.process("page")
    assert first is not None
    assert not runner.start(planned), "what runs already is left alone"
    assert runner.process("page") == first
    assert runner.stop_all() == ["page"]
    assert not first.alive
    assert runner.stop_all() == []


def test_a_killed_process_can_be_started_again(runner: Runner) -> None:
    planned = page(ports.choose(1)[0])
    runner.start(planned)
    runner.await_ready(planned, 20)
    runner.kill("page")
    assert runner.process("page") is None
    runner.start(planned)
    runner.await_ready(planned, 20)


def test_a_taken_port_is_named(runner: Runner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"{port}.*ZVONOK_PORT_OFFSET"):
            runner.start(page(port))


def test_a_process_that_dies_leaves_its_last_words(runner: Runner) -> None:
    port = ports.choose(1)[0]
    command = (sys.executable, "-c", "raise SystemExit('the key is missing')")
    planned = Planned("broken", command, ENV, (port,), f"http://127.0.0.1:{port}/")
    runner.start(planned)
    with pytest.raises(ServerDiedError, match="the key is missing"):
        runner.await_ready(planned, 20)


def test_a_failed_step_says_why(runner: Runner) -> None:
    with pytest.raises(LocalStackError, match="no such table"):
        runner.run_once("migrate", (sys.executable, "-c", "raise SystemExit('no such table')"), ENV)


def test_a_step_that_does_not_end_is_stopped_and_said(runner: Runner) -> None:
    with pytest.raises(LocalStackError, match="'sleep' was not finished in 0 s"):
        runner.run_once("sleep", (sys.executable, "-c", "import time; time.sleep(60)"), ENV, timeout=0.2)


def test_a_process_deaf_to_sigterm_is_killed(runner: Runner, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = f"import signal, time, pathlib; signal.signal(15, signal.SIG_IGN); pathlib.Path({str(ready)!r}).touch()"
    command = (sys.executable, "-c", f"{code}; time.sleep(60)")
    planned = Planned("deaf", command, ENV, (), "http://127.0.0.1:9/")
    runner.start(planned)
    process = runner.process("deaf")
    assert process is not None
    from shared.localstack.processes import wait_until

    assert wait_until(ready.exists, 20)
    runner.stop(["deaf"], grace=0.5)
    assert not process.alive


def test_two_commands_at_once_are_refused(runner: Runner, tmp_path: Path) -> None:
    with runner.alone(), pytest.raises(LocalStackError, match="at work"), Runner(tmp_path).alone():
        pass


def test_another_process_with_the_same_pid_is_not_ours() -> None:
    """A pid that the system has given to somebody else must not be stopped by `make down`."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as somebody:
        stale = ProcessId(somebody.pid, created=1.0)
        assert not stale.alive
        stale.signal(signal.SIGKILL)
        stale.kill()
        assert somebody.poll() is None
        somebody.kill()
