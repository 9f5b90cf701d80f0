"""Worker processes of the fault tests: the bus's real relay, or its real receive step and pump.

One can be told to kill itself at the n-th time it comes to a step, and (for negative controls) to do without one of the
bus's protections. All of that is wrapped around the bus from here: production code knows nothing of it.

This script forks a worker for each line of orders on its stdin, because importing takes longer than most tests. It
answers with lines «started <pid>» and «ended <pid> <exit code>», and ends with all its workers when stdin closes.
"""

import asyncio
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import aio_pika
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from faststream.rabbit.annotations import RabbitMessage
from sqlalchemy import text

from shared.bus import Subscriptions, pump, receive, relay
from shared.bus.pump import Pump
from shared.bus.receive import Delivery, Receiver
from shared.bus.relay import ConfirmedChannel, Outgoing, Relay
from shared.bus.worker import _listen
from shared.contracts import Envelope
from shared.contracts.identity import PupilLeft
from shared.db import Database, Tx

EFFECT = "INSERT INTO effect (fact_id, stream_id, seq) VALUES (:fact, :stream, :seq)"


@dataclass(frozen=True, slots=True)
class Orders:
    """What to be and when to die."""

    role: str
    database_url: str
    rabbitmq_url: str
    log: str
    die: str | None = None
    at: int = 1
    without: str | None = None
    """The protection that this process does not have."""


def die_now() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Death:
    """Counts visits of one step."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._visits = 0

    def here(self, step: str) -> None:
        if step == self._orders.die:
            self._visits += 1
            if self._visits == self._orders.at:
                die_now()


# The producer's half


def arm_relay(death: Death) -> None:
    publish, one, settle, due = ConfirmedChannel.publish, ConfirmedChannel._one, relay._settle, relay.publish_due

    async def watched_publish(self: ConfirmedChannel, batch: Sequence[Outgoing]) -> list[str | None]:
        death.here("selected")
        answers = await publish(self, batch)
        death.here("confirmed")
        return answers

    async def watched_one(self: ConfirmedChannel, out: Outgoing) -> str | None:
        answer = await one(self, out)
        death.here("some confirmed")
        return answer

    async def watched_settle(*arguments: Any) -> None:
        await settle(*arguments)
        death.here("marked")

    async def watched_due(*arguments: Any, **options: Any) -> int | None:
        done = await due(*arguments, **options)
        if done:
            death.here("committed")
        return done

    ConfirmedChannel.publish = watched_publish  # type: ignore[method-assign]
    ConfirmedChannel._one = watched_one  # type: ignore[method-assign]
    relay._settle = watched_settle
    relay.publish_due = watched_due


async def mark_before_publish(engine: Any, publisher: Any, *, batch: int = relay.BATCH) -> int | None:
    """A relay that believes it will manage: marks, commits, then publishes."""
    async with engine.begin() as connection:
        partition = (await connection.execute(relay._LOCK)).scalar_one_or_none()
        if partition is None:
            return None
        rows = (await connection.execute(relay._DUE, {"partition": partition, "batch": batch})).all()
        await connection.execute(relay._MARK, {"ids": [row.id for row in rows]})
    await publisher.publish([Outgoing(r.event_id, r.type, r.routing_key, r.body) for r in rows])
    return len(rows)


async def open_unconfirmed(connection: aio_pika.abc.AbstractConnection, producer: str) -> ConfirmedChannel:
    channel = await connection.channel(publisher_confirms=False)
    return ConfirmedChannel(channel, await channel.get_exchange(f"{producer}.events", ensure=False), producer)


def transient(out: Outgoing, producer: str) -> aio_pika.Message:
    return aio_pika.Message(out.body, message_id=str(out.event_id), type=out.type, app_id=producer)


async def run_relay(orders: Orders) -> None:
    if orders.without == "publish before mark":
        relay.publish_due = mark_before_publish
    elif orders.without == "confirms":
        ConfirmedChannel.open = staticmethod(open_unconfirmed)  # type: ignore[method-assign]
        relay.message_of = transient
    arm_relay(Death(orders))
    database = Database.open(orders.database_url, source="identity", pool_size=4)
    worker = Relay(database.engine, producer="identity", rabbitmq_url=orders.rabbitmq_url)
    await asyncio.gather(worker.run(), _listen(database, {"outbox": worker.wake}))


# The consumer's half


def arm_consumer(death: Death) -> None:
    store, settle, step = receive.store, pump._settle, Pump.step

    async def watched_store(engine: Any, deliveries: Sequence[Delivery]) -> int:
        death.here("received")
        new = await store(engine, deliveries)
        death.here("stored")
        return new

    async def watched_settle(*arguments: Any) -> None:
        await settle(*arguments)
        death.here("settled")

    async def watched_step(self: Pump) -> bool:
        went = await step(self)
        if went:
            death.here("committed")
        return went

    receive.store = watched_store
    pump._settle = watched_settle
    Pump.step = watched_step  # type: ignore[method-assign]


def handler_of(database: Database, death: Death, *, apart: bool) -> Callable[[Tx, PupilLeft], Awaitable[None]]:
    """Writes one row per event; what stands in the table `poison` makes it fail or die."""

    async def effect(tx: Tx, event: PupilLeft) -> None:
        assert tx.cause is not None
        values = {"fact": event.school_id, "stream": event.pupil_id, "seq": tx.cause.sequence}
        if apart:
            async with database.engine.begin() as connection:
                await connection.execute(text(EFFECT), values)
        else:
            await tx.session.execute(text(EFFECT), values)
        death.here("handled")
        question = text("SELECT kind FROM poison WHERE fact_id = :fact")
        kind = (await tx.session.execute(question, {"fact": event.school_id})).scalar_one_or_none()
        if kind == "kills":
            die_now()
        if kind == "fails":
            raise RuntimeError("this handler always fails")

    return effect


def without_inbox() -> None:
    """A consumer that takes effect upon delivery, as most do."""

    async def apply(engine: Any, deliveries: Sequence[Delivery]) -> int:
        async with engine.begin() as connection:
            for delivery in deliveries:
                envelope = Envelope.parse(delivery.body)
                values = {"fact": envelope.data["school_id"], "stream": envelope.subject, "seq": envelope.sequence}
                await connection.execute(text(EFFECT), values)
        return len(deliveries)

    receive.store = apply


def without_order() -> None:
    """A pump that takes what is due as it comes and never asks how far the stream is."""

    def take_all(rows: Any, _subscriptions: Any) -> pump.Plan:
        return pump.Plan(run=[row for row, _ in rows])

    pump.plan = take_all


def ack_first(receiver: Receiver) -> None:
    hold = receiver._hold

    async def acknowledge_and_hold(message: RabbitMessage) -> None:
        await message.raw_message.ack()
        await hold(message)

    _subscribe(receiver, acknowledge_and_hold, Channel(prefetch_count=receive.PREFETCH), decoder=receive._undecoded)


def decode_first(receiver: Receiver) -> None:
    """The receive step as FastStream's tutorial has it: with a typed body."""

    async def hold_decoded(body: dict[str, Any], message: RabbitMessage) -> None:
        receiver._held.put_nowait(message.raw_message)

    _subscribe(receiver, hold_decoded, Channel(prefetch_count=2), apply_types=True)


def _subscribe(
    receiver: Receiver, hold: Any, channel: Channel, *, decoder: Any = None, apply_types: bool = False
) -> None:
    def subscribed(lost: asyncio.Event) -> RabbitBroker:
        broker = RabbitBroker(
            URL[0], apply_types=apply_types, default_channel=channel, logger=None, on_close=[lambda *_: lost.set()]
        )
        queue = RabbitQueue("notifications.inbox", declare=False)
        broker.subscriber(queue, ack_policy=AckPolicy.MANUAL, no_reply=True, decoder=decoder)(hold)
        return broker

    receiver._subscribed = subscribed  # type: ignore[method-assign]


URL: list[str] = []


async def run_consumer(orders: Orders) -> None:
    URL.append(orders.rabbitmq_url)
    death = Death(orders)
    if orders.without == "inbox":
        without_inbox()
    elif orders.without == "order":
        without_order()
    elif orders.without == "marker":
        Pump._arm = _do_nothing  # type: ignore[method-assign]
    arm_consumer(death)
    database = Database.open(orders.database_url, source="notifications", pool_size=6)
    subscriptions = Subscriptions("notifications", listens=(PupilLeft,))
    subscriptions.on(PupilLeft)(handler_of(database, death, apart=orders.without == "one transaction"))
    worker = Pump(database, subscriptions)
    receiver = Receiver(database.engine, service="notifications", rabbitmq_url=orders.rabbitmq_url, stored=worker.wake)
    if orders.without == "store before ack":
        ack_first(receiver)
    elif orders.without == "raw body":
        decode_first(receiver)
    await asyncio.gather(receiver.run(), worker.run(), _listen(database, {"inbox": worker.wake}))


async def _do_nothing(*_: Any) -> None:
    pass


async def live(orders: Orders) -> None:
    """Work until told to stop, or until whoever started us is gone."""
    starter = os.getppid()
    work = asyncio.ensure_future({"relay": run_relay, "consumer": run_consumer}[orders.role](orders))
    while os.getppid() == starter:
        done, _ = await asyncio.wait([work], timeout=1)
        if done:
            work.result()


def become(orders: Orders) -> NoReturn:
    """The forked worker's life."""
    log = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        asyncio.run(live(orders))
    except BaseException:  # noqa: BLE001 -- nothing of the forking process may run on in here
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)


def bear_and_bury() -> None:
    """The forking process: one worker per line of orders, one line per birth and death."""
    living: set[int] = set()
    orders = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.05)
        if readable:
            heard = os.read(0, 65536)
            if not heard:
                break
            *lines, orders = (orders + heard).split(b"\n")
            for line in lines:
                pid = os.fork()
                if pid == 0:
                    become(Orders(**json.loads(line)))
                living.add(pid)
                print("started", pid, flush=True)  # noqa: T201 -- the protocol
        for pid in list(living):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                living.remove(pid)
                print("ended", pid, os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 -- the protocol
    for pid in living:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    bear_and_bury()
