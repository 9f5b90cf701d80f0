"""Use cases as an API would run them: many at once, several events each, until told to stop. Remembers each answer."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Uuid, bindparam, text

from shared.contracts.identity import PupilLeft
from shared.db import Database, Tx

from .until import until

RATE = 300
"""Events per second."""
EVENTS_PER_USE_CASE = 2
"""On average: 1 to 3."""
AHEAD = 1500
"""So many events beyond those a test has asked for, then writers pause: a slow machine must not drown."""

_KEEP = text("INSERT INTO fact (fact_id, stream_id) SELECT * FROM unnest(:facts, :streams)").bindparams(
    bindparam("facts", type_=ARRAY(Uuid)), bindparam("streams", type_=ARRAY(Uuid))
)

Facts = Sequence[tuple[UUID, UUID]]
"""(fact, pupil) pairs of one use case."""


class Load:
    """Producers of one service.

    `answered`: the use case returned. `refused`: it failed before it came to its commit. `unknown`: it failed while
    committing, so that only the database knows.
    """

    def __init__(self, database: Database, *, streams: int = 40, writers: int = 8) -> None:
        self.database = database
        self.streams = [uuid4() for _ in range(streams)]
        self.answered: set[UUID] = set()
        self.refused: set[UUID] = set()
        self.unknown: set[UUID] = set()
        self._writers = writers
        self._random = random.Random(11)
        self._stopped = False
        self._asked_for = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Load"]:
        """Write in the background, for as long as the block lasts."""
        self._stopped = False
        async with asyncio.TaskGroup() as group:
            for _ in range(self._writers):
                group.create_task(self._write_until_stopped())
            try:
                yield self
            finally:
                self._stopped = True

    async def answers(self, more: int, seconds: float = 30) -> None:
        """Wait until so many further events were answered for."""
        goal = self._asked_for = len(self.answered) + more
        await until(lambda: len(self.answered) >= goal, seconds, f"{more} events written")

    async def _write_until_stopped(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self._stopped:
            due = max(due + EVENTS_PER_USE_CASE * self._writers / RATE, loop.time() - 1)
            if len(self.answered) < self._asked_for + AHEAD:
                await self.use_case(self._some())
            await asyncio.sleep(max(0, due - loop.time()))

    def _some(self) -> Facts:
        pupils = self._random.sample(self.streams, 2)
        return [(uuid4(), self._random.choice(pupils)) for _ in range(self._random.randint(1, 3))]

    async def use_case(self, facts: Facts) -> None:
        """One use case; what becomes of it is remembered, never raised: clients see all kinds of failures."""
        committing = asyncio.Event()
        names = {fact for fact, _ in facts}
        try:
            await self.commit(facts, committing)
        except Exception:  # noqa: BLE001 -- the database is being killed on purpose
            (self.unknown if committing.is_set() else self.refused).update(names)
        else:
            self.answered.update(names)

    async def commit(self, facts: Facts, committing: asyncio.Event) -> None:
        async with self.database.uow.begin() as tx:
            await keep(tx, facts)
            committing.set()


async def keep(tx: Tx, facts: Facts) -> None:
    """The business of this service: rows, and an event for each."""
    await tx.session.execute(_KEEP, {"facts": [fact for fact, _ in facts], "streams": [pupil for _, pupil in facts]})
    for fact, pupil in facts:
        tx.emit(PupilLeft(school_id=fact, pupil_id=pupil, left_on=date(2026, 9, 1)))
