"""What a person can ask of the bus and do to it. Every change is audited with a reason."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import aio_pika
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.bus import metrics
from shared.bus.pump import advance
from shared.bus.relay import ConfirmedChannel, Outgoing

REPLAY_BATCH = 500
PRUNE_BATCH = 5000
ARCHIVE_DAYS = 30
"""How long published events are kept for replay, and applied ones for questions."""

_STATUS = text(
    """
    SELECT
      (SELECT count(*) FROM outbox_event WHERE published_at IS NULL) AS unpublished,
      (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)
         FROM outbox_event WHERE published_at IS NULL)::float AS outbox_lag,
      (SELECT count(*) FROM inbox WHERE status = 'pending') AS pending,
      (SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0)
         FROM inbox WHERE status = 'pending')::float AS inbox_lag,
      (SELECT count(*) FROM inbox WHERE status = 'waiting') AS waiting,
      (SELECT count(*) FROM inbox WHERE status = 'dead') AS dead,
      (SELECT count(*) FROM inbox_quarantine) AS quarantined
    """,
)


class NothingToDo(Exception):
    """The command names something that is not there; says what."""


@dataclass(frozen=True, slots=True)
class Status:
    """One service's bus at a glance. Counts of rows; lags in seconds."""

    unpublished: int
    outbox_lag: float
    pending: int
    inbox_lag: float
    waiting: int
    dead: int
    quarantined: int

    @property
    def idle(self) -> bool:
        """Whether everything is through, apart from what waits for a person."""
        return self.unpublished == 0 and self.pending == 0


async def status(engine: AsyncEngine) -> Status:
    """Read the state of the bus, and set the gauges to it."""
    async with engine.connect() as connection:
        row = (await connection.execute(_STATUS)).one()
    found = Status(**row._asdict())
    metrics.OUTBOX_UNPUBLISHED.set(found.unpublished)
    metrics.OUTBOX_LAG.set(found.outbox_lag)
    metrics.INBOX_PENDING.set(found.pending)
    metrics.INBOX_LAG.set(found.inbox_lag)
    metrics.INBOX_WAITING.set(found.waiting)
    metrics.INBOX_DEAD.set(found.dead)
    metrics.INBOX_QUARANTINE.set(found.quarantined)
    return found


async def dead(engine: AsyncEngine, limit: int = 100) -> list[dict[str, Any]]:
    """Dead events, and how many wait behind each."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text(
                """
                SELECT d.event_id, d.type, d.stream_key, d.stream_seq, d.attempts, d.crashes, d.last_error,
                  d.received_at,
                  (SELECT count(*) FROM inbox w WHERE w.status = 'waiting' AND w.stream_key = d.stream_key) AS behind
                FROM inbox d WHERE d.status = 'dead' ORDER BY d.id LIMIT :limit
                """,
            ),
            {"limit": limit},
        )
        return [dict(row) for row in rows.mappings()]


async def gaps(engine: AsyncEngine, limit: int = 100) -> list[dict[str, Any]]:
    """Streams that wait for an event which has not arrived."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text(
                """
                SELECT w.stream_key, coalesce(c.last_seq, 0) AS reached, min(w.stream_seq) AS next_here,
                  count(*) AS waiting
                FROM inbox w LEFT JOIN inbox_cursor c USING (stream_key)
                WHERE w.status = 'waiting'
                  AND NOT EXISTS (SELECT FROM inbox d
                                  WHERE d.stream_key = w.stream_key AND d.status IN ('dead', 'pending'))
                GROUP BY 1, 2 ORDER BY 1 LIMIT :limit
                """,
            ),
            {"limit": limit},
        )
        return [dict(row) for row in rows.mappings()]


async def redrive(session: AsyncSession, *, event_id: UUID | None, operator: str, reason: str) -> int:
    """Let dead events (one, or all) be tried again from the start. The pump does it: there is one code path."""
    rows = await session.execute(
        text(
            """
            UPDATE inbox SET status = 'pending', attempts = 0, crashes = 0, next_attempt_at = now()
            WHERE status = 'dead' AND (CAST(:event_id AS uuid) IS NULL OR event_id = :event_id) RETURNING event_id
            """,
        ),
        {"event_id": event_id},
    )
    count = len(rows.all())
    if count == 0:
        raise NothingToDo("there is no such dead event" if event_id else "there is no dead event")
    await _audit(session, operator, "redrive", str(event_id or f"all {count}"), reason)
    await session.execute(text("SELECT pg_notify('inbox', '')"))
    return count


async def skip(session: AsyncSession, *, event_id: UUID, operator: str, reason: str) -> None:
    """Give up a dead event: its stream goes on behind it."""
    row = (
        await session.execute(
            text("SELECT stream_key, stream_seq, lane FROM inbox WHERE event_id = :event_id AND status = 'dead'"),
            {"event_id": event_id},
        )
    ).one_or_none()
    if row is None:
        raise NothingToDo("there is no such dead event")
    # The pump's own lock: cursors have one writer at a time.
    await session.execute(text("SELECT 1 FROM inbox_lane WHERE lane = :lane FOR UPDATE"), {"lane": row.lane})
    await session.execute(
        text("UPDATE inbox SET status = 'skipped', done_at = now() WHERE event_id = :event_id AND status = 'dead'"),
        {"event_id": event_id},
    )
    await advance(session, {row.stream_key: row.stream_seq})
    await _audit(session, operator, "skip", f"{event_id} {row.stream_key}#{row.stream_seq}", reason)
    await session.execute(text("SELECT pg_notify('inbox', '')"))


async def skip_gap(session: AsyncSession, *, stream_key: str, operator: str, reason: str) -> int:
    """Give up the missing events before the first one that is here. Answers the sequence the stream goes on from."""
    await session.execute(
        text("SELECT 1 FROM inbox_lane WHERE lane = (hashtext(:key) & 15)::smallint FOR UPDATE"), {"key": stream_key}
    )
    first = (
        await session.execute(
            text("SELECT min(stream_seq) FROM inbox WHERE status = 'waiting' AND stream_key = :key"),
            {"key": stream_key},
        )
    ).scalar_one()
    if first is None or first < 2:
        raise NothingToDo("nothing of this stream waits behind a gap")
    await advance(session, {stream_key: first - 1})
    await _audit(session, operator, "skip-gap", f"{stream_key} up to #{first - 1}", reason)
    await session.execute(text("SELECT pg_notify('inbox', '')"))
    return int(first)


async def quarantine(engine: AsyncEngine, limit: int = 100) -> list[dict[str, Any]]:
    """Unreadable deliveries, without their bodies: these may hold people's data."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text(
                """
                SELECT id, exchange, routing_key, message_id, reason, length(body) AS bytes, times, received_at
                FROM inbox_quarantine ORDER BY id LIMIT :limit
                """,
            ),
            {"limit": limit},
        )
        return [dict(row) for row in rows.mappings()]


async def discard(session: AsyncSession, *, quarantine_id: int, operator: str, reason: str) -> None:
    """Throw an unreadable delivery away after a person has looked at it."""
    rows = await session.execute(
        text("DELETE FROM inbox_quarantine WHERE id = :id RETURNING encode(fingerprint, 'hex') AS fingerprint"),
        {"id": quarantine_id},
    )
    found = rows.scalar_one_or_none()
    if found is None:
        raise NothingToDo("there is no such quarantined delivery")
    await _audit(session, operator, "discard", f"{quarantine_id} sha256 {found}", reason)


async def replay(
    engine: AsyncEngine, *, rabbitmq_url: str, producer: str, to: str, since: datetime, until: datetime | None = None
) -> AsyncIterator[int]:
    """Send archived events to one consumer again, oldest first; yields how many went so far.

    The bytes are those of the first time, so what the consumer has already applied changes nothing there.
    """
    connection = await aio_pika.connect(rabbitmq_url, timeout=10)
    try:
        publisher = await ConfirmedChannel.open(connection, producer)
        last, sent = 0, 0
        while True:
            async with engine.connect() as database:
                rows = (
                    await database.execute(
                        text(
                            """
                            SELECT id, event_id, type, body FROM outbox_event
                            WHERE id > :last AND created_at >= :since AND published_at IS NOT NULL
                              AND (CAST(:until AS timestamptz) IS NULL OR created_at < :until)
                            ORDER BY id LIMIT :batch
                            """,
                        ),
                        {"last": last, "since": since, "until": until, "batch": REPLAY_BATCH},
                    )
                ).all()
            if not rows:
                return
            refused = await publisher.publish(
                [Outgoing(row.event_id, row.type, f"replay.{to}.{producer}", row.body) for row in rows],
            )
            if any(refused):
                raise NothingToDo(f"{to} does not listen to {producer}: {next(r for r in refused if r)}")
            last = rows[-1].id
            sent += len(rows)
            yield sent
    finally:
        await connection.close()


async def prune(engine: AsyncEngine) -> int:
    """Delete what is published or applied and older than 30 days, in small batches. Answers how many rows went."""
    total = 0
    for statement in (
        """DELETE FROM outbox_event WHERE id IN (SELECT id FROM outbox_event
            WHERE created_at < now() - interval '30 days' AND published_at IS NOT NULL LIMIT 5000)""",
        """DELETE FROM inbox WHERE id IN (SELECT id FROM inbox
            WHERE done_at < now() - interval '30 days' LIMIT 5000)""",
    ):
        while True:
            async with engine.begin() as connection:
                gone = (await connection.execute(text(statement))).rowcount
            total += gone
            if gone < PRUNE_BATCH:
                break
    return total


async def _audit(session: AsyncSession, operator: str, action: str, subject: str, reason: str) -> None:
    await session.execute(
        text(
            """INSERT INTO bus_audit (at, operator, action, subject, reason)
               VALUES (now(), :operator, :action, :subject, :reason)""",
        ),
        {"operator": operator, "action": action, "subject": subject, "reason": reason},
    )
