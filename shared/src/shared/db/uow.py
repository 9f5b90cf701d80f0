"""The unit of work: rows and events of one use case, in one transaction.

The use case opens it, never a FastAPI dependency: FastAPI ends a `yield` dependency after the response was sent,
so a commit that failed there would still have answered 200.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared.bus import outbox
from shared.contracts import Envelope, Event
from shared.db.statement import driver_of
from shared.ops.clock import Clock
from shared.ops.correlation import correlation_id
from shared.ops.ids import Ids
from shared.ops.tracing import current_traceparent


class Tx:
    """An open transaction: what a use case and an event handler work with, and all that they touch."""

    def __init__(
        self,
        session: AsyncSession,
        *,
        producer: str,
        now: datetime,
        ids: Ids,
        cause: Envelope | None = None,
    ) -> None:
        self.session = session
        self.now = now
        """The instant of this transaction, aware, UTC."""
        self.cause = cause
        """The event being handled; None in a use case."""
        self.emissions: list[outbox.Emission] = []
        self._producer = producer
        self._ids = ids
        self._traceparent: str | None = None
        self._driver: Any = None

    async def driver(self) -> Any:
        """This transaction's connection as asyncpg has it, for a `Statement`.

        A transaction begins with the first statement of its session: one must have been executed.

        Raises:
            RuntimeError: none was, and what is said here would be committed by itself.
        """
        if self._driver is None:
            driver = await driver_of(self.session)
            if not driver.is_in_transaction():
                raise RuntimeError("no statement of the session has begun this transaction")
            self._driver = driver
        return self._driver

    def new_id(self) -> UUID:
        """A new UUIDv7."""
        return self._ids()

    def emit(self, event: Event) -> UUID:
        """Say `event` to the town if and only if this transaction commits. Answers the event's id.

        Raises:
            EventTooLarge: the payload is over 256 KiB.
            ValueError: the event belongs to another service.
        """
        if event.producer != self._producer:
            raise ValueError(f"{self._producer} cannot say {event.type}")
        event_id = self._ids()
        cause = self.cause
        if not self.emissions:
            self._traceparent = current_traceparent()
        story = cause.correlationid if cause else correlation_id.get()
        self.emissions.append(
            outbox.Emission(
                event_id=event_id,
                event=event,
                payload=event.payload(),
                time=self.now,
                correlation_id=story or event_id,
                causation_id=cause.id if cause else None,
                traceparent=self._traceparent,
            ),
        )
        return event_id


Hook = Callable[[Tx], Awaitable[None]]
"""Runs inside the transaction, before the use case's own statements."""


class UnitOfWork:
    """Opens transactions for use cases."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        *,
        producer: str,
        clock: Clock,
        ids: Ids,
        on_begin: Sequence[Hook] = (),
        after_emit: Callable[[], None] = lambda: None,
    ) -> None:
        self._sessions = sessions
        self._producer = producer
        self._clock = clock
        self._ids = ids
        self._on_begin = tuple(on_begin)
        self._after_emit = after_emit

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """A transaction. Leaving the block commits rows and events together; an exception takes both back."""
        async with self._sessions() as session:
            async with session.begin():
                tx = Tx(session, producer=self._producer, now=self._clock(), ids=self._ids)
                for hook in self._on_begin:
                    await hook(tx)
                yield tx
                if tx.emissions:
                    await session.flush()
                    await outbox.store(session, tx.emissions)
            if tx.emissions:
                self._after_emit()
