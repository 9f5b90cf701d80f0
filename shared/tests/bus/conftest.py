"""A small service of its own on the real servers: two streams in, one out, and a table that shows the effects."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.bus import PermanentError, Subscriptions
from shared.bus import schema as bus_schema
from shared.bus.pump import Pump
from shared.bus.receive import store
from shared.contracts.identity import AccountDisabled, PupilLeft, SchoolOpened
from shared.contracts.journal import GradeRemoved
from shared.db import Database, Tx

from .samples import delivery_of

EFFECTS = "CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, event_id uuid, stream_id uuid, seq bigint)"


@dataclass
class Consumer:
    """«notifications», as far as these tests need it."""

    database: Database
    subscriptions: Subscriptions
    failing: set[UUID] = field(default_factory=set)
    """Events whose handler raises."""
    hopeless: set[UUID] = field(default_factory=set)
    """Events whose handler says that trying again will not help."""
    tries: list[UUID] = field(default_factory=list)

    async def receive(self, *bodies: bytes) -> None:
        await store(self.database.engine, [delivery_of(body) for body in bodies])

    async def pump(self) -> int:
        return await Pump(self.database, self.subscriptions).drain()

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        async with self.database.read() as session:
            return list(await session.execute(text(statement), values))

    async def effects(self) -> list[tuple[UUID, int]]:
        return [(row.stream_id, row.seq) for row in await self.rows("SELECT stream_id, seq FROM effect ORDER BY n")]

    async def statuses(self) -> dict[int, str]:
        return {row.stream_seq: row.status for row in await self.rows("SELECT stream_seq, status FROM inbox")}

    async def hurry(self) -> None:
        """Make what backs off due now."""
        async with self.database.sessions.begin() as session:
            await session.execute(text("UPDATE inbox SET next_attempt_at = now() WHERE status = 'pending'"))


@pytest_asyncio.fixture
async def bus_database(stack: Any) -> AsyncIterator[Callable[[str], Awaitable[Database]]]:
    """Databases with nothing but the bus and the table `effect`."""
    opened_ones: list[tuple[Database, str]] = []

    async def make(service: str) -> Database:
        url = await stack.empty_database(service)
        database = Database.open(url, source=service)
        async with database.engine.begin() as connection:
            for statement in [*bus_schema.split(bus_schema.statements(1)), EFFECTS]:
                await connection.execute(text(statement))
        opened_ones.append((database, url))
        return database

    yield make
    for database, url in opened_ones:
        await database.close()
        await stack.drop_database(url)


@pytest_asyncio.fixture
async def consumer(bus_database: Callable[[str], Awaitable[Database]]) -> Consumer:
    database = await bus_database("notifications")
    subscriptions = Subscriptions(
        "notifications",
        listens=(PupilLeft, SchoolOpened, AccountDisabled, GradeRemoved),
        latest=("identity.school",),
    )
    made = Consumer(database, subscriptions)

    async def effect(tx: Tx, event: Any) -> None:
        assert tx.cause is not None
        made.tries.append(tx.cause.id)
        if tx.cause.id in made.hopeless:
            raise PermanentError("this event cannot be taken")
        await tx.session.execute(
            text("INSERT INTO effect (event_id, stream_id, seq) VALUES (:id, :stream, :seq)"),
            {"id": tx.cause.id, "stream": tx.cause.subject, "seq": tx.cause.sequence},
        )
        if tx.cause.id in made.failing:
            raise RuntimeError("not today")

    subscriptions.on(PupilLeft)(effect)
    subscriptions.on(SchoolOpened)(effect)
    return made


@pytest.fixture
def pupil() -> UUID:
    return uuid4()
