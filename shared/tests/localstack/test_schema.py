"""The comparison itself must see a difference, or every service's test would pass for nothing."""

import asyncio

import asyncpg
import pytest

from shared.testing.schema import snapshot
from shared.testing.stack import Stack

SAME = (
    "CREATE TABLE lesson (id uuid PRIMARY KEY, room text NOT NULL DEFAULT 'x', hours int CHECK (hours > 0))",
    "CREATE INDEX by_room ON lesson (room) WHERE hours > 1",
)
CHANGES = (
    "ALTER TABLE lesson ALTER room DROP NOT NULL",
    "ALTER TABLE lesson ALTER room DROP DEFAULT",
    "ALTER TABLE lesson ALTER hours TYPE bigint",
    "ALTER TABLE lesson ADD CHECK (hours < 9)",
    "ALTER TABLE lesson ADD UNIQUE (room)",
    "DROP INDEX by_room",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE lesson SET (fillfactor = 70)",
)


async def _build(stack: Stack, *statements: str) -> str:
    url = await stack.empty_database("journal")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
    return url


async def test_equal_schemas_have_equal_snapshots(stack: Stack) -> None:
    one, two = await _build(stack, *SAME), await _build(stack, *SAME)
    assert await snapshot(one) == await snapshot(two)
    await asyncio.gather(stack.drop_database(one), stack.drop_database(two))


@pytest.mark.parametrize("change", CHANGES)
async def test_every_kind_of_difference_is_seen(stack: Stack, change: str) -> None:
    one, two = await _build(stack, *SAME), await _build(stack, *SAME, change)
    assert await snapshot(one) != await snapshot(two)
    await asyncio.gather(stack.drop_database(one), stack.drop_database(two))
