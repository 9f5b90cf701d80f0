"""The throttle in PostgreSQL, so that it holds across replicas and restarts (I-8)."""

import math
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from identity.errors import TooManyAttempts
from identity.sessions.rules import FORGOTTEN_AFTER, Throttle, attempted
from identity.sessions.tables import sign_in_throttles as table
from shared.db import Database


async def charge(database: Database, subject: bytes) -> None:
    """Count an attempt before it is made.

    Raises:
        TooManyAttempts: too early; such an attempt is not counted, so nobody is locked out for ever.
    """
    async with database.uow.begin() as tx:
        fresh = insert(table).values(subject=subject, failures=0, last_attempt_at=tx.now, blocked_until=tx.now)
        await tx.session.execute(fresh.on_conflict_do_nothing())
        row = (await tx.session.execute(select(table).where(table.c.subject == subject).with_for_update())).one()
        if row.blocked_until > tx.now:
            wait = math.ceil((row.blocked_until - tx.now).total_seconds())
            raise TooManyAttempts(retry_after=wait)
        after = attempted(Throttle(row.failures, row.last_attempt_at, row.blocked_until), tx.now)
        await tx.session.execute(
            update(table)
            .where(table.c.subject == subject)
            .values(
                failures=after.failures,
                last_attempt_at=after.last_attempt_at,
                blocked_until=after.blocked_until,
            )
        )


async def forgive(session: AsyncSession, subject: bytes) -> None:
    """The password was right: what came before is forgotten."""
    await session.execute(delete(table).where(table.c.subject == subject))


async def purge_throttles(session: AsyncSession, now: datetime) -> None:
    """Drop what is forgotten anyway."""
    await session.execute(delete(table).where(table.c.last_attempt_at < now - FORGOTTEN_AFTER))
