"""The producer's half of a transaction: number the events of each stream and store the bytes that will travel."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts import Envelope, Event

# Sorted by the caller: two transactions that touch the same streams lock them in the same order.
_NUMBER = text(
    """
    INSERT INTO outbox_stream AS s (stream_type, stream_id, last_seq)
    SELECT * FROM unnest(:types, :ids, :counts)
    ON CONFLICT (stream_type, stream_id) DO UPDATE SET last_seq = s.last_seq + excluded.last_seq
    RETURNING stream_type, stream_id, last_seq
    """,
).bindparams(
    bindparam("types", type_=ARRAY(Text)),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("counts", type_=ARRAY(BigInteger)),
)
_STORE = text(
    """
    INSERT INTO outbox_event
      (event_id, stream_type, stream_id, stream_seq, type, routing_key, body, created_at, next_attempt_at)
    SELECT event_id, stream_type, stream_id, stream_seq, type, routing_key, body, now(), now()
    FROM unnest(:event_ids, :stream_types, :stream_ids, :seqs, :types, :routing_keys, :bodies)
      WITH ORDINALITY AS e (event_id, stream_type, stream_id, stream_seq, type, routing_key, body, n)
    ORDER BY n
    """,
).bindparams(
    bindparam("event_ids", type_=ARRAY(Uuid)),
    bindparam("stream_types", type_=ARRAY(Text)),
    bindparam("stream_ids", type_=ARRAY(Uuid)),
    bindparam("seqs", type_=ARRAY(BigInteger)),
    bindparam("types", type_=ARRAY(Text)),
    bindparam("routing_keys", type_=ARRAY(Text)),
    bindparam("bodies", type_=ARRAY(LargeBinary)),
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
    """Give each event its place in its stream and store it: two statements, however many events."""
    counts = Counter((e.event.stream, e.event.stream_id) for e in emissions)
    streams = sorted(counts)
    rows = await session.execute(
        _NUMBER,
        {
            "types": [stream for stream, _ in streams],
            "ids": [stream_id for _, stream_id in streams],
            "counts": [counts[key] for key in streams],
        },
    )
    # last_seq is the number of the stream's last event of this batch; count up to it from its first.
    sequence = {(row.stream_type, row.stream_id): row.last_seq - counts[row.stream_type, row.stream_id] for row in rows}
    seqs: list[int] = []
    bodies: list[bytes] = []
    for e in emissions:
        key = (e.event.stream, e.event.stream_id)
        sequence[key] += 1
        seqs.append(sequence[key])
        bodies.append(
            Envelope.to_bytes(
                e.event,
                e.payload,
                event_id=e.event_id,
                time=e.time,
                sequence=sequence[key],
                correlation_id=e.correlation_id,
                causation_id=e.causation_id,
                traceparent=e.traceparent,
            ),
        )
    await session.execute(
        _STORE,
        {
            "event_ids": [e.event_id for e in emissions],
            "stream_types": [e.event.stream for e in emissions],
            "stream_ids": [e.event.stream_id for e in emissions],
            "seqs": seqs,
            "types": [e.event.type for e in emissions],
            "routing_keys": [e.event.routing_key for e in emissions],
            "bodies": bodies,
        },
    )
