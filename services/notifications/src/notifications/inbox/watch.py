"""Who is listening, and whether anything has changed for them: one look a second for all streams of a process.

What is looked at is what the partial index of unread copies holds; a stream reads more only when that changed. A notice
by PostgreSQL would tell sooner, but of every item of the town, in every process, for the few who are listening.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog
from prometheus_client import Gauge
from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.exc import SQLAlchemyError

from notifications.errors import TooManyStreams

if TYPE_CHECKING:
    from shared.db import Database

PAUSE: Final = 1.0
"""Seconds between looks; an item is to be seen within two (N-2)."""
MOST_STREAMS: Final = 2000
"""Of one process."""
MOST_OF_ACCOUNT: Final = 5
"""Devices and windows of one person."""
STREAMS = Gauge("inbox_streams", "Open event streams of the notification centre")
_log = structlog.get_logger(__name__)

_STATES: Final = text(
    """
    SELECT a.account_id, count(c.seq) AS unread, coalesce(sum(c.seq), 0) AS places, max(c.seq) AS newest
    FROM unnest(:accounts) AS a (account_id)
    LEFT JOIN notice_copy c ON c.recipient_id = a.account_id AND c.state = 'unread'
    GROUP BY a.account_id
    """
).bindparams(bindparam("accounts", type_=ARRAY(Uuid)))


class Watch:
    """The listeners of one process."""

    def __init__(
        self,
        database: "Database",
        *,
        pause: float = PAUSE,
        most: int = MOST_STREAMS,
        most_of_account: int = MOST_OF_ACCOUNT,
    ) -> None:
        self._database = database
        self._pause = pause
        self._most = most
        self._most_of_account = most_of_account
        self._listeners: dict[UUID, set[asyncio.Event]] = {}
        self._states: dict[UUID, Any] = {}
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def listen(self, account_id: UUID) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever something has changed for an account; whoever waits clears it.

        Raises:
            TooManyStreams: of this account, or of this process.
        """
        mine = self._listeners.get(account_id, set())
        if len(mine) >= self._most_of_account or sum(map(len, self._listeners.values())) >= self._most:
            raise TooManyStreams(retry_after=30)
        changed = asyncio.Event()
        self._listeners.setdefault(account_id, set()).add(changed)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())
        STREAMS.inc()
        try:
            yield changed
        finally:
            STREAMS.dec()
            left = self._listeners[account_id]
            left.discard(changed)
            if not left:
                del self._listeners[account_id]
                self._states.pop(account_id, None)

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def _look(self) -> None:
        while self._listeners:
            try:
                async with self._database.read() as session:
                    rows = (await session.execute(_STATES, {"accounts": list(self._listeners)})).all()
            except (SQLAlchemyError, OSError) as error:
                # The database restarts: the next look finds what came meanwhile.
                _log.info("look_failed", error=type(error).__name__)
                rows = []
            for row in rows:
                state = (row.unread, row.places, row.newest)
                # Whoever has just come has read for itself, but perhaps before this look: it is told once too often.
                if self._states.get(row.account_id) != state:
                    self._states[row.account_id] = state
                    for changed in self._listeners.get(row.account_id, ()):
                        changed.set()
            await asyncio.sleep(self._pause)
