"""The servers as a test sees them: PostgreSQL, RabbitMQ, and databases that nobody else touches."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from shared.localstack.broker import BrokerAdmin
from shared.localstack.databases import create_database, create_role, quoted
from shared.localstack.servers import PostgresAddress, RabbitAddress

_one_migration_at_a_time = asyncio.Lock()


@dataclass(frozen=True)
class Stack:
    """PostgreSQL and RabbitMQ of this test run. The virtual host is this run's own and is deleted with it."""

    postgres: PostgresAddress
    rabbitmq: RabbitAddress
    vhost: str
    seed: str
    origin: str
    broker: BrokerAdmin = field(repr=False)

    @property
    def rabbitmq_url(self) -> str:
        """The administrator's AMQP URL in this run's virtual host."""
        return self.rabbitmq.url(vhost=self.vhost)

    def postgres_dsn(self, database: str = "postgres") -> str:
        """The superuser's URL (asyncpg, psql) of any database."""
        return self.postgres.dsn(database)

    def password_of(self, role: str) -> str:
        """The password of a service's role: the same for all runs that share the servers."""
        return hashlib.sha256(f"{self.seed}:{role}".encode()).hexdigest()[:32]

    def url_of(self, role: str, database: str) -> str:
        """SQLAlchemy's URL of a database, signed in as a service's role."""
        return self.postgres.sqlalchemy_url(database, user=role, password=self.password_of(role))

    async def fresh_database(self, service: str) -> str:
        """A new database of this service, migrated, empty; owned by the service's role. SQLAlchemy's URL."""
        template = await self._template(service)
        return await self._create(service, template)

    async def empty_database(self, role: str) -> str:
        """A new database without any table, owned by this role."""
        async with _Admin(self) as connection:
            await _locked(connection, create_role(connection, role, self.password_of(role)))
        return await self._create(role, "template0")

    async def drop_database(self, url: str) -> None:
        """Drop a database made here, whoever is still connected to it."""
        name = url.rsplit("/", 1)[1]
        async with _Admin(self) as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")

    async def _create(self, role: str, template: str) -> str:
        name = f"test_{role}_{secrets.token_hex(6)}"
        strategy = ["STRATEGY FILE_COPY"] if self.origin == "embedded" else []  # twice as fast while fsync is off
        async with _Admin(self) as connection:
            await create_database(connection, name, owner=role, template=template, options=strategy)
        return self.url_of(role, name)

    async def _template(self, service: str) -> str:
        """The database all of this service's test databases are copied from; migrated by whoever comes first."""
        from shared.db import migrate
        from shared.localstack.migrations import fingerprint

        name = f"template_{service}_{fingerprint(service)}"
        async with _Admin(self) as connection:
            if await _exists(connection, name):
                return name
            await connection.execute("SELECT pg_advisory_lock(hashtext($1))", name)
            if await _exists(connection, name):
                return name
            await _locked(connection, create_role(connection, service, self.password_of(service)))
            draft = f"draft_{service}_{secrets.token_hex(6)}"
            await create_database(connection, draft, owner=service)
            try:
                async with _one_migration_at_a_time:
                    await asyncio.to_thread(migrate.upgrade, service, self.url_of(service, draft))
            except BaseException:
                await connection.execute(f"DROP DATABASE {quoted(draft)} WITH (FORCE)")
                raise
            await connection.execute(f"ALTER DATABASE {quoted(draft)} RENAME TO {quoted(name)}")
            # Nobody may be connected to a template while it is copied.
            await connection.execute(f"ALTER DATABASE {quoted(name)} ALLOW_CONNECTIONS false")
        return name


class _Admin:
    """One connection of the superuser."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._connection: Any = None

    async def __aenter__(self) -> Any:
        self._connection = await asyncpg.connect(self._stack.postgres_dsn(), timeout=30)
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


async def _exists(connection: Any, name: str) -> bool:
    return bool(await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name))


async def _locked(connection: Any, work: Any) -> None:
    """Two runs must not create one role at once."""
    await connection.execute("SELECT pg_advisory_lock(hashtext('zvonok roles'))")
    try:
        await work
    finally:
        await connection.execute("SELECT pg_advisory_unlock(hashtext('zvonok roles'))")
