"""Servers whose addresses stand in the environment: used, never started, stopped or emptied as a whole.

ZVONOK_POSTGRES_URL              postgresql://admin:secret@host:5432/postgres   (may create databases and roles)
ZVONOK_RABBITMQ_URL              amqp://admin:secret@host:5672/%2F              (an administrator)
ZVONOK_RABBITMQ_MANAGEMENT_URL   http://host:15672                              (its management API)
"""

import os
from typing import NoReturn

from shared.localstack import ports
from shared.localstack.errors import LocalStackError
from shared.localstack.servers import PostgresAddress, RabbitAddress, StopMode


class GivenPostgres:
    """Somebody else's PostgreSQL."""

    origin = "environment"

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address

    @classmethod
    def from_environment(cls) -> "GivenPostgres | None":
        url = os.environ.get("ZVONOK_POSTGRES_URL")
        return cls(PostgresAddress.parse(url)) if url else None

    @property
    def address(self) -> PostgresAddress:
        return self._address

    @property
    def alive(self) -> bool:
        return ports.answers(self._address.port, self._address.host)

    def start(self) -> None:
        if not self.alive:
            raise _silent("PostgreSQL", self._address.host, self._address.port, "ZVONOK_POSTGRES_URL")

    def stop(self, mode: StopMode = "fast") -> None:
        """Not ours: left running."""

    def kill(self) -> NoReturn:
        raise _not_ours("PostgreSQL")

    def restart(self, mode: StopMode = "fast") -> NoReturn:  # noqa: ARG002 -- the shape of PostgresServer
        raise _not_ours("PostgreSQL")

    def remove(self) -> None:
        """Not ours: left as it is."""


class GivenRabbit:
    """Somebody else's RabbitMQ."""

    origin = "environment"

    def __init__(self, address: RabbitAddress) -> None:
        self._address = address

    @classmethod
    def from_environment(cls) -> "GivenRabbit | None":
        url = os.environ.get("ZVONOK_RABBITMQ_URL")
        if not url:
            return None
        management = os.environ.get("ZVONOK_RABBITMQ_MANAGEMENT_URL")
        if not management:
            raise LocalStackError(
                "Задан ZVONOK_RABBITMQ_URL, но не задан ZVONOK_RABBITMQ_MANAGEMENT_URL (например http://host:15672).",
                "ZVONOK_RABBITMQ_URL is set but ZVONOK_RABBITMQ_MANAGEMENT_URL is not (for example http://host:15672).",
            )
        return cls(RabbitAddress.parse(url, management))

    @property
    def address(self) -> RabbitAddress:
        return self._address

    @property
    def alive(self) -> bool:
        return ports.answers(self._address.port, self._address.host)

    def start(self) -> None:
        if not self.alive:
            raise _silent("RabbitMQ", self._address.host, self._address.port, "ZVONOK_RABBITMQ_URL")

    def stop(self) -> None:
        """Not ours: left running."""

    def kill(self) -> NoReturn:
        raise _not_ours("RabbitMQ")

    def remove(self) -> None:
        """Not ours: left as it is."""


def _silent(name: str, host: str, port: int, variable: str) -> LocalStackError:
    return LocalStackError(
        f"{name} по адресу {host}:{port} из {variable} не отвечает.",
        f"{name} at {host}:{port}, given in {variable}, does not answer.",
    )


def _not_ours(name: str) -> LocalStackError:
    return LocalStackError(
        f"{name} задан в окружении: запускать и останавливать его отсюда нельзя.",
        f"{name} is given in the environment: it is not ours to start or stop.",
    )
