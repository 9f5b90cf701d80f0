"""The worker as a process of its own, on the real RabbitMQ."""

import asyncio
import base64
import os
import secrets
import socket
import sys
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
import httpx

from delegation.consumers import subscriptions
from delegation.events import PUBLISHES
from shared.bus.relay import ConfirmedChannel, Outgoing
from shared.bus.topology import definitions
from shared.contracts import Envelope

DEADLINE = 60
PUBLISHED = "SELECT count(*) FROM outbox_event WHERE published_at IS NOT NULL AND type = :type"


def message(event, sequence):
    event_id = uuid4()
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
    return Outgoing(event_id, event.type, event.routing_key, body)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


async def test_the_worker_hears_tells_and_lets_lapse(delegation, family, stack, reachable_as):
    """D-2, D-3: granny proves her phone, her invitation goes out; another one's seven days are over."""
    delegation.clock.now = datetime.now(UTC)
    delegation.clock.advance(days=-8)
    await delegation.invited(phone="+79001119999")
    delegation.clock.advance(days=8)
    await delegation.invited()

    vhost = f"delegation_{secrets.token_hex(6)}"
    stack.broker.create_vhost(vhost)
    stack.broker.import_definitions(definitions([subscriptions], vhost), vhost=vhost)
    ops_port = free_port()
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from delegation.cli import app; app(['worker'])",
        env=os.environ
        | {
            "ZVONOK_DATABASE_URL": delegation.container.settings.database_url,
            "ZVONOK_RABBITMQ_URL": stack.rabbitmq.url(vhost=vhost),
            "ZVONOK_LOOKUP_KEY": base64.b64encode(delegation.container.settings.lookup_key).decode(),
            "ZVONOK_OPS_PORT": str(ops_port),
        },
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        connection = await aio_pika.connect(stack.rabbitmq.url(vhost=vhost))
        async with connection:
            channel = await ConfirmedChannel.open(connection, "identity")
            told = reachable_as(family.granny, "Белова", ("+79001110003",))
            assert await channel.publish([message(told, sequence=2)]) == [None]
            async with asyncio.timeout(DEADLINE):
                for said in ("delegation.invitation_sent.v1", "delegation.invitation_lapsed.v1"):
                    while await delegation.scalar(PUBLISHED, type=said) != 1:  # noqa: ASYNC110 -- in a database
                        await asyncio.sleep(0.05)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ops_port}", trust_env=False) as ops:
            assert (await ops.get("/health/ready")).status_code == 200
            page = (await ops.get("/asyncapi")).text
            assert all(event.type in page or event.routing_key in page for event in PUBLISHES)
    finally:
        worker.terminate()
        code = await asyncio.wait_for(worker.wait(), DEADLINE)
        stack.broker.delete_vhost(vhost)
    assert code == 0
