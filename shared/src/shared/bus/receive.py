"""The receive step: a delivery becomes a row of the inbox, and nothing else happens here.

Raw messages only: FastStream rejects (and RabbitMQ then drops) what a typed subscriber cannot decode. Nothing is
ever rejected or requeued from here; while the database is down, deliveries are held and the insert is tried again.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aio_pika.exceptions import ChannelInvalidStateError
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from faststream.rabbit.annotations import RabbitMessage
from sqlalchemy import ARRAY, BigInteger, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.bus.metrics import DUPLICATES, QUARANTINED, RECEIVED
from shared.bus.patience import Patience
from shared.bus.relay import HEARTBEAT
from shared.contracts import Envelope, UnusableMessage

_log = structlog.get_logger(__name__)

PREFETCH = 400
"""Unacknowledged deliveries held at most; also the largest micro-batch."""
STOP_TIMEOUT = 5.0
"""Seconds that a lost connection gets to close itself."""
MAX_KEPT_BYTES = 1024 * 1024
"""How much of an unreadable delivery is kept for the person who looks at it."""

_INSERT = text(
    """
    INSERT INTO inbox (event_id, stream_key, stream_seq, type, body, next_attempt_at, received_at)
    SELECT event_id, stream_key, stream_seq, type, body, now(), now()
    FROM unnest(:event_ids, :stream_keys, :seqs, :types, :bodies)
      WITH ORDINALITY AS e (event_id, stream_key, stream_seq, type, body, n)
    ORDER BY n
    ON CONFLICT DO NOTHING
    """,
).bindparams(
    bindparam("event_ids", type_=ARRAY(Uuid)),
    bindparam("stream_keys", type_=ARRAY(Text)),
    bindparam("seqs", type_=ARRAY(BigInteger)),
    bindparam("types", type_=ARRAY(Text)),
    bindparam("bodies", type_=ARRAY(LargeBinary)),
)
_QUARANTINE = text(
    """
    INSERT INTO inbox_quarantine (fingerprint, exchange, routing_key, message_id, body, reason, received_at)
    VALUES (:fingerprint, :exchange, :routing_key, :message_id, :body, :reason, now())
    ON CONFLICT (fingerprint) DO UPDATE SET times = inbox_quarantine.times + 1
    """,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived, before anybody trusts it."""

    body: bytes
    exchange: str
    routing_key: str
    message_id: str | None
    type: str | None


def read(delivery: Delivery) -> Envelope:
    """Read a delivery.

    Raises:
        UnusableMessage: it is no event, or its properties and its envelope tell different stories.
    """
    # RabbitMQ lets only the producer write to its exchange; the envelope must not claim another one.
    envelope = Envelope.parse(delivery.body)
    if delivery.message_id is None:
        raise UnusableMessage("no message_id")
    if delivery.message_id != str(envelope.id):
        raise UnusableMessage("message_id is not the envelope's id")
    if delivery.type is not None and delivery.type != envelope.type:
        raise UnusableMessage("type property is not the envelope's type")
    if f"{envelope.producer}.events" != delivery.exchange:
        raise UnusableMessage(f"source {envelope.source} came through {delivery.exchange or 'the default exchange'}")
    if not envelope.type.startswith(f"{envelope.producer}."):
        raise UnusableMessage(f"type {envelope.type} is not of {envelope.source}")
    return envelope


async def store(engine: AsyncEngine, deliveries: Sequence[Delivery]) -> int:
    """Put a micro-batch into the inbox, in one transaction. Answers how many were new."""
    good: list[tuple[Envelope, bytes]] = []
    bad: list[tuple[Delivery, str]] = []
    for delivery in deliveries:
        try:
            good.append((read(delivery), delivery.body))
        except UnusableMessage as reason:
            bad.append((delivery, str(reason)))
    new = 0
    async with engine.begin() as connection:
        if good:
            result = await connection.execute(
                _INSERT,
                {
                    "event_ids": [e.id for e, _ in good],
                    "stream_keys": [e.stream_key for e, _ in good],
                    "seqs": [e.sequence for e, _ in good],
                    "types": [e.type for e, _ in good],
                    "bodies": [body for _, body in good],
                },
            )
            new = result.rowcount
        for delivery, why in bad:
            await connection.execute(
                _QUARANTINE,
                {
                    "fingerprint": hashlib.sha256(delivery.exchange.encode() + b"\0" + delivery.body).digest(),
                    "exchange": _storable(delivery.exchange),
                    "routing_key": _storable(delivery.routing_key),
                    "message_id": _storable(delivery.message_id),
                    "body": delivery.body[:MAX_KEPT_BYTES],
                    "reason": _storable(why),
                },
            )
    RECEIVED.inc(len(good))
    DUPLICATES.labels("receive").inc(len(good) - new)
    if bad:
        QUARANTINED.inc(len(bad))
        _log.error("quarantined", count=len(bad), reason=bad[0][1], exchange=bad[0][0].exchange)
    return new


def _storable(value: str | None) -> str | None:
    """PostgreSQL's text takes no NUL: one in a property would be refused for ever and hold up the whole queue."""
    return None if value is None else value.replace("\0", "\\0")


class Receiver:
    """The FastStream subscriber of a service's queue, and the batcher behind it."""

    def __init__(self, engine: AsyncEngine, *, service: str, rabbitmq_url: str, stored: asyncio.Event) -> None:
        """Keep what the loop needs; `run` does the work.

        Args:
            engine: The service's database.
            service: The consumer; its queue is `<service>.inbox`.
            rabbitmq_url: With the service's own user.
            stored: Set after each batch, so that the pump wakes up.
        """
        self._engine = engine
        self._service = service
        self._stored = stored
        self._url = rabbitmq_url
        self._held: asyncio.Queue[Any] = asyncio.Queue()
        self.connected = False

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_connected())
            group.create_task(self._keep_storing())

    async def _keep_connected(self) -> None:
        # A new broker for each connection: the library's own reconnecting was seen to end up connected and deaf
        # after RabbitMQ had been shut down in order.
        patience = Patience("receive", _log)
        while True:
            lost = asyncio.Event()
            broker = self._subscribed(lost)
            error: Exception = ConnectionResetError()
            try:
                await broker.start()
                self.connected = True
                patience.reset()
                await lost.wait()
            except Exception as fault:  # noqa: BLE001 -- the broker may be down, restarting, or not have its topology yet
                error = fault
            finally:
                self.connected = False
                await _stopped(broker)
            await patience.wait(error)

    def _subscribed(self, lost: asyncio.Event) -> RabbitBroker:
        """A broker that holds what arrives, and sets `lost` when its connection closes."""
        broker = RabbitBroker(
            self._url,
            app_id=self._service,
            apply_types=False,
            default_channel=Channel(prefetch_count=PREFETCH),
            client_properties={"connection_name": f"{self._service}-inbox", "heartbeat": HEARTBEAT},  # type: ignore[arg-type]
            log_level=logging.DEBUG,
            logger=None,
            on_close=[lambda *_: lost.set()],
        )
        # The decoder hands the message itself on: the body is opened in `read`, inside a try.
        broker.subscriber(
            RabbitQueue(f"{self._service}.inbox", declare=False),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            decoder=_undecoded,
        )(self._hold)
        return broker

    async def _hold(self, message: RabbitMessage) -> None:
        self._held.put_nowait(message.raw_message)

    async def _keep_storing(self) -> None:
        patience = Patience("inbox", _log)
        acknowledge = Acknowledger()
        while True:
            batch = [await self._held.get()]
            while len(batch) < PREFETCH and not self._held.empty():
                batch.append(self._held.get_nowait())
            deliveries = [Delivery(m.body, m.exchange or "", m.routing_key or "", m.message_id, m.type) for m in batch]
            while True:
                try:
                    await store(self._engine, deliveries)
                    break
                except Exception as error:  # noqa: BLE001 -- held, not lost: deliveries stay unacknowledged meanwhile
                    await patience.wait(error)
            patience.reset()
            self._stored.set()
            await acknowledge(batch)


async def _stopped(broker: RabbitBroker) -> None:
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            await broker.stop()
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with a connection that is given up
        _log.info("stop_failed", error=type(error).__name__)


class Acknowledger:
    """Acknowledges what is stored: one frame a batch, because a frame a message costs more than storing it.

    `multiple` acknowledges everything up to a tag, so it may go only as far as every delivery before it is stored.
    Tags count from 1 on each channel.
    """

    def __init__(self) -> None:
        self._reached: dict[Any, int] = {}
        self._stored: dict[Any, dict[int, Any]] = {}

    async def __call__(self, batch: Sequence[Any]) -> None:
        """Acknowledge `batch` and what it completes; what arrived on a lost channel will be delivered again."""
        for message in batch:
            try:
                self._stored.setdefault(message.channel, {})[message.delivery_tag] = message
            except ChannelInvalidStateError:
                continue  # its channel was lost meanwhile
        for channel in list(self._stored):
            if channel.is_closed:
                del self._stored[channel]
                self._reached.pop(channel, None)
            else:
                await self._up_to_the_first_gap(channel)

    async def _up_to_the_first_gap(self, channel: Any) -> None:
        stored, reached, last = self._stored[channel], self._reached.get(channel, 0), None
        while reached + 1 in stored:
            reached += 1
            last = stored.pop(reached)
        self._reached[channel] = reached
        if last is None:
            return
        try:
            await last.ack(multiple=True)
        except Exception as error:  # noqa: BLE001 -- channel gone: they will be delivered again and found here
            _log.info("ack_failed", error=type(error).__name__)


async def _undecoded(message: StreamMessage[Any]) -> Any:
    return message
