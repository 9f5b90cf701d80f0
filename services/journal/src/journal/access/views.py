"""Who looked into whose diary, and when (J-2: «Кто смотрел дневник»), kept without slowing the look.

The first look of an account into a diary on a day is written before the page is answered: that somebody looked is
never lost. How often and until when follows within seconds; a process that is killed loses no more than that.
"""

import asyncio
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import delete

from journal.access.tables import diary_views
from shared.access import Relation
from shared.db import Database, UnitOfWork

FLUSH_SECONDS = 5.0
"""How long the further looks of a day are counted in the process before they are written."""
REMEMBERED = 20_000
"""Looks of today that this process knows to be written."""
KEPT_DAYS = 400
"""A school year and its summer."""

_log = structlog.get_logger(__name__)

_FIRST = """
    INSERT INTO diary_views (school_id, pupil_id, day, account_id, relation, times, first_at, last_at)
    VALUES ($1, $2, $3, $4, $5, 1, $6, $6)
    ON CONFLICT (school_id, pupil_id, day, account_id, relation)
    DO UPDATE SET times = diary_views.times + 1, last_at = greatest(diary_views.last_at, excluded.last_at)
"""
_FURTHER = """
    UPDATE diary_views SET times = times + $6, last_at = greatest(last_at, $7)
    WHERE school_id = $1 AND pupil_id = $2 AND day = $3 AND account_id = $4 AND relation = $5
"""


class View(NamedTuple):
    """What looks of one day are counted under."""

    school_id: UUID
    pupil_id: UUID
    day: date
    """By UTC: a drawer to count in, never shown without its instants."""
    account_id: UUID
    relation: str


class Views:
    """The looks of one process; written at once or soon after."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._written: dict[View, None] = {}
        self._further: dict[View, tuple[int, datetime]] = {}
        self._flusher: asyncio.Task[None] | None = None

    async def note(
        self, connection: Any, school_id: UUID, pupil_id: UUID, account_id: UUID, relation: Relation | None
    ) -> None:
        """Note that an account reads a diary now; a pupil's look into the own one is nobody's business.

        Args:
            connection: the driver's, outside of any transaction.
            school_id: of the pupil.
            pupil_id: whose diary it is.
            account_id: who reads.
            relation: as what.
        """
        if relation is None or relation is Relation.SELF:
            return
        now = self._database.clock()
        view = View(school_id, pupil_id, now.date(), account_id, relation.value)
        if view in self._written:
            times, last = self._further.get(view, (0, now))
            self._further[view] = times + 1, max(last, now)
            if self._flusher is None or self._flusher.done():
                self._flusher = asyncio.get_running_loop().create_task(self._flush_later())
            return
        await connection.execute(_FIRST, *view, now)
        while len(self._written) >= REMEMBERED:
            del self._written[next(iter(self._written))]
        self._written[view] = None

    async def flush(self, connection: Any) -> None:
        """Write what was counted."""
        counted, self._further = self._further, {}
        if not counted:
            return
        # In one order everywhere: processes that count the same diary wait for each other instead of locking up.
        rows = [(*view, times, last) for view, (times, last) in sorted(counted.items())]
        try:
            await connection.executemany(_FURTHER, rows)
        except BaseException:
            for view, (times, last) in counted.items():
                more, later = self._further.get(view, (0, last))
                self._further[view] = times + more, max(last, later)
            raise

    async def close(self) -> None:
        """Write what is left."""
        if self._flusher is not None:
            self._flusher.cancel()
            with suppress(asyncio.CancelledError):
                await self._flusher
        await self._flush_or_say_so()

    async def _flush_later(self) -> None:
        while self._further:
            await asyncio.sleep(FLUSH_SECONDS)
            await self._flush_or_say_so()

    async def _flush_or_say_so(self) -> None:
        try:
            if self._further:
                async with self._database.driver() as connection:
                    await self.flush(connection)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round tries again
            _log.warning("views_not_written", error=type(error).__name__, waiting=len(self._further))


async def purge_views(uow: UnitOfWork) -> None:
    """Drop looks of long ago; a periodic job of the worker."""
    async with uow.begin() as tx:
        oldest = date.fromordinal(tx.now.date().toordinal() - KEPT_DAYS)
        await tx.session.execute(delete(diary_views).where(diary_views.c.day < oldest))
