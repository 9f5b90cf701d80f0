"""One running town: its servers and its processes. `make up` makes one that stays, tests make ones that go."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from shared.bus.topology import definitions, permissions
from shared.localstack import ports
from shared.localstack.broker import BrokerAdmin
from shared.localstack.databases import provide, remove
from shared.localstack.errors import LocalStackError
from shared.localstack.migrations import fingerprint
from shared.localstack.processes import read_json, write_json
from shared.localstack.runner import Planned, Runner
from shared.localstack.servers import PostgresServer, RabbitServer
from shared.localstack.source import Servers, servers_of
from town.up.keys import Keys
from town.up.table import (
    SERVICES,
    Places,
    command_of,
    listening,
    mail_process,
    service_process,
    settings_of,
    sms_process,
)

Report = Callable[[str, str], None]
"""Told (Russian, English) what is being done now."""

SINKS = ("mail", "sms")
"""Where messages to people end in this town."""
PROCESSES = (*SINKS, *(f"{service}-{process}" for service in SERVICES for process in ("api", "worker")))
READY_SECONDS = 90
COMMAND_SECONDS = 1800
"""A million marks are read, understood and written in minutes."""


def _silent(_ru: str, _en: str) -> None:
    """Tests want no progress."""


class Town:
    """The town that keeps its data in `root`.

    `town.kill("journal-worker")`, `town.start_process("journal-worker")`, `town.rabbitmq.kill()`,
    `town.rabbitmq.start()`, `town.postgres.restart("immediate")` are what fault tests do to it.

    Args:
        root: keeps run/ (state, secrets), log/, stack/ (servers' data), mail/.
        offset: added to every port of a service.
        extra: process name → further environment variables.
        durable: False trades PostgreSQL's fsync for speed.
        only: the services that take part; all by default.
    """

    def __init__(
        self,
        root: Path,
        *,
        offset: int = 0,
        extra: Mapping[str, Mapping[str, str]] | None = None,
        durable: bool = True,
        only: Sequence[str] = SERVICES,
    ) -> None:
        self.root = root.resolve()
        self.places = Places(offset)
        self.keys = Keys(self.root / "run" / "secrets.json")
        self.runner = Runner(self.root)
        self._extra = extra or {}
        self._durable = durable
        self._only = tuple(only)
        self._servers: Servers | None = None

    @classmethod
    def start(cls, root: Path, *, offset: int | None = None, **options: Any) -> "_Visit":
        """For `with` and `async with`: a town of its own, on free ports unless told, removed at the end."""
        return _Visit(cls(root, offset=free_offset() if offset is None else offset, **options))

    # What it is made of

    @property
    def servers(self) -> Servers:
        if self._servers is None:
            self._servers = servers_of(self.root / "stack", self.keys.book, durable=self._durable)
        return self._servers

    @property
    def postgres(self) -> PostgresServer:
        return self.servers.postgres

    @property
    def rabbitmq(self) -> RabbitServer:
        return self.servers.rabbitmq

    @property
    def services(self) -> tuple[str, ...]:
        return self._only

    def base_url(self, service: str) -> str:
        return self.places.base_url(service)

    def ops_url(self, service: str) -> str:
        return self.places.ops_url(service)

    @property
    def mail_url(self) -> str:
        return self.places.mail_url

    @property
    def sms_url(self) -> str:
        return self.places.sms_url

    @property
    def admin_dsn(self) -> str:
        """The superuser's, of the database postgres (asyncpg, psql)."""
        return self.postgres.address.dsn()

    def dsn(self, service: str) -> str:
        """A service's database, signed in as its role (asyncpg, psql)."""
        return self.postgres.address.dsn(service, user=service, password=self.keys.password(f"postgres-{service}"))

    def database_url(self, service: str) -> str:
        """The same for SQLAlchemy."""
        password = self.keys.password(f"postgres-{service}")
        return self.postgres.address.sqlalchemy_url(service, user=service, password=password)

    def rabbitmq_url(self, service: str | None = None) -> str:
        """A service's AMQP URL; the administrator's without a service."""
        if service is None:
            return self.rabbitmq.address.url()
        return self.rabbitmq.address.url(user=service, password=self.keys.password(f"rabbitmq-{service}"))

    @property
    def broker(self) -> BrokerAdmin:
        return BrokerAdmin(self.rabbitmq.address)

    def environment(self, service: str, process: str = "worker") -> dict[str, str]:
        """The environment of a service's process; also for its commands (`journal bus status`)."""
        links = {"DATABASE_URL": self.database_url(service), "RABBITMQ_URL": self.rabbitmq_url(service)}
        env = settings_of(service, process, self.places, self.keys, links)
        return env | dict(self._extra.get(f"{service}-{process}", {}))

    def planned(self, name: str) -> Planned:
        """How a process of this name runs here."""
        if name == "mail":
            return mail_process(self.places, self.root / "mail")
        if name == "sms":
            return sms_process(self.places)
        service, _, process = name.rpartition("-")
        if service not in SERVICES or process not in {"api", "worker"}:
            raise LocalStackError(f"Нет процесса «{name}».", f"There is no process {name!r}.")
        return service_process(service, process, self.places, self.environment(service, process))

    @property
    def processes(self) -> tuple[str, ...]:
        return (*SINKS, *(f"{service}-{process}" for service in self._only for process in ("api", "worker")))

    # What is done with it

    def up(self, report: Report = _silent) -> None:
        """Servers, databases, topology, migrations, processes; what runs already is left alone.

        If it fails or is interrupted, what it had started is stopped again.

        Raises:
            LocalStackError: something of this machine is in the way, and what to do.
        """
        ran = set(self.runner.running())
        servers = [server for server in (self.postgres, self.rabbitmq) if not server.alive]
        try:
            self._up(report)
        except BaseException:
            self.runner.stop([name for name in self.runner.running() if name not in ran], grace=5)
            for server in servers:
                server.stop()
            raise

    def _up(self, report: Report) -> None:
        self._refuse_taken_ports()
        report("PostgreSQL и RabbitMQ", "PostgreSQL and RabbitMQ")
        self.servers.start()
        report("Базы данных и пользователи", "Databases and users")
        self.provision()
        self._migrate_what_changed(report)
        report("Запуск служб", "Starting the services")
        for name in self.processes:
            self.runner.start(self.planned(name))
        for name in self.processes:
            report(f"Ожидание: {name}", f"Waiting for {name}")
            self.runner.await_ready(self.planned(name), READY_SECONDS)

    def _refuse_taken_ports(self) -> None:
        """Look at every port before anything is started: half a town is worse than none."""
        for name in self.processes:
            if self.runner.process(name) is None:
                self.runner.refuse_taken_ports(self.planned_ports(name), name)

    def planned_ports(self, name: str) -> tuple[int, ...]:
        if name == "mail":
            return (self.places.smtp_port, self.places.mail_port)
        if name == "sms":
            return (self.places.sms_port,)
        service, _, process = name.rpartition("-")
        return (self.places.api_port(service) if process == "api" else self.places.ops_port(service),)

    def provision(self) -> None:
        """A database and a role, a broker's user and its rights for each service, and the topology."""
        made = provide(self.postgres.address, {name: self.keys.password(f"postgres-{name}") for name in self._only})
        if made:
            self._remember_databases(made)
        broker, vhost = self.broker, self.rabbitmq.address.vhost
        broker.import_definitions(definitions(listening(self._only), vhost), vhost=vhost)
        for service in self._only:
            broker.put_user(service, self.keys.password(f"rabbitmq-{service}"))
            broker.permit(service, vhost=vhost, **permissions(service))

    def _migrate_what_changed(self, report: Report) -> None:
        """A second `make up` need not load alembic five times; whoever asks for `migrate` by hand gets it."""
        remembered = self.root / "run" / "migrated.json"
        known = read_json(remembered)
        wanted = {service: fingerprint(service) for service in self._only}
        changed = [service for service, print_ in wanted.items() if known.get(service) != print_]
        if changed:
            report("Миграции: " + ", ".join(changed), "Migrations: " + ", ".join(changed))
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(self.migrate, changed))
            write_json(remembered, known | wanted)

    def migrate(self, service: str) -> None:
        """Bring a service's database up to date."""
        self.runner.run_once(f"{service}-migrate", (command_of(service), "migrate"), self.environment(service))

    def run_command(
        self, service: str, *arguments: str, name: str | None = None, timeout: float = COMMAND_SECONDS
    ) -> str:
        """A command of a service to its end (`town.run_command("journal", "bus", "status")`); its output."""
        env = self.environment(service)
        label = name or f"{service}-command"
        return self.runner.run_once(label, (command_of(service), *arguments), env, timeout=timeout)

    def start_process(self, name: str) -> None:
        """Start a process that does not run and wait until it is ready."""
        planned = self.planned(name)
        self.runner.start(planned)
        self.runner.await_ready(planned, READY_SECONDS)

    def kill(self, name: str) -> None:
        """SIGKILL a process."""
        self.runner.kill(name)

    def stop_process(self, name: str) -> None:
        """SIGTERM a process and wait."""
        self.runner.stop([name])

    def down(self) -> list[str]:
        """Stop exactly what was started here; the names of the processes that ran."""
        stopped = self.runner.stop_all()
        for server, name in ((self.postgres, "postgresql"), (self.rabbitmq, "rabbitmq")):
            if server.origin != "environment" and server.alive:
                stopped.append(name)
        self.servers.stop()
        return stopped

    def clean(self) -> None:
        """Stop everything and delete all data of this town, and nothing else."""
        self.runner.stop_all(grace=5)
        if self.postgres.origin == "environment" and self.postgres.alive:
            made = read_json(self._databases_file)
            remove(self.postgres.address, [str(name) for name in made])
        if self.rabbitmq.origin == "environment" and self.rabbitmq.alive:
            self._forget_topology()
        self.servers.remove()
        for part in ("stack", "mail", "demo", "log", "run"):
            shutil.rmtree(self.root / part, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.root.rmdir()  # only when nothing else is kept there

    @property
    def _databases_file(self) -> Path:
        return self.root / "run" / "databases.json"

    def _remember_databases(self, made: list[str]) -> None:
        """On a server that is not ours, `clean` may drop only what `up` made there."""
        known = read_json(self._databases_file)
        write_json(self._databases_file, known | dict.fromkeys(made, True))
        (self.root / "run" / "migrated.json").unlink(missing_ok=True)  # a new database has seen no migration

    def _forget_topology(self) -> None:
        vhost = self.rabbitmq.address.vhost
        self.broker.remove_definitions(definitions(listening(self._only), vhost), vhost=vhost)
        for service in self._only:
            self.broker.delete_user(service)


class _Visit:
    """A town for the time of a `with` block."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def __enter__(self) -> Town:
        try:
            self._town.up()
        except BaseException:
            self._town.clean()
            raise
        return self._town

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if os.environ.get("ZVONOK_KEEP_TOWN"):  # to look at logs and data after a failed test
            self._town.down()
        else:
            self._town.clean()

    async def __aenter__(self) -> Town:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)


def free_offset() -> int:
    """An offset at which every port of a town is free."""
    for offset in _offsets():
        if all(ports.is_free(port) for port in Places(offset).all_ports):
            return offset
    raise LocalStackError("Не нашлось свободных портов для города.", "No free ports for a town.")


def _offsets() -> Iterator[int]:
    first = ports.choose(1)[0]
    yield from range(first - 8000, 22_000, 250)
    yield from range(2_000, 22_000, 250)
