"""The worker as it is started in production: a process of its own, the broker, the database, mail and SMS."""

import asyncio
import json
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aio_pika
import httpx
import pytest
from aiosmtpd.smtp import SMTP

from notifications.consumers import subscriptions
from shared.bus.relay import Outgoing, message_of
from shared.bus.topology import definitions
from shared.contracts import Envelope, Event
from shared.db import Database
from shared.localstack.ports import answers, choose
from shared.ops.ids import new_id
from shared.testing.stack import Stack

DEADLINE = 30.0


class Kept:
    """A mail server that keeps addresses."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"


async def until(condition: Callable[[], Awaitable[bool]], worker: asyncio.subprocess.Process) -> None:
    deadline = time.monotonic() + DEADLINE
    while not await condition():
        assert worker.returncode is None, "the worker has ended"
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.01)


WORKER = ("-c", "from notifications.cli import app; app(['worker'])")


@asynccontextmanager
async def running(*command: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield worker
    finally:
        if worker.returncode is None:
            worker.terminate()
        await worker.wait()


def wire(event: Event, sequence: int = 1) -> aio_pika.Message:
    event_id = new_id()
    body = Envelope.to_bytes(
        event,
        event.payload(),
        event_id=event_id,
        time=datetime.now(UTC),
        sequence=sequence,
        correlation_id=event_id,
        causation_id=None,
        traceparent=None,
    )
    return message_of(Outgoing(event_id, event.type, event.routing_key, body), event.producer)


@pytest.fixture
def vhost(stack: Stack) -> Iterator[str]:
    """A virtual host of this test's own, with the real topology."""
    name = f"notifications_{secrets.token_hex(6)}"
    stack.broker.create_vhost(name)
    stack.broker.import_definitions(definitions([subscriptions], name), vhost=name)
    yield name
    stack.broker.delete_vhost(name)


async def test_events_from_the_broker_become_items_and_mails(
    stack: Stack, vhost: str, family: Any, our_key: dict[str, Any], service_database: Any, signing: Any
) -> None:
    """A mark to the notification centre, a ticket to the mail server, a code to the SMS gateway (N-13)."""
    smtp_port, ops_port, sms_port = choose(3)
    rabbitmq_url = stack.rabbitmq.url(vhost=vhost)
    kept, loop = Kept(), asyncio.get_running_loop()
    mail = await loop.create_server(lambda: SMTP(kept, hostname="localhost", loop=loop), "127.0.0.1", smtp_port)
    url = await service_database("notifications")
    environment = {
        "ZVONOK_DATABASE_URL": url,
        "ZVONOK_RABBITMQ_URL": rabbitmq_url,
        "ZVONOK_SEALING_KEY": json.dumps(our_key),
        "ZVONOK_SMTP_PORT": str(smtp_port),
        "ZVONOK_OPS_PORT": str(ops_port),
        "ZVONOK_SMS_URL": f"http://127.0.0.1:{sms_port}/messages",
    }
    database = Database.open(url, source="notifications")
    connection = await aio_pika.connect(rabbitmq_url)
    try:
        async with (
            running("-m", "shared.localstack.sms_sink", "--http", str(sms_port)),
            running(*WORKER, **environment) as worker,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{sms_port}", trust_env=False) as telephone,
        ):
            channel = await connection.channel()

            async def say(event: Event, sequence: int = 1) -> None:
                exchange = await channel.get_exchange(f"{event.producer}.events", ensure=False)
                await exchange.publish(wire(event, sequence), routing_key=event.routing_key)

            async def copies() -> int:
                async with database.engine.connect() as connected:
                    return int((await connected.exec_driver_sql("SELECT count(*) FROM notice_copy")).scalar_one())

            async def told() -> bool:
                return await copies() == 1

            async def mailed() -> bool:
                return kept.recipients == ["asker@zvonok.example"]

            async def telephone_listens() -> bool:
                return answers(sms_port)

            async def texted() -> bool:
                found = (await telephone.get("/messages", params={"to": "+79000000001"})).json()
                return [sms["text"][:10] for sms in found] == ["Код 123456"]

            await say(family.enrolled())
            await say(family.granted(family.mother), 2)
            await say(family.posted("5"))
            await say(family.ticket(new_id()))
            await until(told, worker)
            await until(mailed, worker)
            await until(telephone_listens, worker)
            await say(family.code(family.mother, expires_at=datetime.now(UTC) + timedelta(minutes=5)))
            await until(texted, worker)
            assert await copies() == 1, "a code is not in the notification centre"
            worker.terminate()
            assert await asyncio.wait_for(worker.wait(), DEADLINE) == 0
    finally:
        await connection.close()
        await database.close()
        mail.close()
        await mail.wait_closed()


@pytest.mark.parametrize(
    ("left_out", "named"),
    [
        ("ZVONOK_DATABASE_URL", "ZVONOK_DATABASE_URL is missing"),
        ("ZVONOK_SEALING_KEY", "ZVONOK_SEALING_KEY is missing"),
    ],
)
async def test_a_missing_setting_is_named(our_key: dict[str, Any], left_out: str, named: str) -> None:
    told = {
        "ZVONOK_DATABASE_URL": "postgresql+asyncpg://x:y@127.0.0.1:1/z",
        "ZVONOK_RABBITMQ_URL": "amqp://127.0.0.1:1/",
        "ZVONOK_SEALING_KEY": json.dumps(our_key),
    }
    del told[left_out]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")} | told
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from notifications.cli import app; app(['worker'])",
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await worker.communicate()
    assert worker.returncode == 2
    assert named in complaint.decode()
