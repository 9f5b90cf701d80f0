"""The consumer's worker half: what is in the inbox takes effect, once, in the order of each stream.

Any number of pumps may run: each locks one lane at a time with `SKIP LOCKED`. A chunk of a lane is one
transaction: effects of all its handlers, events they emit, status of the rows, cursors of the streams.

A chunk is run twice at most. First with all handlers in a row, because almost always they all succeed; if one of
them raises, everything is taken back and the chunk is run again with a savepoint per event, so that only the
event at fault fails.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import ARRAY, BigInteger, Double, Integer, Row, SmallInteger, Text, Uuid, bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.bus import outbox
from shared.bus.errors import PermanentError
from shared.bus.metrics import APPLIED, DUPLICATES, FAILED, HANDLING
from shared.bus.patience import Patience, describe
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
WOKEN = 500
"""How many waiting rows of a stream become due when its cursor moves."""

_LOCK = text(
    """
    SELECT lane FROM inbox_lane l
    WHERE EXISTS (SELECT FROM inbox i
                  WHERE i.lane = l.lane AND i.status = 'pending' AND i.next_attempt_at <= now())
    ORDER BY random() LIMIT :most FOR UPDATE SKIP LOCKED
    """,
)
# Read after the lock, in a statement of its own: a snapshot from before the lock would show the last holder's mark.
_MARKERS = text(
    "SELECT lane, armed, event_id, suspects FROM inbox_marker WHERE lane = ANY(:lanes) AND (armed OR suspects > 0)",
).bindparams(bindparam("lanes", type_=ARRAY(SmallInteger)))
_DUE = text(
    """
    SELECT d.*, c.last_seq FROM unnest(:lanes) AS l (lane)
    CROSS JOIN LATERAL (
      SELECT id, event_id, stream_key, stream_seq, type, body, attempts, lane, crashes FROM inbox i
      WHERE i.lane = l.lane AND status = 'pending' AND next_attempt_at <= now()
      ORDER BY next_attempt_at, id LIMIT :most
    ) d LEFT JOIN inbox_cursor c USING (stream_key)
    ORDER BY d.stream_seq
    """,
).bindparams(bindparam("lanes", type_=ARRAY(SmallInteger)))
# set_config in the WHERE clause: one round trip. The mark must outlive this process, not the database, so its
# commit need not wait for the disk.
_ARM = text(
    """
    UPDATE inbox_marker m SET armed = true, event_id = :event_id, suspects = a.suspects
    FROM unnest(:lanes, :suspects) AS a (lane, suspects)
    WHERE m.lane = a.lane AND set_config('synchronous_commit', 'off', true) = 'off'
    """,
).bindparams(
    bindparam("event_id", type_=Uuid),
    bindparam("lanes", type_=ARRAY(SmallInteger)),
    bindparam("suspects", type_=ARRAY(Integer)),
)
_DISARM = text(
    "UPDATE inbox_marker SET armed = false, event_id = NULL, suspects = :suspects WHERE lane = ANY(:lanes)",
).bindparams(bindparam("lanes", type_=ARRAY(SmallInteger)))
_CRASHED = text(
    """
    UPDATE inbox SET crashes = crashes + 1,
      status = CASE WHEN crashes + 1 >= :most THEN 'dead' ELSE status END,
      last_error = 'the process died while this event was handled',
      next_attempt_at = now() + make_interval(secs => crashes)
    WHERE event_id = :event_id AND status = 'pending' RETURNING status, type
    """,
)
_SETTLE = text(
    """
    UPDATE inbox i SET
      status = s.status,
      attempts = s.attempts,
      last_error = s.error,
      next_attempt_at = CASE WHEN s.delay IS NULL THEN i.next_attempt_at
                             ELSE now() + make_interval(secs => s.delay) END,
      done_at = CASE WHEN s.status IN ('pending', 'waiting', 'dead') THEN NULL ELSE now() END
    FROM unnest(:ids, :statuses, :attempts, :delays, :errors) AS s (id, status, attempts, delay, error)
    WHERE i.id = s.id
    """,
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("statuses", type_=ARRAY(Text)),
    bindparam("attempts", type_=ARRAY(Integer)),
    bindparam("delays", type_=ARRAY(Double)),
    bindparam("errors", type_=ARRAY(Text)),
)
_ADVANCE = text(
    """
    INSERT INTO inbox_cursor AS c (stream_key, last_seq)
    SELECT * FROM unnest(:keys, :seqs)
    ON CONFLICT (stream_key) DO UPDATE SET last_seq = GREATEST(c.last_seq, excluded.last_seq)
    """,
).bindparams(bindparam("keys", type_=ARRAY(Text)), bindparam("seqs", type_=ARRAY(BigInteger)))
# LATERAL with ORDER BY: one look at the partial index a stream, whatever the planner thinks of a young table.
WAKE_STREAMS = text(
    """
    UPDATE inbox SET status = 'pending' WHERE id IN (
      SELECT w.id FROM unnest(:keys, :seqs) AS a (stream_key, last_seq)
      CROSS JOIN LATERAL (
        SELECT i.id FROM inbox i
        WHERE i.status = 'waiting' AND i.stream_key = a.stream_key AND i.stream_seq <= a.last_seq + :woken
        ORDER BY i.stream_seq LIMIT :woken
      ) w)
    """,
).bindparams(
    bindparam("keys", type_=ARRAY(Text)),
    bindparam("seqs", type_=ARRAY(BigInteger)),
    bindparam("woken", value=WOKEN, type_=BigInteger),
)


@dataclass(frozen=True, slots=True)
class Due:
    """A row of the inbox that is due."""

    id: int
    event_id: UUID
    stream_key: str
    stream_seq: int
    type: str
    body: bytes
    attempts: int
    lane: int = 0


@dataclass(slots=True)
class Verdict:
    """What becomes of a row."""

    row: Due
    status: str
    attempts: int
    delay: float | None = None
    error: str | None = None


@dataclass(slots=True)
class Plan:
    """What to do with the due rows of a lane: which to run and in which order, which not."""

    run: list[Due] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    superseded: dict[str, list[Due]] = field(default_factory=lambda: defaultdict(list))
    """Stream → rows that the newest row of a *latest* stream makes void when it succeeds."""


def plan(rows: Iterable[tuple[Due, int | None]], subscriptions: Subscriptions) -> Plan:
    """Decide per row, given how far its stream is. Rows come in the order of their sequence. Pure."""
    result = Plan()
    reached: dict[str, int] = {}
    newest: dict[str, Due] = {}
    for row, last_seq in rows:
        last = reached.setdefault(row.stream_key, last_seq or 0)
        producer, _, partition_key = row.stream_key.partition("/")
        if row.stream_seq <= last:
            result.verdicts.append(Verdict(row, "duplicate", row.attempts))
        elif subscriptions.is_latest(producer, partition_key):
            if (older := newest.get(row.stream_key)) is not None:
                result.superseded[row.stream_key].append(older)
            newest[row.stream_key] = row
        elif row.stream_seq == last + 1:
            reached[row.stream_key] = row.stream_seq
            result.run.append(row)
        else:  # behind a gap, a retry or a dead row
            result.verdicts.append(Verdict(row, "waiting", row.attempts))
    result.run.extend(newest.values())
    # Streams in the order in which they came; inside a stream the sequence decides, and sort is stable.
    first: dict[str, int] = {}
    for row in result.run:
        first[row.stream_key] = min(row.id, first.get(row.stream_key, row.id))
    result.run.sort(key=lambda row: first[row.stream_key])
    return result


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
                lanes = list((await session.scalars(_LOCK, {"most": LANES})).all())
                if not lanes:
                    return False
                markers = (await session.execute(_MARKERS, {"lanes": lanes})).all()
                if await self._count_crashes(session, markers):
                    return True  # committed by itself: the next event may kill as well, and must not take this back
                suspicious = (markers[0].lane, max(1, markers[0].suspects)) if markers else None
                if suspicious is not None:  # one lane, one event, until the one that kills is known
                    lanes = [suspicious[0]]
                most = 1 if suspicious else max(1, self._chunk // len(lanes))
                found = (await session.execute(_DUE, {"lanes": lanes, "most": most})).all()
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
                    await session.execute(_DISARM, {"lanes": lanes, "suspects": left})
                await _settle(session, todo)
        if emitted:
            self._database.wake_relay()
        return True

    async def _count_crashes(self, session: AsyncSession, markers: Sequence[Row[Any]]) -> bool:
        """Blame the events that a process died with, each alone in its hands. False when there is none."""
        known = [marker for marker in markers if marker.armed and marker.event_id is not None]
        for marker in known:
            crashed = (
                await session.execute(_CRASHED, {"event_id": marker.event_id, "most": MAX_CRASHES})
            ).one_or_none()
            if crashed is not None:
                _log.error(
                    "handler_killed_process", event_id=str(marker.event_id), type=crashed.type, status=crashed.status
                )
            await session.execute(_DISARM, {"lanes": [marker.lane], "suspects": max(1, marker.suspects)})
        return bool(known)

    async def _arm(self, run: Sequence[Due], suspicious: tuple[int, int] | None) -> None:
        # Another connection: this must be known after our death, when our transaction is gone.
        suspects = dict([suspicious]) if suspicious else Counter(row.lane for row in run)
        async with self._database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                _ARM,
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


def batches(rows: Iterable[Due]) -> list[tuple[str, list[Due]]]:
    """Group rows by type as far as the order of each stream allows. Pure."""
    made: list[tuple[str, list[Due]]] = []
    reached: dict[str, int] = {}
    for row in rows:
        place = reached.get(row.stream_key, 0)
        while place < len(made) and made[place][0] != row.type:
            place += 1
        if place == len(made):
            made.append((row.type, []))
        made[place][1].append(row)
        reached[row.stream_key] = place
    return made


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
        _SETTLE,
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
    await session.execute(_ADVANCE, {"keys": keys, "seqs": seqs})
    await session.execute(WAKE_STREAMS, {"keys": keys, "seqs": seqs})
