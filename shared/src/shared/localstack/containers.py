"""PostgreSQL and RabbitMQ in Docker containers, when an engine answers.

testcontainers starts them; its reaper is off, because the stack outlives the command that started it and is stopped by
its own state (a container's name is derived from the directory of the stack, so it is found again).
"""

import hashlib
import os
import socket
from functools import cache
from pathlib import Path
from typing import Any

from shared.localstack import ports
from shared.localstack.broker import management_answers
from shared.localstack.errors import NotReadyError, PortTakenError
from shared.localstack.processes import wait_until
from shared.localstack.servers import PostgresAddress, RabbitAddress, StopMode

POSTGRES_IMAGE = "postgres:18"
RABBITMQ_IMAGE = "rabbitmq:4-management"


@cache
def engine_answers() -> bool:
    """Is there a Docker engine that we may use?"""
    if "DOCKER_HOST" not in os.environ and not _accepts(Path("/var/run/docker.sock")):
        return False  # without loading Docker's library, which would also leave an open socket behind
    import docker
    from docker.errors import DockerException

    try:
        client = docker.from_env(timeout=5)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(str(path)) == 0


class _Container:
    """One named container with published ports on the loopback address."""

    def __init__(self, home: Path, role: str, image: str) -> None:
        digest = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:10]
        self.name = f"zvonok-{digest}-{role}"
        self._image = image

    def find(self) -> Any:
        import docker
        from docker.errors import NotFound

        client = docker.from_env()
        try:
            return client.containers.get(self.name)
        except NotFound:
            return None

    @property
    def running(self) -> bool:
        container = self.find()
        return container is not None and container.status == "running"

    def start(self, environment: dict[str, str], published: dict[int, int], command: str | None, volume: str) -> None:
        container = self.find()
        if container is not None:
            container.start()
            return
        for port in published.values():
            if not ports.becomes_free(port):
                raise PortTakenError(port, self.name, "ZVONOK_POSTGRES_PORT / ZVONOK_RABBITMQ_PORT")
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer

        testcontainers_config.ryuk_disabled = True
        wanted = DockerContainer(self._image).with_name(self.name).with_volume_mapping(self.name, volume, "rw")
        wanted = wanted.with_kwargs(ports={f"{inner}/tcp": ("127.0.0.1", outer) for inner, outer in published.items()})
        for key, value in environment.items():
            wanted = wanted.with_env(key, value)
        if command:
            wanted = wanted.with_command(command)
        wanted.start()

    def stop(self, seconds: int) -> None:
        container = self.find()
        if container is not None:
            container.stop(timeout=seconds)

    def kill(self, signal: str) -> None:
        container = self.find()
        if container is not None and container.status == "running":
            container.kill(signal=signal)
            wait_until(lambda: not self.running, 30)

    def remove(self) -> None:
        import docker
        from docker.errors import NotFound

        container = self.find()
        if container is not None:
            container.remove(force=True, v=True)
        client = docker.from_env()
        try:
            client.volumes.get(self.name).remove(force=True)
        except NotFound:
            pass
        finally:
            client.close()


class DockerPostgres:
    """PostgreSQL in a container; data in a volume of the same name."""

    origin = "docker"

    def __init__(self, home: Path, *, password: str, port: int, durable: bool = True) -> None:
        self._container = _Container(home, "postgres", POSTGRES_IMAGE)
        self._password = password
        self._port = port
        self._durable = durable

    @property
    def address(self) -> PostgresAddress:
        return PostgresAddress("127.0.0.1", self._port, "postgres", self._password)

    @property
    def alive(self) -> bool:
        return self._container.running

    def start(self) -> None:
        if self.alive:
            return
        options = "" if self._durable else " -c fsync=off -c full_page_writes=off"
        self._container.start(
            {"POSTGRES_PASSWORD": self._password, "PGDATA": "/var/lib/postgresql/data"},
            {5432: self._port},
            f"postgres -c max_connections=300{options}",
            "/var/lib/postgresql",
        )
        container = self._container.find()

        def ready() -> bool:
            # pg_isready over TCP: during the image's own initialisation the server listens on a socket only
            status, _ = container.exec_run(["pg_isready", "-h", "127.0.0.1", "-U", "postgres"])
            return bool(status == 0)

        if not wait_until(ready, 90, step=0.3):
            raise NotReadyError(
                "PostgreSQL", 90, self._container.name, container.logs(tail=15).decode(errors="replace")
            )

    def stop(self, mode: StopMode = "fast") -> None:
        if mode == "immediate":
            self._container.kill("SIGQUIT")
        else:
            self._container.stop(30)

    def kill(self) -> None:
        self._container.kill("SIGKILL")

    def restart(self, mode: StopMode = "fast") -> None:
        self.stop(mode)
        self.start()

    def remove(self) -> None:
        self._container.remove()


class DockerRabbit:
    """RabbitMQ in a container; data in a volume of the same name."""

    origin = "docker"
    user = "zvonok_admin"

    def __init__(self, home: Path, *, password: str, port: int, management_port: int) -> None:
        self._container = _Container(home, "rabbitmq", RABBITMQ_IMAGE)
        self._password = password
        self._port = port
        self._management_port = management_port

    @property
    def address(self) -> RabbitAddress:
        management = f"http://127.0.0.1:{self._management_port}"
        return RabbitAddress("127.0.0.1", self._port, management, self.user, self._password)

    @property
    def alive(self) -> bool:
        return self._container.running

    def start(self) -> None:
        if self.alive:
            return
        self._container.start(
            {
                "RABBITMQ_DEFAULT_USER": self.user,
                "RABBITMQ_DEFAULT_PASS": self._password,
                "RABBITMQ_NODENAME": "rabbit@localhost",
            },
            {5672: self._port, 15672: self._management_port},
            None,
            "/var/lib/rabbitmq",
        )
        if not wait_until(lambda: management_answers(self.address), 120, step=0.3):
            logs = self._container.find().logs(tail=15).decode(errors="replace")
            raise NotReadyError("RabbitMQ", 120, self._container.name, logs)

    def stop(self) -> None:
        self._container.stop(40)

    def kill(self) -> None:
        self._container.kill("SIGKILL")

    def remove(self) -> None:
        self._container.remove()
