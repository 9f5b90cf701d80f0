"""What is lent by `Database.driver` comes back whatever happens with it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.db import Database
from shared.testing.stack import Stack

ME = "SELECT pg_backend_pid()"


@pytest_asyncio.fixture
async def single(stack: Stack) -> AsyncIterator[Database]:
    """A database with one connection: who does not give it back is noticed by the next."""
    url = await stack.empty_database("kit")
    opened = Database.open(url, source="kit", pool_size=1)
    try:
        yield opened
    finally:
        await opened.close()
        await stack.drop_database(url)


async def test_the_connection_is_used_again(single: Database) -> None:
    async with single.driver() as connection:
        first = await connection.fetchval(ME)
    async with single.driver() as connection:
        assert await connection.fetchval(ME) == first
    async with single.uow.begin() as tx:
        assert await tx.session.scalar(text(ME)) == first


async def test_it_comes_back_after_an_error_and_in_the_middle_of_a_statement(single: Database) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with single.driver() as connection:
            await connection.fetchval("SELECT 1 / 0")

    async def wait() -> None:
        async with single.driver() as connection:
            await connection.fetchval("SELECT pg_sleep(30)")

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0.2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with single.driver() as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_dead_one_is_renewed(single: Database) -> None:
    async with single.driver() as connection:
        first = await connection.fetchval(ME)
        with pytest.raises(asyncpg.PostgresConnectionError):
            await connection.fetchval("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)")
    async with single.driver() as connection:
        assert await connection.fetchval(ME) != first
