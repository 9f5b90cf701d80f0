"""Databases and roles: one of each per service; a role owns its database and cannot even connect to another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import asyncpg

from shared.localstack.servers import PostgresAddress

Answer = TypeVar("Answer")


def with_connection(dsn: str, work: Callable[[Any], Awaitable[Answer]]) -> Answer:
    """Do some work on one connection from ordinary code, whether or not an event loop runs in this thread."""

    async def connected() -> Answer:
        connection = await asyncpg.connect(dsn, timeout=20)
        try:
            return await work(connection)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(connected())).result()


def provide(address: PostgresAddress, passwords: dict[str, str]) -> list[str]:
    """A role and a database for each service name; what exists stays, the password is set to the given one.

    Answers the names of the databases that were made now.
    """

    async def work(connection: Any) -> list[str]:
        made = []
        for service, password in passwords.items():
            await create_role(connection, service, password)
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", service):
                await create_database(connection, service, owner=service)
                made.append(service)
        return made

    return with_connection(address.dsn(), work)


async def create_role(connection: Any, role: str, password: str) -> None:
    """A login role without any privilege of the cluster."""
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if known else "CREATE"
    secret = password.replace("'", "''")
    await connection.execute(f"{verb} ROLE {quoted(role)} LOGIN PASSWORD '{secret}'")
    if not await connection.fetchval("SELECT pg_has_role($1::name, 'MEMBER')", role):
        await connection.execute(f"GRANT {quoted(role)} TO CURRENT_USER")  # a given administrator may be no superuser


async def create_database(
    connection: Any, name: str, *, owner: str, template: str = "template0", options: Sequence[str] = ()
) -> None:
    """A database that only its owner may connect to."""
    extra = " ".join(options)
    await connection.execute(
        f"CREATE DATABASE {quoted(name)} OWNER {quoted(owner)} TEMPLATE {quoted(template)} {extra}"
    )
    await connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {quoted(name)} FROM PUBLIC")


def quoted(identifier: str) -> str:
    """An SQL identifier in quotation marks."""
    return '"' + identifier.replace('"', '""') + '"'


def remove(address: PostgresAddress, names: Sequence[str]) -> None:
    """Drop databases and the roles of the same name."""

    async def work(connection: Any) -> None:
        for name in names:
            await connection.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
            await connection.execute(f"DROP ROLE IF EXISTS {quoted(name)}")

    with_connection(address.dsn(), work)
