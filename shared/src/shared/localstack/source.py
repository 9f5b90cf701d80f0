"""Which PostgreSQL and which RabbitMQ: the environment's, Docker's, or our own private ones, in this order."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from shared.localstack import ports
from shared.localstack.containers import DockerPostgres, DockerRabbit, engine_answers
from shared.localstack.given import GivenPostgres, GivenRabbit
from shared.localstack.postgres import EmbeddedPostgres
from shared.localstack.processes import read_json, write_json
from shared.localstack.rabbitmq import EmbeddedRabbit, RabbitPorts
from shared.localstack.secrets import SecretBook
from shared.localstack.servers import PostgresServer, RabbitServer


@dataclass(frozen=True, slots=True)
class Servers:
    """The pair that a stack stands on."""

    postgres: PostgresServer
    rabbitmq: RabbitServer

    def start(self) -> None:
        """Both at once: RabbitMQ takes 6 s, PostgreSQL one."""
        with ThreadPoolExecutor(2) as pool:
            for started in [pool.submit(self.postgres.start), pool.submit(self.rabbitmq.start)]:
                started.result()

    def stop(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            for stopped in [pool.submit(self.postgres.stop), pool.submit(self.rabbitmq.stop)]:
                stopped.result()

    def remove(self) -> None:
        """Stop, and delete the data of what is ours."""
        self.rabbitmq.remove()
        self.postgres.remove()


def servers_of(home: Path, secrets: SecretBook, *, durable: bool = True) -> Servers:
    """The servers of the stack that keeps its data in `home`; nothing is started yet."""
    chosen = _remembered_ports(home / "ports.json")
    return Servers(
        postgres=GivenPostgres.from_environment() or _own_postgres(home, secrets, chosen, durable=durable),
        rabbitmq=GivenRabbit.from_environment() or _own_rabbit(home, secrets, chosen),
    )


def _own_postgres(home: Path, secrets: SecretBook, chosen: dict[str, int], *, durable: bool) -> PostgresServer:
    password = secrets.get("postgres-admin")
    make = DockerPostgres if engine_answers() else EmbeddedPostgres
    return make(home / "postgres", password=password, port=chosen["postgres"], durable=durable)


def _own_rabbit(home: Path, secrets: SecretBook, chosen: dict[str, int]) -> RabbitServer:
    password = secrets.get("rabbitmq-admin")
    amqp, management = chosen["amqp"], chosen["management"]
    if engine_answers():
        return DockerRabbit(home / "rabbitmq", password=password, port=amqp, management_port=management)
    node_ports = RabbitPorts(amqp, management, chosen["distribution"], chosen["epmd"])
    return EmbeddedRabbit(home / "rabbitmq", password=password, node_ports=node_ports)


def _remembered_ports(path: Path) -> dict[str, int]:
    """Ports of this stack: free ones at the first start, the same ever after, unless the environment names them."""
    names = ["postgres", "amqp", "management", "distribution", "epmd"]
    known = {name: int(str(port)) for name, port in read_json(path).items()}
    if set(known) != set(names):
        known = dict(zip(names, ports.choose(len(names)), strict=True))
        write_json(path, dict(known), mode=0o644)
    for name, variable in (("postgres", "ZVONOK_POSTGRES_PORT"), ("amqp", "ZVONOK_RABBITMQ_PORT")):
        if os.environ.get(variable):
            known[name] = int(os.environ[variable])
    return known
