from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from shared.access import create_access_v1
from shared.db import Database
from shared.db.kit_tables import create_v1
from shared.testing.stack import Stack


class _Op:
    """As much of alembic's `op` as the released SQL needs."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sqltext: str) -> None:
        self._connection.execute(text(sqltext))


@pytest_asyncio.fixture
async def database(stack: Stack) -> AsyncIterator[Database]:
    """A database with the kit's tables and access edges, made by the released SQL."""
    url = await stack.empty_database("kit")
    opened = Database.open(url, source="kit", pool_size=4)
    try:
        async with opened.engine.begin() as connection:
            await connection.run_sync(lambda sync: create_v1(_Op(sync)))
            await connection.run_sync(lambda sync: create_access_v1(_Op(sync)))
        yield opened
    finally:
        await opened.close()
        await stack.drop_database(url)
