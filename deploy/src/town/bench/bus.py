"""The bus against the least code that could do the same without its promises."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import aio_pika
import asyncpg
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from faststream.rabbit.annotations import RabbitMessage
from sqlalchemy import Uuid, bindparam, text

from shared.bus import Received, Subscriptions
from shared.bus.pump import Pump
from shared.bus.receive import PREFETCH, Receiver
from shared.bus.relay import BATCH, ConfirmedChannel, Outgoing, publish_due
from shared.contracts.journal import GradePosted
from shared.db import Database, Tx
from town.bench.ground import Ground
from town.bench.report import Row, in_turn

SIDE_BY_SIDE = 3
RELAY_EVENTS = 6000
INBOX_EVENTS = 4000
ROUNDS = 3
RELAY_ROUNDS = 7
"""More, because both sides are close and a round is short."""


async def relay(ground: Ground) -> list[Row]:
    """Relay events/s against publishing the same bytes with confirms and no database, same batch size."""
    connection = await aio_pika.connect(ground.rabbitmq_url)
    async with ground.database("journal") as database:
        await ground.say_grades(database, RELAY_EVENTS)
        bodies = [Outgoing(*row) for row in await ground.bodies(database)]
        channels = [await ConfirmedChannel.open(connection, "journal") for _ in range(SIDE_BY_SIDE)]

        async def ours() -> float:
            await _unpublish(database)
            await _purge(connection)

            async def empty(channel: ConfirmedChannel) -> None:
                while await publish_due(database.engine, channel) is not None:
                    pass

            start = time.perf_counter()
            await asyncio.gather(*(empty(channel) for channel in channels))
            return RELAY_EVENTS / (time.perf_counter() - start)

        async def theirs() -> float:
            await _purge(connection)
            batches = [bodies[n : n + BATCH] for n in range(0, len(bodies), BATCH)]

            async def empty(channel: ConfirmedChannel) -> None:
                while batches:
                    await channel.publish(batches.pop(0))

            start = time.perf_counter()
            await asyncio.gather(*(empty(channel) for channel in channels))
            return RELAY_EVENTS / (time.perf_counter() - start)

        value, baseline, ratio = await in_turn(ours, theirs, rounds=RELAY_ROUNDS)
        await _purge(connection)
    await connection.close()
    return [Row("relay", value, "events/s", baseline, ratio, "ratio ≥ 0.8", "publishing with confirms, no database")]


async def inbox(ground: Ground) -> list[Row]:
    """Inbox events/s, receive and pump together, against a consumer that commits one row per message."""
    connection = await aio_pika.connect(ground.rabbitmq_url)
    async with ground.database("journal") as source:
        await ground.say_grades(source, INBOX_EVENTS)
        bodies = [Outgoing(*row) for row in await ground.bodies(source)]
    filler = await ConfirmedChannel.open(connection, "journal")

    async def fill() -> None:
        await _purge(connection)
        for n in range(0, len(bodies), BATCH):
            await filler.publish(bodies[n : n + BATCH])

    async def ours() -> float:
        await fill()
        async with ground.database("notifications") as database:
            return INBOX_EVENTS / await _receive_and_pump(ground, database)

    async def bare(consumer: Callable[[Ground, Database], Awaitable[float]]) -> float:
        await fill()
        async with ground.database("notifications") as database:
            return INBOX_EVENTS / await consumer(ground, database)

    value, baseline, ratio = await in_turn(ours, lambda: bare(_bare_faststream), rounds=ROUNDS)
    raw_value, raw_baseline, raw_ratio = await in_turn(ours, lambda: bare(_bare_drivers), rounds=ROUNDS)
    await connection.close()
    return [
        Row("inbox", value, "events/s", baseline, ratio, "ratio ≥ 3.0", "FastStream + SQLAlchemy, a commit a message"),
        Row("inbox_drivers", raw_value, "events/s", raw_baseline, raw_ratio, "report", "aio-pika + asyncpg, the same"),
    ]


async def _receive_and_pump(ground: Ground, database: Database) -> float:
    subscriptions = Subscriptions("notifications", listens=(GradePosted,))

    @subscriptions.on_many(GradePosted)
    async def effect(tx: Tx, received: Sequence[Received[GradePosted]]) -> None:
        rows = [{"id": r.envelope.id, "pupil": r.event.pupil_id, "value": r.event.value} for r in received]
        await tx.session.execute(_EFFECT, rows)

    pump = Pump(database, subscriptions)
    receiver = Receiver(database.engine, service="notifications", rabbitmq_url=ground.rabbitmq_url, stored=pump.wake)
    start = time.perf_counter()
    tasks = [asyncio.create_task(receiver.run()), asyncio.create_task(pump.run())]
    try:
        await _until_effects(database)
        return time.perf_counter() - start
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _bare_faststream(ground: Ground, database: Database) -> float:
    """What one writes first on this stack: a subscriber that inserts a row and commits."""
    broker = RabbitBroker(ground.rabbitmq_url, default_channel=Channel(prefetch_count=PREFETCH), logger=None)
    left, done = INBOX_EVENTS, asyncio.Event()
    one_at_a_time = asyncio.Lock()  # in order, as the inbox does

    @broker.subscriber(RabbitQueue("notifications.inbox", declare=False), ack_policy=AckPolicy.MANUAL)
    async def consume(message: RabbitMessage) -> None:
        nonlocal left
        event = GradePosted.model_validate_json(_data(message.body))
        async with one_at_a_time, database.sessions.begin() as session:
            row = {"id": UUID(message.message_id), "pupil": event.pupil_id, "value": event.value}
            await session.execute(_EFFECT, row)
        await message.ack()
        left -= 1
        if left == 0:
            done.set()

    start = time.perf_counter()
    async with broker:
        await broker.start()
        async with asyncio.timeout(120):
            await done.wait()
        return time.perf_counter() - start


async def _bare_drivers(ground: Ground, database: Database) -> float:
    """The same without any framework."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    own = await asyncpg.connect(url)
    connection = await aio_pika.connect(ground.rabbitmq_url)
    try:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await channel.get_queue("notifications.inbox", ensure=False)
        start = time.perf_counter()
        left = INBOX_EVENTS
        async with queue.iterator() as messages:
            async for message in messages:
                event = GradePosted.model_validate_json(_data(message.body))
                await own.execute(
                    "INSERT INTO effect (event_id, pupil_id, value) VALUES ($1, $2, $3)",
                    UUID(str(message.message_id)),
                    event.pupil_id,
                    event.value,
                )
                await message.ack()
                left -= 1
                if left == 0:
                    break
        return time.perf_counter() - start
    finally:
        await connection.close()
        await own.close()


def _data(body: bytes) -> bytes:
    return body[body.index(b'"data": ') + 8 : -1]


_EFFECT = text("INSERT INTO effect (event_id, pupil_id, value) VALUES (:id, :pupil, :value)").bindparams(
    bindparam("id", type_=Uuid), bindparam("pupil", type_=Uuid)
)


async def _until_effects(database: Database) -> None:
    async with asyncio.timeout(120):
        while True:
            async with database.read() as session:
                if (await session.execute(text("SELECT count(*) FROM effect"))).scalar_one() >= INBOX_EVENTS:
                    return
            await asyncio.sleep(0.02)


async def _unpublish(database: Database) -> None:
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("UPDATE outbox_event SET published_at = NULL, attempts = 0"))
        await connection.execute(text("VACUUM ANALYZE outbox_event"))


async def _purge(connection: Any) -> None:
    channel = await connection.channel()
    queue = await channel.get_queue("notifications.inbox", ensure=False)
    await queue.purge()
    await channel.close()
