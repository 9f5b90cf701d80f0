"""The consumer's worker half: what is in the inbox takes effect, once, in the order of each stream.

Any number of pumps may run: each locks one lane at a time with `SKIP LOCKED`. A chunk of a lane is one
transaction: effects of all its handlers, events they emit, status of the rows, cursors of the streams.

A chunk is run twice at most. First with all handlers in a row, because almost always they all succeed; if one of
them raises, everything is taken back and the chunk is run again with a savepoint per event, so that only the
event at fault fails.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.bus import inbox_sql as sql
from shared.bus import outbox
from shared.bus.errors import PermanentError
from shared.bus.metrics import APPLIED, DUPLICATES, FAILED, HANDLING
from shared.bus.patience import Patience, describe
from shared.bus.plan import Due, Plan, Verdict, batches, plan
from shared.bus.subscriptions import Received, Subscriptions
from shared.contracts import Envelope, Event, UnusableMessage, find
from shared.ops.correlation import correlation_id
from shared.ops.tracing import span_from

if TYPE_CHECKING:
    from shared.db.database import Database
    from shared.db.uow import Tx

_log = structlog.get_logger(__name__)

CHUNK = 400
"""Events of one transaction at most."""
LANES = 8
"""Lanes of one transaction at most: the more, the larger the batches; half of all, so that replicas share."""
POLL = 1.0
"""Seconds between looks at the inbox when nobody calls."""
HANDLER_TIMEOUT = 30.0
"""Seconds after which a handler counts as failed."""
BACKOFF = (1, 5, 30, 120, 600, 1800)
"""Seconds before the next try; the last one repeats."""
MAX_ATTEMPTS = 12
MAX_CRASHES = 3
"""So often may an event take the process down with it before it is dead."""


class Pump:
    """Applies what is due, lane by lane."""

    def __init__(self, database: "Database", subscriptions: Subscriptions, *, chunk: int = CHUNK) -> None:
        self._database = database
        self._subscriptions = subscriptions
        self._chunk = chunk
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        patience = Patience("pump", _log)
        while True:
            self.wake.clear()
            try:
                while await self.step():
                    patience.reset()
                patience.reset()
            except Exception as error:  # noqa: BLE001 -- the database restarts: the chunk was rolled back, nothing is lost
                await patience.wait(error)
                continue
            try:
                async with asyncio.timeout(POLL):
                    await self.wake.wait()
            except TimeoutError:
                continue

    async def drain(self) -> int:
        """Apply until nothing is due; answers how many chunks that took."""
        chunks = 0
        while await self.step():
            chunks += 1
        return chunks

    async def step(self) -> bool:
        """Run one chunk of some lanes. False when no unlocked lane has anything due."""
        with HANDLING.time():
            async with self._database.sessions() as session, session.begin():
                lanes = list((await session.scalars(sql.LOCK, {"most": LANES})).all())
                if not lanes:
                    return False
                markers = (await session.execute(sql.MARKERS, {"lanes": lanes})).all()
                if await self._count_crashes(session, markers):
                    return True  # committed by itself: the next event may kill as well, and must not take this back
                suspicious = (markers[0].lane, max(1, markers[0].suspects)) if markers else None
                if suspicious is not None:  # one lane, one event, until the one that kills is known
                    lanes = [suspicious[0]]
                most = 1 if suspicious else max(1, self._chunk // len(lanes))
                found = (await session.execute(sql.DUE, {"lanes": lanes, "most": most})).all()
                if not suspicious and (killer := next((r for r in found if r.crashes), None)):
                    # In a chunk it would make suspects of all the others once more.
                    found, lanes, suspicious = [killer], [killer.lane], (killer.lane, 1)
                rows = [
                    (Due(r.id, r.event_id, r.stream_key, r.stream_seq, r.type, r.body, r.attempts, r.lane), r.last_seq)
                    for r in found
                ]
                todo = plan(rows, self._subscriptions)
                left = suspicious[1] - 1 if suspicious else 0
                if todo.run:
                    await self._arm(todo.run, suspicious)
                emitted = await self._run(session, todo)
                if todo.run or suspicious:
                    await session.execute(sql.DISARM, {"lanes": lanes, "suspects": left})
                await _settle(session, todo)
        if emitted:
            self._database.wake_relay()
        return True

    async def _count_crashes(self, session: AsyncSession, markers: Sequence[Row[Any]]) -> bool:
        """Blame the events that a process died with, each alone in its hands. False when there is none."""
        known = [marker for marker in markers if marker.armed and marker.event_id is not None]
        for marker in known:
            crashed = (
                await session.execute(sql.CRASHED, {"event_id": marker.event_id, "most": MAX_CRASHES})
            ).one_or_none()
            if crashed is not None:
                _log.error(
                    "handler_killed_process", event_id=str(marker.event_id), type=crashed.type, status=crashed.status
                )
            await session.execute(sql.DISARM, {"lanes": [marker.lane], "suspects": max(1, marker.suspects)})
        return bool(known)

    async def _arm(self, run: Sequence[Due], suspicious: tuple[int, int] | None) -> None:
        # Another connection: this must be known after our death, when our transaction is gone.
        suspects = dict([suspicious]) if suspicious else Counter(row.lane for row in run)
        async with self._database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                sql.ARM,
                {
                    "event_id": run[0].event_id if suspicious else None,
                    "lanes": list(suspects),
                    "suspects": list(suspects.values()),
                },
            )

    async def _run(self, session: AsyncSession, todo: Plan) -> bool:
        emissions: list[outbox.Emission] = []
        try:
            async with session.begin_nested():
                for type_, rows in batches(todo.run):
                    emissions.extend(await self._apply(session, type_, rows))
                await session.flush()
                if emissions:
                    await outbox.store(session, emissions)
        except Exception as error:
            if _lost(error):
                raise
            if len(todo.run) == 1:
                todo.verdicts.append(_failed(todo.run[0], error))
                return False
        else:
            todo.verdicts.extend(self._succeeded(todo, todo.run))
            return bool(emissions)
        return await self._run_one_by_one(session, todo)

    async def _run_one_by_one(self, session: AsyncSession, todo: Plan) -> bool:
        emitted = False
        held_up: set[str] = set()
        for row in todo.run:
            if row.stream_key in held_up:
                todo.verdicts.append(Verdict(row, "waiting", row.attempts))
                continue
            try:
                async with session.begin_nested():
                    emissions = await self._apply(session, row.type, [row])
                    await session.flush()
                    if emissions:
                        await outbox.store(session, emissions)
            except Exception as error:
                if _lost(error):
                    raise
                held_up.add(row.stream_key)
                todo.verdicts.append(_failed(row, error))
            else:
                emitted = emitted or bool(emissions)
                todo.verdicts.extend(self._succeeded(todo, [row]))
        return emitted

    async def _apply(self, session: AsyncSession, type_: str, rows: Sequence[Due]) -> list[outbox.Emission]:
        """Run the handlers of one type for some rows; answers what they emitted."""
        event_class = find(type_)
        handlers = self._subscriptions.handlers(type_)
        if not handlers or event_class is None:
            return []
        received = [_open(row, event_class) for row in rows]
        emissions: list[outbox.Emission] = []
        for handler in handlers:
            for batch in [received] if handler.many else [[one] for one in received]:
                first = batch[0].envelope
                tx = self._tx(session, None if handler.many else first)
                with span_from(first.traceparent, f"handle {type_}"), _story(first.correlationid):
                    async with asyncio.timeout(HANDLER_TIMEOUT):
                        await handler.call(tx, batch if handler.many else batch[0].event)
                emissions.extend(tx.emissions)
        return emissions

    def _tx(self, session: AsyncSession, cause: Envelope | None) -> "Tx":
        from shared.db.uow import Tx

        database = self._database
        return Tx(session, producer=database.producer, now=database.clock(), ids=database.ids, cause=cause)

    def _succeeded(self, todo: Plan, rows: Iterable[Due]) -> Iterable[Verdict]:
        for row in rows:
            handled = bool(self._subscriptions.handlers(row.type)) and find(row.type) is not None
            yield Verdict(row, "done" if handled else "ignored", row.attempts + 1)
            for older in todo.superseded.get(row.stream_key, ()):
                yield Verdict(older, "superseded", older.attempts)


def _open(row: Due, event_class: type[Event]) -> Received[Event]:
    try:
        envelope = Envelope.parse(row.body)
        return Received(event_class.model_validate(envelope.data), envelope)
    except (ValidationError, UnusableMessage) as error:
        faults = (
            "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors()[:5])
            if isinstance(error, ValidationError)
            else str(error)
        )
        raise PermanentError(f"the data do not fit {event_class.__name__}: {faults}") from None


@contextmanager
def _story(story: UUID) -> Iterator[None]:
    token = correlation_id.set(story)
    try:
        yield
    finally:
        correlation_id.reset(token)


def _failed(row: Due, error: Exception) -> Verdict:
    attempts = row.attempts + 1
    why = str(error) if isinstance(error, PermanentError) else f"{type(error).__name__} at {describe(error)}"
    FAILED.labels(row.type).inc()
    if isinstance(error, PermanentError) or attempts >= MAX_ATTEMPTS:
        _log.error("event_dead", event_id=str(row.event_id), type=row.type, attempts=attempts, error=why)
        return Verdict(row, "dead", attempts, error=why)
    delay = BACKOFF[min(attempts, len(BACKOFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 -- jitter is no secret
    _log.warning("event_failed", event_id=str(row.event_id), type=row.type, attempts=attempts, error=why)
    return Verdict(row, "pending", attempts, delay=delay, error=why)


def _lost(error: BaseException) -> bool:
    """Whether the database went away: then nobody is to blame, and the whole chunk is tried again."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, OSError)
    return isinstance(error, ConnectionError)


async def _settle(session: AsyncSession, todo: Plan) -> None:
    verdicts = todo.verdicts
    if not verdicts:
        return
    await session.execute(
        sql.SETTLE,
        {
            "ids": [v.row.id for v in verdicts],
            "statuses": [v.status for v in verdicts],
            "attempts": [v.attempts for v in verdicts],
            "delays": [v.delay for v in verdicts],
            "errors": [v.error for v in verdicts],
        },
    )
    advanced: dict[str, int] = {}
    for v in verdicts:
        if v.status in {"done", "ignored"}:
            advanced[v.row.stream_key] = max(v.row.stream_seq, advanced.get(v.row.stream_key, 0))
            if v.status == "done":
                APPLIED.labels(v.row.type).inc()
        elif v.status == "duplicate":
            DUPLICATES.labels("cursor").inc()
    if advanced:
        await advance(session, advanced)


async def advance(session: AsyncSession, reached: dict[str, int]) -> None:
    """Move the cursors of streams and wake the rows behind them. One order of locks for all who do this."""
    keys = sorted(reached)
    seqs = [reached[key] for key in keys]
    await session.execute(sql.ADVANCE, {"keys": keys, "seqs": seqs})
    await session.execute(sql.WAKE_STREAMS, {"keys": keys, "seqs": seqs})
