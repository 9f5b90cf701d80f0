"""Processes that outlive whoever started them, known by (pid, time of creation).

A pid alone is not enough to stop "exactly what was started": the system gives it to somebody else later.
"""

import atexit
import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from shared.localstack.errors import NotReadyError, ServerDiedError

_children: dict[int, "subprocess.Popen[bytes]"] = {}
"""Children of this very process: kept so that a dead one is reaped and does not linger as a zombie."""


@atexit.register
def _let_go() -> None:
    """What still runs outlives us on purpose: Popen would warn of it when the interpreter ends."""
    for child in _children.values():
        if child.poll() is None:
            child.returncode = 0


@dataclass(frozen=True, slots=True)
class ProcessId:
    """One process of this machine; never mistaken for a later one with the same pid."""

    pid: int
    created: float

    @property
    def process(self) -> psutil.Process | None:
        """The living process, or None."""
        child = _children.get(self.pid)
        if child is not None and child.poll() is not None:
            del _children[self.pid]
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.created) > 1 or process.status() == psutil.STATUS_ZOMBIE:
                return None
        except psutil.NoSuchProcess:
            return None
        return process

    @property
    def alive(self) -> bool:
        return self.process is not None

    def signal(self, number: int) -> None:
        """Send a signal, if the process still lives."""
        process = self.process
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the process. False: it still lives."""
        return wait_until(lambda: not self.alive, seconds)

    def kill(self) -> None:
        """SIGKILL the process and what it had started; returns when the process is gone."""
        process = self.process
        if process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            family = [*process.children(recursive=True), process]
            for member in reversed(family):
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()
        self.wait(10)

    def as_json(self) -> dict[str, float]:
        return {"pid": self.pid, "created": self.created}

    @classmethod
    def from_json(cls, stored: Mapping[str, float]) -> "ProcessId":
        return cls(pid=int(stored["pid"]), created=float(stored["created"]))


def wait_until(condition: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Poll a condition until it holds (True) or the deadline has passed (False)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    user: str | None = None,
) -> ProcessId:
    """Start a process in a session of its own, its output appended to `log`. Root may name another `user`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 -- a fixed command of ours, no shell
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    _children[child.pid] = child
    try:
        created = psutil.Process(child.pid).create_time()
    except psutil.NoSuchProcess:
        created = 0.0
    return ProcessId(child.pid, created)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    user: str | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and give back its exit status and output (stdout and stderr together)."""
    return subprocess.run(  # noqa: S603 -- a fixed command of ours, no shell
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=dict(env),
        cwd=cwd,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        timeout=timeout,
        check=False,
    )


def stop_all(processes: Sequence[ProcessId], *, grace: float, number: int = 15) -> None:
    """Ask all to end at once, wait up to `grace` seconds together, then kill what is left."""
    for process in processes:
        process.signal(number)
    wait_until(lambda: not any(process.alive for process in processes), grace)
    for process in processes:
        process.kill()


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for a message."""
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines)


def await_ready(name: str, process: ProcessId, is_ready: Callable[[], bool], *, seconds: float, log: Path) -> None:
    """Wait until a process that was just started is ready; say with its log if it dies or takes too long.

    Raises:
        ServerDiedError: the process has ended.
        NotReadyError: it lives but is not ready after `seconds`.
    """
    ready = False

    def settled() -> bool:
        nonlocal ready
        ready = is_ready()
        return ready or not process.alive

    wait_until(settled, seconds, step=0.1)
    if ready:
        return
    if not process.alive:
        raise ServerDiedError(name, str(log), last_lines(log))
    raise NotReadyError(name, seconds, str(log), last_lines(log))


def read_json(path: Path) -> dict[str, object]:
    """A small state file; empty when there is none."""
    if not path.exists():
        return {}
    content = json.loads(path.read_text())
    assert isinstance(content, dict)
    return content


def write_json(path: Path, content: Mapping[str, object], *, mode: int = 0o600) -> None:
    """Write a state file at once: a reader sees the old or the new content, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2, sort_keys=True)
    draft.replace(path)
