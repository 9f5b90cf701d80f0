"""The producer's worker half: what is in the outbox goes to RabbitMQ, confirmed, in batches.

Any number of relays may run: each locks one partition at a time with `SKIP LOCKED`. No cursor over ids is kept,
because ids commit out of order. An event may be sent twice (killed between confirm and commit), never lost;
the consumer's inbox makes it once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractExchange
from aio_pika.exceptions import DeliveryError
from sqlalchemy import ARRAY, BigInteger, Double, Row, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.bus.metrics import PUBLISHED, REFUSED
from shared.bus.patience import Patience

_log = structlog.get_logger(__name__)

BATCH = 400
"""Rows published at a time; they travel concurrently on one channel. Larger batches cost fewer statements an event;
with the largest events this many are 100 MiB."""
CONFIRM_TIMEOUT = 8.0
"""Seconds to wait for a batch's confirms before the connection counts as dead."""
POLL = 1.0
"""Seconds between looks at the outbox when nobody calls: a lost wake-up costs this, not an event."""
MAX_BACKOFF = 30.0
HEARTBEAT = 15
"""Seconds: with the default of 60 a half-open socket is noticed too late."""

_LOCK = text(
    """
    SELECT partition FROM outbox_partition p
    WHERE EXISTS (SELECT FROM outbox_event e
                  WHERE e.partition = p.partition AND e.published_at IS NULL AND e.next_attempt_at <= now())
    ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED
    """,
)
# A row waits while an earlier one of its stream backs off: only that stream is held up.
_DUE = text(
    """
    SELECT id, event_id, type, routing_key, body, created_at, attempts FROM outbox_event e
    WHERE partition = :partition AND published_at IS NULL AND next_attempt_at <= now()
      AND NOT EXISTS (SELECT FROM outbox_event b
                      WHERE b.stream_type = e.stream_type AND b.stream_id = e.stream_id
                        AND b.published_at IS NULL AND b.attempts > 0
                        AND b.stream_seq < e.stream_seq AND b.next_attempt_at > now())
    ORDER BY id LIMIT :batch
    """,
)
_MARK = text("UPDATE outbox_event SET published_at = now(), attempts = attempts + 1 WHERE id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
)
_BACK_OFF = text(
    """
    UPDATE outbox_event e
    SET attempts = e.attempts + 1, last_error = r.error,
        next_attempt_at = now() + make_interval(secs => r.delay)
    FROM unnest(:ids, :delays, :errors) AS r (id, delay, error) WHERE e.id = r.id
    """,
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("delays", type_=ARRAY(Double)),
    bindparam("errors", type_=ARRAY(Text)),
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event as it goes over the wire."""

    event_id: UUID
    type: str
    routing_key: str
    body: bytes


class Publisher(Protocol):
    """Where a relay hands its rows over: RabbitMQ, or a test that fails on purpose."""

    async def publish(self, batch: Sequence[Outgoing]) -> list[str | None]:
        """Send a batch; per event None when the broker confirmed it, else why it was refused.

        Raises whatever the lost connection raises: then nothing is known about any of them.
        """


class ConfirmedChannel:
    """A channel with publisher confirms, and the exchange of one service on it."""

    def __init__(self, channel: AbstractChannel, exchange: AbstractExchange, producer: str) -> None:
        self._channel = channel
        self._exchange = exchange
        self._producer = producer

    @classmethod
    async def open(cls, connection: aio_pika.abc.AbstractConnection, producer: str) -> "ConfirmedChannel":
        """Open a channel on `connection`; the exchange is there already, applications declare nothing."""
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(f"{producer}.events", ensure=False)
        return cls(channel, exchange, producer)

    async def publish(self, batch: Sequence[Outgoing]) -> list[str | None]:
        """Publish all at once and wait for all confirms."""
        async with asyncio.timeout(CONFIRM_TIMEOUT):
            answers = await asyncio.gather(*(self._one(out) for out in batch), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return [answer for answer in answers if not isinstance(answer, BaseException)]

    async def _one(self, out: Outgoing) -> str | None:
        try:
            await self._exchange.publish(message_of(out, self._producer), routing_key=out.routing_key, mandatory=True)
        except DeliveryError as error:
            returned = error.message is not None and error.message.delivery.name == "Basic.Return"
            return "no queue is bound to its routing key" if returned else "refused by the broker"
        return None


def message_of(out: Outgoing, producer: str) -> aio_pika.Message:
    """The AMQP message of an event: persistent, without expiration, its ids as properties."""
    return aio_pika.Message(
        out.body,
        message_id=str(out.event_id),
        type=out.type,
        app_id=producer,
        content_type="application/cloudevents+json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


async def publish_due(engine: AsyncEngine, publisher: Publisher, *, batch: int = BATCH) -> int | None:
    """Publish one batch of one partition.

    Answers how many rows were taken up, or None when no unlocked partition has anything due.
    """
    async with engine.begin() as connection:
        partition = (await connection.execute(_LOCK)).scalar_one_or_none()
        if partition is None:
            return None
        rows = (await connection.execute(_DUE, {"partition": partition, "batch": batch})).all()
        if not rows:
            return None
        answers = await publisher.publish([Outgoing(r.event_id, r.type, r.routing_key, r.body) for r in rows])
        await _settle(connection, rows, answers)
    return len(rows)


async def _settle(
    connection: AsyncConnection, rows: Sequence[Row[tuple[object, ...]]], answers: list[str | None]
) -> None:
    confirmed = [row.id for row, answer in zip(rows, answers, strict=True) if answer is None]
    refused = [(row, answer) for row, answer in zip(rows, answers, strict=True) if answer is not None]
    if confirmed:
        await connection.execute(_MARK, {"ids": confirmed})
        PUBLISHED.inc(len(confirmed))
    if refused:
        await connection.execute(
            _BACK_OFF,
            {
                "ids": [row.id for row, _ in refused],
                "delays": [min(MAX_BACKOFF, 0.2 * 2 ** min(row.attempts, 10)) for row, _ in refused],
                "errors": [answer for _, answer in refused],
            },
        )
        REFUSED.inc(len(refused))
        _log.warning("publish_refused", count=len(refused), first_type=refused[0][0].type, reason=refused[0][1])


class Relay:
    """Keeps a connection to RabbitMQ and empties the outbox through it, for as long as the worker lives."""

    def __init__(self, engine: AsyncEngine, *, producer: str, rabbitmq_url: str, side_by_side: int = 3) -> None:
        """Keep what the loop needs; `run` does the work.

        Args:
            engine: The service's database.
            producer: The service.
            rabbitmq_url: With the service's own user.
            side_by_side: Partitions worked on at once, so that the database works while the broker confirms.
        """
        self._engine = engine
        self._producer = producer
        self._url = rabbitmq_url
        self._side_by_side = side_by_side
        self.wake = asyncio.Event()
        self.connected = False

    async def run(self) -> None:
        """Work until cancelled."""
        patience = Patience("relay", _log)
        while True:
            try:
                await self._with_connection(patience)
            except Exception as error:  # noqa: BLE001 -- broker and database fail in many ways while they restart
                self.connected = False
                await patience.wait(error)

    async def _with_connection(self, patience: Patience) -> None:
        connection = await aio_pika.connect(
            self._url, heartbeat=HEARTBEAT, timeout=10, client_properties={"connection_name": f"{self._producer}-relay"}
        )
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._side_by_side):
                    publisher = await ConfirmedChannel.open(connection, self._producer)
                    group.create_task(self._empty(publisher, patience))
                self.connected = True
        finally:
            await connection.close()

    async def _empty(self, publisher: ConfirmedChannel, patience: Patience) -> None:
        while True:
            self.wake.clear()
            while await publish_due(self._engine, publisher) is not None:
                patience.reset()
            try:
                async with asyncio.timeout(POLL):
                    await self.wake.wait()
            except TimeoutError:
                patience.reset()
