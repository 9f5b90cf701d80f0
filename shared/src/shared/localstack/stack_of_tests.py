"""One PostgreSQL and one RabbitMQ for all test runs of a checkout, for as long as somebody uses them.

Every test process holds a shared lock on one file. A supervisor process starts the servers and tries to take the same
lock for itself: that works exactly when no user is left, however the last one ended (kill -9 included), and then it
stops the servers, deletes their data and ends. Runs never meet inside: each has its own databases and virtual host.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from shared.localstack.errors import LocalStackError, NotReadyError, ServerDiedError
from shared.localstack.processes import last_lines, read_json, spawn, wait_until, write_json
from shared.localstack.secrets import SecretBook
from shared.localstack.servers import PostgresAddress, RabbitAddress
from shared.localstack.source import servers_of

START_SECONDS = 900
"""Enough to install RabbitMQ on a slow line."""


@dataclass(frozen=True, slots=True)
class RunningServers:
    """The addresses of the test stack, and a secret all its users share (passwords of the services' roles)."""

    postgres: PostgresAddress
    rabbitmq: RabbitAddress
    origin: str
    seed: str


@contextmanager
def servers_for_tests(home: Path) -> Iterator[RunningServers]:
    """Use the test stack of this directory; it is started if nobody uses it yet.

    Raises:
        LocalStackError: it cannot be started, and why.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "starting.lock").open("w") as starting, (home / "users.lock").open("w") as users:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a supervisor is stopping the servers
        try:
            _ensure_started(home)
        finally:
            fcntl.flock(starting, fcntl.LOCK_UN)
        yield _read(home)


def _ensure_started(home: Path) -> None:
    if _supervised(home):
        return
    (home / "state.json").unlink(missing_ok=True)
    log = home / "supervisor.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "shared.localstack.stack_of_tests", str(home)]
    supervisor = spawn(command, log=log, env=os.environ, cwd=home)

    def settled() -> bool:
        return (home / "state.json").exists() or not supervisor.alive

    if not wait_until(settled, START_SECONDS):
        raise NotReadyError("test stack", START_SECONDS, str(log), last_lines(log))
    state = read_json(home / "state.json")
    if "error" in state:
        raise LocalStackError(str(state["error"]), str(state["error_en"]))
    if not state:
        raise ServerDiedError("test stack", str(log), last_lines(log))


def _supervised(home: Path) -> bool:
    """Does a supervisor hold its own lock, with servers up?"""
    state = read_json(home / "state.json")
    if not state or "error" in state:
        return False
    with (home / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _read(home: Path) -> RunningServers:
    state: dict[str, Any] = read_json(home / "state.json")
    return RunningServers(
        postgres=PostgresAddress(**state["postgres"]),
        rabbitmq=RabbitAddress(**state["rabbitmq"]),
        origin=state["origin"],
        seed=state["seed"],
    )


def supervise(home: Path) -> None:
    """Start the servers, wait until nobody uses them, stop them. Runs as a process of its own."""
    with (home / "supervisor.lock").open("w") as lock, (home / "users.lock").open("w") as users:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        secrets = SecretBook(home / "secrets.json")
        servers = servers_of(home, secrets, durable=False)
        servers.remove()  # what a killed supervisor may have left
        try:
            servers.start()
        except LocalStackError as error:
            servers.stop()
            write_json(home / "state.json", {"error": error.ru, "error_en": error.en})
            return
        try:
            write_json(
                home / "state.json",
                {
                    "postgres": servers.postgres.address.as_json(),
                    "rabbitmq": servers.rabbitmq.address.as_json(),
                    "origin": servers.postgres.origin,
                    "seed": secrets.get("test-seed"),
                },
            )
            with suppress(KeyboardInterrupt):
                _wait_until_unused(users)
        finally:
            (home / "state.json").unlink(missing_ok=True)
            servers.remove()
            (home / "ports.json").unlink(missing_ok=True)


def _wait_until_unused(users: IO[str]) -> None:
    """Returns holding the users' lock alone, so a new user waits until the servers are gone."""
    linger = float(os.environ.get("ZVONOK_TEST_LINGER", "1"))
    free_since: float | None = None
    while True:
        time.sleep(0.3)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free_since = None
            continue
        if free_since is None:
            free_since = time.monotonic()
        if time.monotonic() - free_since >= linger:
            return
        fcntl.flock(users, fcntl.LOCK_UN)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    supervise(Path(sys.argv[1]))
