"""Starts named processes, waits until they are ready, stops exactly what it started. Restarts nothing silently."""

import fcntl
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from shared.localstack import ports
from shared.localstack.errors import LocalStackError, PortTakenError
from shared.localstack.processes import (
    ProcessId,
    await_ready,
    last_lines,
    read_json,
    run,
    spawn,
    stop_all,
    write_json,
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A process as it is meant to run. `ready_url` answers 200 when it does; secrets stand in `env` only."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    ports: tuple[int, ...]
    ready_url: str

    def is_ready(self) -> bool:
        try:
            return httpx.get(self.ready_url, timeout=3, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


class Runner:
    """The processes of one directory: their (pid, time of creation) in a state file, their logs beside it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._state = root / "run" / "state.json"
        self._lock = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Two commands at once on one directory (up and up, up and down) would fight: the second is refused."""
        path = self._root / "run" / "command.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LocalStackError(
                    f"Другая команда (up, down или clean) ещё работает с {self._root}.",
                    f"Another command (up, down or clean) is still at work on {self._root}.",
                ) from None
            yield

    def log_of(self, name: str) -> Path:
        return self._root / "log" / f"{name}.log"

    def process(self, name: str) -> ProcessId | None:
        """The living process of this name."""
        found = self._known().get(name)
        return found if found is not None and found.alive else None

    def running(self) -> dict[str, ProcessId]:
        return {name: process for name, process in self._known().items() if process.alive}

    def start(self, planned: Planned) -> bool:
        """Start a process unless it runs already (False).

        Raises:
            PortTakenError: one of its ports is somebody else's.
        """
        if self.process(planned.name) is not None:
            return False
        self.refuse_taken_ports(planned.ports, planned.name)
        process = spawn(planned.command, log=self.log_of(planned.name), env=planned.env, cwd=self._root)
        with self._lock:
            known = self._known()
            known[planned.name] = process
            self._write(known)
        return True

    @staticmethod
    def refuse_taken_ports(wanted: Iterable[int], purpose: str) -> None:
        for port in wanted:
            if not ports.becomes_free(port, 3):
                raise PortTakenError(port, purpose, "ZVONOK_PORT_OFFSET (=1000)")

    def await_ready(self, planned: Planned, seconds: float = 60) -> None:
        """Wait until the process answers; if it dies or takes too long, say so with the end of its log."""
        process = self.process(planned.name) or ProcessId(0, 0)
        await_ready(planned.name, process, planned.is_ready, seconds=seconds, log=self.log_of(planned.name))

    def run_once(self, name: str, command: tuple[str, ...], env: Mapping[str, str], *, timeout: float = 300) -> str:
        """Run a step to its end and give back its output.

        Raises:
            LocalStackError: it failed; with the end of its output, which also stands in the log. Or it took too long.
        """
        log = self.log_of(name)
        try:
            done = run(command, env=env, cwd=self._root, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise LocalStackError(
                f"Шаг «{name}» не закончился за {timeout:.0f} с и прерван.",
                f"Step {name!r} was not finished in {timeout:.0f} s and was stopped.",
            ) from None
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a") as output:
            output.write(done.stdout)
        if done.returncode != 0:
            raise LocalStackError(
                f"Шаг «{name}» не удался (код {done.returncode}). Журнал: {log}\n{last_lines(log)}",
                f"Step {name!r} failed (status {done.returncode}). Its log: {log}",
            )
        return done.stdout

    def signal(self, name: str, number: int) -> None:
        process = self.process(name)
        if process is None:
            raise LocalStackError(f"Процесс «{name}» не запущен.", f"Process {name!r} does not run.")
        process.signal(number)

    def kill(self, name: str) -> None:
        """SIGKILL, and wait for the end."""
        process = self.process(name)
        if process is None:
            raise LocalStackError(f"Процесс «{name}» не запущен.", f"Process {name!r} does not run.")
        process.kill()

    def stop(self, names: Iterable[str], *, grace: float = 15) -> None:
        """SIGTERM to all of them at once, SIGKILL to what is left after the grace."""
        with self._lock:
            known = self._known()
            wanted = [name for name in names if name in known]
            stop_all([known[name] for name in wanted], grace=grace)
            self._write({name: process for name, process in known.items() if name not in wanted})

    def stop_all(self, *, grace: float = 15) -> list[str]:
        """Stop everything this directory has running; the names of what was stopped."""
        names = list(self.running())
        self.stop(list(self._known()), grace=grace)
        return names

    def _known(self) -> dict[str, ProcessId]:
        stored = read_json(self._state)
        return {name: ProcessId.from_json(entry) for name, entry in stored.items() if isinstance(entry, dict)}

    def _write(self, known: Mapping[str, ProcessId]) -> None:
        write_json(self._state, {name: process.as_json() for name, process in known.items()})
