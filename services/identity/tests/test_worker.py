"""The worker as a process: what the import has said reaches RabbitMQ; told to stop, it stops."""

import asyncio
import base64
import json
import os
import secrets
import socket
import sys

import pytest_asyncio
from sqlalchemy import text

from identity.events import PUBLISHES, subscriptions
from shared.bus.topology import definitions, permissions


@pytest_asyncio.fixture
async def rabbitmq_url(stack):
    """A virtual host with the real topology and a user with the service's real permissions."""
    vhost = user = f"identity_{secrets.token_hex(6)}"
    stack.broker.create_vhost(vhost)
    stack.broker.import_definitions(definitions([subscriptions], vhost), vhost=vhost)
    stack.broker.put_user(user, "secret")
    stack.broker.permit(user, vhost=vhost, **permissions("identity"))
    yield f"amqp://{user}:secret@{stack.rabbitmq.host}:{stack.rabbitmq.port}/{vhost}"
    stack.broker.delete_user(user)
    stack.broker.delete_vhost(vhost)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def test_the_worker_relays_what_the_import_said(identity, bundle, rabbitmq_url):
    await identity.load(bundle)
    settings = identity.container.settings
    variables = {
        "ZVONOK_DATABASE_URL": settings.database_url,
        "ZVONOK_RABBITMQ_URL": rabbitmq_url,
        "ZVONOK_MASTER_KEY": base64.b64encode(settings.master_key).decode(),
        "ZVONOK_LOOKUP_KEY": base64.b64encode(settings.lookup_key).decode(),
        "ZVONOK_SIGNING_KEYS": json.dumps(settings.signing_keys),
        "ZVONOK_OPS_PORT": str(free_port()),
    }
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from identity.cli import app; app()", "worker",
        env=os.environ | variables, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            while await waiting(identity.database):  # noqa: ASYNC110 -- the condition lives in a database
                await asyncio.sleep(0.05)
        worker.terminate()
        async with asyncio.timeout(20):
            assert await worker.wait() == 0
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()


async def waiting(database):
    async with database.read() as session:
        return await session.scalar(text("SELECT count(*) FROM outbox_event WHERE published_at IS NULL"))


async def test_everything_said_is_listed(identity, bundle, emitted):
    await identity.load(bundle)
    bundle.files["enrollments.csv"] = [r for r in bundle.files["enrollments.csv"] if r["role"] == "student"][:1]
    await identity.load(bundle)
    said = {type(event) for event in await emitted(identity.database)}
    assert said <= set(PUBLISHES)
    # What people do, or ask to be done, is no import's to say; levels change by matching; there is no group here.
    assert {event.__name__ for event in set(PUBLISHES) - said} == {
        "AccountDisabled",
        "AgentAppointed",
        "AgentDismissed",
        "ApplicationDeadlineNoticed",
        "ApplicationGranted",
        "ApplicationMoved",
        "ApplicationRefused",
        "ApplicationRegistered",
        "BindingLevelChanged",
        "ClassGroupChanged",
        "ClassGroupEnded",
        "CodeIssued",
        "DiaryAccessAccepted",
        "ReviewRequested",
        "SecurityNoticed",
        "SessionsRevoked",
    }
