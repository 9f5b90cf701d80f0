"""Servers that these tests may kill, started once; databases and a virtual host of its own for each test."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import pytest_asyncio

from shared.localstack import ports, rabbitmq_files
from shared.localstack.postgres import EmbeddedPostgres
from shared.localstack.rabbitmq import EmbeddedRabbit, RabbitPorts
from shared.localstack.secrets import SecretBook

from .arena import Arena, PrivateServers, arena_on
from .nursery import Nursery


def _slot(folder: Path) -> tuple[Path, int]:
    """A home that no other run uses now. A killed run leaves its servers there; whoever comes next removes them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 100):
        lock = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return folder / str(number), lock
    raise OSError(f"a hundred runs at once in {folder}")


@pytest.fixture(scope="session")
def killable(pytestconfig) -> Iterator[PrivateServers]:
    """Always our own processes, never Docker's or the machine's: these are frozen and killed."""
    if rabbitmq_files.find() is None and os.geteuid() != 0:
        pytest.skip("RabbitMQ is not installed and only root could install it; these tests need a node to kill")
    home, lock = _slot(pytestconfig.rootpath / ".local" / "faults")
    secrets = SecretBook(home / "secrets.json")
    postgres_port, *rabbit_ports = ports.choose(5)
    servers = PrivateServers(
        EmbeddedPostgres(home / "postgres", password=secrets.get("postgres"), port=postgres_port, durable=False),
        EmbeddedRabbit(home / "rabbitmq", password=secrets.get("rabbitmq"), node_ports=RabbitPorts(*rabbit_ports)),
    )
    try:
        servers.rabbitmq.remove()
        servers.postgres.remove()
        with ThreadPoolExecutor(2) as pool:
            for started in [pool.submit(servers.postgres.start), pool.submit(servers.rabbitmq.start)]:
                started.result()
        yield servers
    finally:
        servers.rabbitmq.remove()
        servers.postgres.remove()
        os.close(lock)


@pytest_asyncio.fixture(scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    opened = await Nursery.open()
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def arena(killable, nursery, tmp_path) -> AsyncIterator[Arena]:
    """Two services on those servers; both servers run when the test begins."""
    killable.postgres.start()
    killable.rabbitmq.start()
    async with arena_on(killable, nursery, tmp_path / "children.log") as made:
        yield made
