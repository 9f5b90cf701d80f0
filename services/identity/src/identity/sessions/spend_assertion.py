"""A frontend's assertion is good once: its `jti` is spent by itself, also when the request then fails."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from identity.errors import ClientAssertionRefused
from identity.sessions.rules import ASSERTION_SKEW, Assertion
from identity.sessions.tables import used_assertions
from shared.db import Database


async def spend_assertion(database: Database, assertion: Assertion) -> None:
    """Use an assertion up.

    Raises:
        ClientAssertionRefused: it has been used before.
    """
    spent = sha256(f"{assertion.client_id}\0{assertion.jti}".encode()).digest()
    statement = insert(used_assertions).values(assertion=spent, expires_at=assertion.expires_at)
    async with database.sessions.begin() as session:
        first = await session.scalar(statement.on_conflict_do_nothing().returning(used_assertions.c.assertion))
    if first is None:
        raise ClientAssertionRefused


async def purge_assertions(session: AsyncSession, now: datetime) -> None:
    """Drop what has expired by itself; a little later, for clocks that differ."""
    await session.execute(delete(used_assertions).where(used_assertions.c.expires_at < now - ASSERTION_SKEW))
