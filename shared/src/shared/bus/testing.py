"""For tests: push events through the real inbox and pump, and read what a transaction said, without a broker."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from shared.bus.pump import Pump
from shared.bus.receive import Delivery, store
from shared.bus.subscriptions import Subscriptions
from shared.contracts import Envelope, Event, find
from shared.db.database import Database


async def deliver(
    database: Database, subscriptions: Subscriptions, *events: Event, correlation_id: UUID | None = None
) -> list[UUID]:
    """Let a service receive events as if their producers had sent them now, and apply what is due.

    Each event gets the next number of its stream at this consumer. Answers the ids.

    Raises:
        AssertionError: an event was not applied; names the error of its handler.
    """
    deliveries: list[Delivery] = []
    ids: list[UUID] = []
    reached: dict[str, int] = {}
    async with database.read() as session:
        rows = await session.execute(
            text("SELECT stream_key, max(stream_seq) AS seq FROM inbox GROUP BY 1"),
        )
        reached = {row.stream_key: row.seq for row in rows}
    for event in events:
        key = f"{event.producer}/{event.stream}:{event.stream_id}"
        reached[key] = reached.get(key, 0) + 1
        event_id = database.ids()
        ids.append(event_id)
        body = Envelope.to_bytes(
            event,
            event.payload(),
            event_id=event_id,
            time=database.clock(),
            sequence=reached[key],
            correlation_id=correlation_id or event_id,
            causation_id=None,
            traceparent=None,
        )
        deliveries.append(
            Delivery(body, f"{event.producer}.events", event.routing_key, str(event_id), event.type),
        )
    await store(database.engine, deliveries)
    await Pump(database, subscriptions).drain()
    async with database.read() as session:
        failed = (
            await session.execute(
                text("SELECT type, status, last_error FROM inbox WHERE event_id = ANY(:ids) AND done_at IS NULL"),
                {"ids": ids},
            )
        ).all()
    assert not failed, f"not applied: {failed}"
    return ids


async def emitted(database: Database) -> list[Event]:
    """What the service has said so far, oldest first."""
    return [event for event, _ in await emitted_with_envelopes(database)]


async def emitted_with_envelopes(database: Database) -> Sequence[tuple[Event, Envelope]]:
    """The same, with envelopes."""
    async with database.read() as session:
        rows = await session.execute(text("SELECT type, body FROM outbox_event ORDER BY id"))
    found: list[tuple[Event, Envelope]] = []
    for row in rows:
        event_class = find(row.type)
        assert event_class is not None
        envelope = Envelope.parse(row.body)
        found.append((event_class.model_validate(envelope.data), envelope))
    return found
