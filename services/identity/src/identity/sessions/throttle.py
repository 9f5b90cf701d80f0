"""The throttle in PostgreSQL, so that it holds across replicas and restarts (I-8)."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from identity.errors import TooManyAttempts
from identity.sessions.rules import FORGOTTEN_AFTER, Throttle, address_failed, address_wait, attempted, wait_of
from identity.sessions.tables import address_throttles
from identity.sessions.tables import sign_in_throttles as table
from shared.db import Database, Tx


async def charge(database: Database, subject: bytes, address: bytes | None = None) -> None:
    """Count an attempt before it is made.

    Args:
        database: with the throttles.
        subject: keyed hash of what is attempted: a login, an account.
        address: keyed hash of where from, if that is to be looked at; it pays only for failures, later.

    Raises:
        TooManyAttempts: too early; such an attempt is not counted, so nobody is locked out for ever.
    """
    async with database.uow.begin() as tx:
        if address is not None:
            await _require_allowance(tx, address)
        fresh = insert(table).values(subject=subject, failures=0, last_attempt_at=tx.now, blocked_until=tx.now)
        # One statement finds or makes the row and locks it: between two, a success elsewhere might have deleted it.
        locked = fresh.on_conflict_do_update(index_elements=[table.c.subject], set_={"subject": fresh.excluded.subject})
        row = (await tx.session.execute(locked.returning(table))).one()
        before = Throttle(row.failures, row.last_attempt_at, row.blocked_until)
        wait = wait_of(before, tx.now)
        if wait:
            raise TooManyAttempts(retry_after=_seconds(wait))
        after = attempted(before, tx.now)
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


async def address_has_failed(database: Database, address: bytes | None) -> None:
    """Count a failure from an address (I-8). A right password costs it nothing and forgives it nothing."""
    if address is None:
        return
    async with database.uow.begin() as tx:
        fresh = insert(address_throttles).values(subject=address, clear_at=tx.now)
        locked = fresh.on_conflict_do_update(
            index_elements=[address_throttles.c.subject], set_={"subject": fresh.excluded.subject}
        )
        clear_at = await tx.session.scalar(locked.returning(address_throttles.c.clear_at))
        await tx.session.execute(
            update(address_throttles)
            .where(address_throttles.c.subject == address)
            .values(clear_at=address_failed(clear_at, tx.now))
        )


async def charge_address(database: Database, address: bytes | None) -> None:
    """Count something that costs the town a message, whoever it is for: an address has as many as it has failures.

    Raises:
        TooManyAttempts: the address has used up its allowance.
    """
    if address is None:
        return
    async with database.uow.begin() as tx:
        await _require_allowance(tx, address)
    await address_has_failed(database, address)


async def _require_allowance(tx: Tx, address: bytes) -> None:
    clear_at = await tx.session.scalar(
        select(address_throttles.c.clear_at).where(address_throttles.c.subject == address)
    )
    wait = address_wait(clear_at, tx.now)
    if wait:
        raise TooManyAttempts(retry_after=_seconds(wait))


def _seconds(wait: timedelta) -> int:
    return math.ceil(wait.total_seconds())


async def purge_throttles(session: AsyncSession, now: datetime) -> None:
    """Drop what is forgotten anyway."""
    await session.execute(delete(table).where(table.c.last_attempt_at < now - FORGOTTEN_AFTER))
    await session.execute(delete(address_throttles).where(address_throttles.c.clear_at < now))
