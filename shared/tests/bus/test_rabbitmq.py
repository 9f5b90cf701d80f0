"""Relay, topology and receive step on a real RabbitMQ."""

import asyncio
import secrets
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import aio_pika
import aiormq.exceptions
import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.bus import operations
from shared.bus.receive import Receiver
from shared.bus.relay import ConfirmedChannel, Outgoing, Relay, message_of, publish_due
from shared.bus.topology import definitions, permissions
from shared.contracts import PRODUCERS
from shared.contracts.identity import AccountDisabled, PupilLeft

from .samples import left

DEADLINE = 20


async def until(condition, what):
    async with asyncio.timeout(DEADLINE):
        while not await condition():  # noqa: ASYNC110 -- the condition lives in a database
            await asyncio.sleep(0.02)
    assert await condition(), what


@pytest_asyncio.fixture
async def broker(stack, consumer):
    """A virtual host with the real topology, and one user a service with its real permissions."""
    vhost = f"bus_{secrets.token_hex(6)}"
    stack.broker.create_vhost(vhost)
    stack.broker.import_definitions(definitions([consumer.subscriptions], vhost), vhost=vhost)
    users = {service: f"{service}_{secrets.token_hex(4)}" for service in PRODUCERS}
    for service, user in users.items():
        stack.broker.put_user(user, "secret")
        stack.broker.permit(user, vhost=vhost, **permissions(service))

    def url(service):
        return f"amqp://{users[service]}:secret@{stack.rabbitmq.host}:{stack.rabbitmq.port}/{vhost}"

    yield SimpleNamespace(url=url, admin_url=stack.rabbitmq.url(vhost=vhost), admin=stack.broker, vhost=vhost)
    for user in users.values():
        stack.broker.delete_user(user)
    stack.broker.delete_vhost(vhost)


@asynccontextmanager
async def running(*loops):
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def say(database, count, pupil=None):
    async with database.uow.begin() as tx:
        for _ in range(count):
            tx.emit(PupilLeft(school_id=uuid4(), pupil_id=pupil or uuid4(), left_on=date(2026, 9, 1)))


async def unpublished(database):
    return (await operations.status(database.engine)).unpublished


async def test_i2_what_is_committed_arrives_and_takes_effect_once(bus_database, consumer, broker, pupil):
    producer = await bus_database("identity")
    relay = Relay(producer.engine, producer="identity", rabbitmq_url=broker.url("identity"))
    stored = asyncio.Event()
    receiver = Receiver(
        consumer.database.engine, service="notifications", rabbitmq_url=broker.url("notifications"), stored=stored
    )
    await say(producer, 300)
    await say(producer, 50, pupil)
    async with running(relay.run(), receiver.run()):

        async def all_here():
            return len(await consumer.rows("SELECT 1 FROM inbox")) == 350

        await until(all_here, "350 events in the inbox")
    await consumer.pump()
    effects = await consumer.effects()
    assert len(effects) == 350
    assert [seq for stream, seq in effects if stream == pupil] == list(range(1, 51))
    assert await unpublished(producer) == 0


async def test_i3_a_replay_of_the_whole_archive_changes_nothing(bus_database, consumer, broker):
    producer = await bus_database("identity")
    relay = Relay(producer.engine, producer="identity", rabbitmq_url=broker.url("identity"))
    receiver = Receiver(
        consumer.database.engine,
        service="notifications",
        rabbitmq_url=broker.url("notifications"),
        stored=asyncio.Event(),
    )
    await say(producer, 20)
    async with running(relay.run(), receiver.run()):

        async def all_here():
            return len(await consumer.rows("SELECT 1 FROM inbox")) == 20

        await until(all_here, "20 events in the inbox")
        sent = [
            count
            async for count in operations.replay(
                producer.engine,
                rabbitmq_url=broker.url("identity"),
                producer="identity",
                to="notifications",
                since=datetime.now(UTC) - timedelta(days=1),
            )
        ]
        assert sent == [20]
        # One more, through the same queue: when it is here, the replayed ones have been looked at.
        await say(producer, 1)

        async def one_more():
            return len(await consumer.rows("SELECT 1 FROM inbox")) == 21

        await until(one_more, "the event behind the replay")
    await consumer.pump()
    assert len(await consumer.effects()) == 21


async def test_a_refused_event_backs_off_and_holds_up_its_own_stream_only(bus_database, consumer, broker, pupil):
    """A full queue refuses (overflow reject-publish): the row waits, other streams go on when there is room."""
    producer = await bus_database("identity")
    stack_queue = "notifications.inbox"
    limit = {"max-length": 1, "overflow": "reject-publish"}
    broker.admin._call(
        "PUT",
        f"/policies/{broker.vhost}/{stack_queue}",
        {"pattern": "^notifications[.]inbox$", "apply-to": "queues", "definition": limit},
    )
    connection = await aio_pika.connect(broker.url("identity"))
    async with connection:
        publisher = await ConfirmedChannel.open(connection, "identity")
        await say(producer, 1, pupil)

        async def refused():
            await say(producer, 1, pupil)
            while await publish_due(producer.engine, publisher):
                pass
            rows = await consumer_rows(producer, "SELECT 1 FROM outbox_event WHERE last_error IS NOT NULL")
            return bool(rows)

        await until(refused, "the broker refuses at last")
        [row] = await consumer_rows(
            producer,
            "SELECT min(attempts) AS tries, bool_or(next_attempt_at > now()) AS later FROM outbox_event"
            " WHERE published_at IS NULL AND last_error = 'refused by the broker'",
        )
        assert row.tries >= 1
        # The consumer makes room: the row goes out without anybody's help (I6).
        receiver = Receiver(
            consumer.database.engine,
            service="notifications",
            rabbitmq_url=broker.url("notifications"),
            stored=asyncio.Event(),
        )
        async with running(receiver.run()):

            async def drained():
                await publish_due(producer.engine, publisher)
                return await unpublished(producer) == 0

            await until(drained, "everything is out")
            said = await consumer_rows(producer, "SELECT max(stream_seq) AS last FROM outbox_event")

            async def stored():
                kept = await consumer_rows(consumer.database, "SELECT max(stream_seq) AS last FROM inbox")
                return kept[0].last == said[0].last

            # The broker has taken the last one; the receiver must not be stopped before it has, too.
            await until(stored, "everything has arrived")
    await consumer.pump()
    assert await consumer.effects() == [(pupil, seq) for seq in range(1, said[0].last + 1)]


async def consumer_rows(database, statement):
    async with database.read() as session:
        return list(await session.execute(text(statement)))


async def test_an_event_that_nobody_is_bound_to_is_kept_in_unrouted(bus_database, consumer, broker):
    producer = await bus_database("identity")
    async with producer.uow.begin() as tx:
        tx.emit(AccountDisabled(account_id=uuid4()))
    connection = await aio_pika.connect(broker.url("identity"))
    async with connection:
        publisher = await ConfirmedChannel.open(connection, "identity")
        out = Outgoing(uuid4(), "identity.nobody_cares.v1", "identity.nobody_cares", b"{}")
        assert await publisher.publish([out]) == [None]
    admin = await aio_pika.connect(broker.admin_url)
    async with admin:
        channel = await admin.channel()
        queue = await channel.get_queue("unrouted", ensure=False)
        message = await queue.get(timeout=5)
        assert message.message_id == str(out.event_id)


async def test_law_1_a_service_writes_to_its_own_exchange_and_reads_its_own_queue_only(consumer, broker, pupil):
    message = message_of(Outgoing(uuid4(), "identity.pupil_left.v1", "identity.pupil_left", left(pupil, 1)), "identity")

    async def forbidden(service, act):
        connection = await aio_pika.connect(broker.url(service))
        async with connection:
            channel = await connection.channel(on_return_raises=True)
            with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
                await act(channel)

    async def write_to_identity(channel):
        exchange = await channel.get_exchange("identity.events", ensure=False)
        await exchange.publish(message, "identity.pupil_left", timeout=5)

    async def write_past_the_exchange(channel):
        await channel.default_exchange.publish(message, "notifications.inbox", timeout=5)

    async def read_of_notifications(channel):
        queue = await channel.get_queue("notifications.inbox", ensure=False)
        await queue.get(timeout=5)

    async def declare(channel):
        await channel.declare_queue("mine")

    await forbidden("journal", write_to_identity)
    await forbidden("journal", write_past_the_exchange)
    await forbidden("journal", read_of_notifications)
    await forbidden("journal", declare)
    await forbidden("notifications", write_to_identity)
    # The negative control: the owners may.
    connection = await aio_pika.connect(broker.url("identity"))
    async with connection:
        await write_to_identity(await connection.channel(on_return_raises=True))
    connection = await aio_pika.connect(broker.url("notifications"))
    async with connection:
        await read_of_notifications(await connection.channel())


async def test_the_receive_step_survives_hostile_messages_on_the_wire(consumer, broker, pupil):
    connection = await aio_pika.connect(broker.url("identity"))
    receiver = Receiver(
        consumer.database.engine,
        service="notifications",
        rabbitmq_url=broker.url("notifications"),
        stored=asyncio.Event(),
    )
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("identity.events", ensure=False)
        for n in range(30):
            hostile = aio_pika.Message(
                bytes([n]) * n,
                content_type="application/json" if n % 2 else None,
                content_encoding="gzip" if n % 3 else None,
                reply_to="identity.events" if n % 5 == 0 else None,
                headers={"x-death": n, "traceparent": "\x00"},
                message_id=None if n % 2 else "' OR 1=1 --",
            )
            await exchange.publish(hostile, "identity.pupil_left")
        body = left(pupil, 1)
        import json

        fine = Outgoing(json.loads(body)["id"], "identity.pupil_left.v1", "identity.pupil_left", body)
        await exchange.publish(message_of(fine, "identity"), "identity.pupil_left")
        async with running(receiver.run()):

            async def here():
                return len(await consumer.rows("SELECT 1 FROM inbox")) == 1

            await until(here, "the good one behind thirty bad ones")
    await consumer.pump()
    assert await consumer.effects() == [(pupil, 1)]
    [row] = await consumer.rows("SELECT sum(times) AS times FROM inbox_quarantine")
    assert row.times == 30
