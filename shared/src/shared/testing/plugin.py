"""The pytest plugin `zvonok`: real servers and fresh databases for every test, whoever else tests at the same time."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from shared.testing.signing import Signing
    from shared.testing.stack import Stack

# The rooms of `shared` are imported inside the fixtures: the plugin is loaded in every pytest of this environment.


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    """Plain lines: structlog's default draws each traceback with all its variables, which takes seconds."""
    import structlog

    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


@pytest.fixture(scope="session")
def stack(pytestconfig: pytest.Config) -> Iterator["Stack"]:
    """PostgreSQL and RabbitMQ, started if no other run has them; stopped when the last run ends."""
    import secrets

    from shared.localstack.broker import BrokerAdmin
    from shared.localstack.errors import LocalStackError
    from shared.localstack.stack_of_tests import servers_for_tests
    from shared.testing.stack import Stack

    home = Path(os.environ.get("ZVONOK_TEST_HOME", pytestconfig.rootpath / ".local" / "test"))
    try:
        using = servers_for_tests(home)
        servers = using.__enter__()
    except LocalStackError as error:
        pytest.exit(f"{error}", returncode=4)
    try:
        broker = BrokerAdmin(servers.rabbitmq)
        vhost = f"test_{secrets.token_hex(6)}"
        broker.create_vhost(vhost)
        try:
            yield Stack(servers.postgres, servers.rabbitmq, vhost, servers.seed, servers.origin, broker)
        finally:
            broker.delete_vhost(vhost)
    finally:
        using.__exit__(None, None, None)


@pytest_asyncio.fixture
async def service_database(stack: "Stack") -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Give a service's name, await SQLAlchemy's URL of a fresh migrated database; dropped after the test."""
    made: list[str] = []

    async def make(service: str) -> str:
        made.append(await stack.fresh_database(service))
        return made[-1]

    yield make
    for url in made:
        await stack.drop_database(url)


@pytest.fixture(scope="session")
def signing() -> "Signing":
    """A signing key and tokens like identity's."""
    from shared.testing.signing import Signing

    return Signing()


@pytest.fixture(scope="session")
def deliver() -> Any:
    """Await it with (database, subscriptions, *events): they go through the real inbox and pump, without a broker."""
    from shared.bus.testing import deliver

    return deliver


@pytest.fixture(scope="session")
def emitted() -> Any:
    """Await it with (database): the events in the outbox, in the order of their commits."""
    from shared.bus.testing import emitted

    return emitted
