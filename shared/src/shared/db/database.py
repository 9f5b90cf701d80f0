"""One service's database: the engine, its sessions, and the wake-up call for the relay."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import structlog
from asyncpg import InterfaceError, PostgresError
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from shared.db.uow import Hook, UnitOfWork
from shared.http.idempotency import claim_idempotency_key
from shared.ops.clock import Clock, system_clock
from shared.ops.ids import Ids, new_id

_log = structlog.get_logger(__name__)

WAKE_UP_PAUSE = 0.005
"""Seconds between two NOTIFYs of one process. A NOTIFY inside the transaction would cost a third of the commits."""


class Database:
    """Engine and sessions of one process, built once, closed once."""

    def __init__(self, engine: AsyncEngine, *, producer: str, clock: Clock, ids: Ids, on_begin: Sequence[Hook]) -> None:
        self.engine = engine
        self.producer = producer
        self.clock = clock
        self.ids = ids
        self.sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._readers = async_sessionmaker(
            engine.execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False
        )
        self.uow = UnitOfWork(
            self.sessions,
            producer=producer,
            clock=clock,
            ids=ids,
            on_begin=on_begin,
            after_emit=self.wake_relay,
        )
        self._outbox_filled = asyncio.Event()
        self._waker: asyncio.Task[None] | None = None

    @classmethod
    def open(
        cls,
        url: str,
        *,
        source: str,
        clock: Clock = system_clock,
        ids: Ids = new_id,
        pool_size: int = 10,
        on_begin: Sequence[Hook] = (claim_idempotency_key,),
    ) -> Self:
        """Make the engine; connections are opened when they are needed.

        Args:
            url: `postgresql+asyncpg://role:password@host:port/database`.
            source: The service, which is also the producer of its events.
            clock: Answers the present instant.
            ids: Makes ids.
            pool_size: Connections of this process; no more are ever opened.
            on_begin: Run at the start of every transaction of a use case.
        """
        engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=False,  # a round trip each time; `_renew_the_dead` sees the same for nothing
            hide_parameters=True,  # parameters are people's data and do not belong into logs
            connect_args={
                "timeout": 5,
                "command_timeout": 30,
                "server_settings": {
                    "application_name": f"zvonok-{source}",
                    "timezone": "UTC",
                    "jit": "off",  # short statements: compiling one takes longer than any of them runs
                },
            },
        )
        event.listen(engine.sync_engine, "checkout", _renew_the_dead)
        return cls(engine, producer=source, clock=clock, ids=ids, on_begin=on_begin)

    async def close(self) -> None:
        """Close all connections."""
        if self._waker is not None:
            self._waker.cancel()
            with suppress(asyncio.CancelledError):
                await self._waker
        await self.engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reads: one snapshot per statement, nothing to commit, no BEGIN and ROLLBACK around it."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Any]:
        """A connection of the same pool as asyncpg has it, for the few statements that every page waits for.

        A quarter of what a session costs, and no BEGIN and ROLLBACK around it: each statement stands alone.
        Parameters are `$1`, answers are asyncpg's records, failures are asyncpg's own.
        """
        lent = await self.engine.raw_connection()
        try:
            yield lent.driver_connection
        finally:
            # Beneath SQLAlchemy nothing was begun that giving it back would have to wait for.
            lent.close()

    def wake_relay(self) -> None:
        """Tell the relay, after a commit and on another connection, that the outbox has something new."""
        if self._waker is None or self._waker.done():
            self._waker = asyncio.get_running_loop().create_task(self._notify_when_filled())
        self._outbox_filled.set()

    async def _notify_when_filled(self) -> None:
        while True:
            await self._outbox_filled.wait()
            self._outbox_filled.clear()
            try:
                async with self.driver() as connection:
                    await connection.execute("SELECT pg_notify('outbox', '')")
            except (SQLAlchemyError, PostgresError, InterfaceError, OSError) as error:
                # The relay polls beneath this; a lost wake-up costs a second, not an event.
                _log.info("wake_up_failed", error=type(error).__name__)
            await asyncio.sleep(WAKE_UP_PAUSE)


def _renew_the_dead(connection: Any, _record: Any, _proxy: Any) -> None:
    """After a restart of PostgreSQL every pooled connection is dead, and its socket says so: no request need fail."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError
