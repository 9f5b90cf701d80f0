"""The producer's half of a transaction: number the events of each stream and store the bytes that will travel."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts import Envelope, Event

# Streams are sorted by the caller: two transactions that touch the same ones lock them in the same order. An event gets
# its id after its stream is locked, as the number comes with the lock; `behind` is how many more of its stream follow.
_STORE = text(
    """
    WITH numbered AS (
      INSERT INTO outbox_stream AS s (stream_type, stream_id, last_seq)
      SELECT * FROM unnest(:types, :ids, :counts)
      ON CONFLICT (stream_type, stream_id) DO UPDATE SET last_seq = s.last_seq + excluded.last_seq
      RETURNING stream_type, stream_id, last_seq
    )
    INSERT INTO outbox_event
      (event_id, stream_type, stream_id, stream_seq, type, routing_key, body, created_at, next_attempt_at)
    SELECT event_id, stream_type, stream_id, last_seq - behind, type, routing_key,
           before || convert_to((last_seq - behind)::text, 'UTF8') || after, now(), now()
    FROM unnest(:event_ids, :stream_types, :stream_ids, :behind, :event_types, :routing_keys, :before, :after)
      WITH ORDINALITY AS e (event_id, stream_type, stream_id, behind, type, routing_key, before, after, n)
    JOIN numbered USING (stream_type, stream_id)
    ORDER BY n
    """,
).bindparams(
    bindparam("types", type_=ARRAY(Text)),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("counts", type_=ARRAY(BigInteger)),
    bindparam("event_ids", type_=ARRAY(Uuid)),
    bindparam("stream_types", type_=ARRAY(Text)),
    bindparam("stream_ids", type_=ARRAY(Uuid)),
    bindparam("behind", type_=ARRAY(BigInteger)),
    bindparam("event_types", type_=ARRAY(Text)),
    bindparam("routing_keys", type_=ARRAY(Text)),
    bindparam("before", type_=ARRAY(LargeBinary)),
    bindparam("after", type_=ARRAY(LargeBinary)),
)


@dataclass(frozen=True, slots=True)
class Emission:
    """An event on its way into the outbox."""

    event_id: UUID
    event: Event
    payload: bytes
    time: datetime
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str | None


async def store(session: AsyncSession, emissions: Sequence[Emission]) -> None:
    """Give each event its place in its stream and store it: one statement, however many events."""
    counts = Counter((e.event.stream, e.event.stream_id) for e in emissions)
    streams = sorted(counts)
    to_come = dict(counts)
    behind: list[int] = []
    halves: list[tuple[bytes, bytes]] = []
    for e in emissions:
        key = (e.event.stream, e.event.stream_id)
        to_come[key] -= 1
        behind.append(to_come[key])
        halves.append(
            Envelope.around_sequence(
                e.event,
                e.payload,
                event_id=e.event_id,
                time=e.time,
                correlation_id=e.correlation_id,
                causation_id=e.causation_id,
                traceparent=e.traceparent,
            ),
        )
    await session.execute(
        _STORE,
        {
            "types": [stream for stream, _ in streams],
            "ids": [stream_id for _, stream_id in streams],
            "counts": [counts[key] for key in streams],
            "event_ids": [e.event_id for e in emissions],
            "stream_types": [e.event.stream for e in emissions],
            "stream_ids": [e.event.stream_id for e in emissions],
            "behind": behind,
            "event_types": [e.event.type for e in emissions],
            "routing_keys": [e.event.routing_key for e in emissions],
            "before": [before for before, _ in halves],
            "after": [after for _, after in halves],
        },
    )
