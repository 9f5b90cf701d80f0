"""Law 1: a service owns its database, and its corner of the broker. Nobody else gets in."""

import aio_pika
import aiormq.exceptions
import asyncpg
import pytest

from shared.bus.topology import dead_of, exchange_of, inbox_of
from town.up import SERVICES

from .ledger import ask

PAIRS = [(service, other) for service in SERVICES for other in SERVICES if other != service]


@pytest.mark.parametrize("service", SERVICES)
async def test_law_1_a_service_connects_to_its_own_database(town, service) -> None:
    """The control of the next test: its refusals are not for a wrong password."""
    assert (await ask(town.dsn(service), "SELECT current_user"))[0][0] == service


async def test_law_1_nobody_connects_to_another_services_database(town) -> None:
    for service, other in PAIRS:
        dsn = town.postgres.address.dsn(other, user=service, password=town.keys.password(f"postgres-{service}"))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(dsn, "SELECT 1")


async def test_law_1_no_role_stands_above_the_others(town) -> None:
    rows = await ask(
        town.admin_dsn,
        "SELECT rolname FROM pg_roles WHERE rolname = ANY($1) AND (rolsuper OR rolcreaterole OR rolcreatedb"
        " OR rolreplication OR rolbypassrls)",
        list(SERVICES),
    )
    members = await ask(
        town.admin_dsn,
        "SELECT roleid::regrole, member::regrole FROM pg_auth_members WHERE member::regrole::text = ANY($1)",
        list(SERVICES),
    )
    assert (rows, members) == ([], [])


async def _publish(town, user: str, exchange: str) -> None:
    async with await aio_pika.connect(town.rabbitmq_url(user)) as connection:
        channel = await connection.channel(publisher_confirms=True)
        target = await channel.get_exchange(exchange, ensure=False)
        await target.publish(aio_pika.Message(b"{}"), routing_key="law.one")


async def _get(town, user: str, queue: str) -> None:
    async with await aio_pika.connect(town.rabbitmq_url(user)) as connection:
        channel = await connection.channel()
        await (await channel.get_queue(queue, ensure=False)).get(fail=False, timeout=10)


async def test_law_1_only_the_producer_writes_to_its_exchange(town) -> None:
    for service in SERVICES:
        await _publish(town, service, exchange_of(service))  # the control: to the own exchange it may
    for service, other in PAIRS:
        with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
            await _publish(town, service, exchange_of(other))


async def test_law_1_only_the_consumer_reads_its_queue(town) -> None:
    for service in SERVICES:
        await _get(town, service, dead_of(service))  # the control: from the own it may
    for service, other in PAIRS:
        with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
            await _get(town, service, inbox_of(other))


async def test_law_1_no_service_changes_the_topology(town) -> None:
    for service in SERVICES:
        async with await aio_pika.connect(town.rabbitmq_url(service)) as connection:
            channel = await connection.channel()
            with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
                await channel.declare_queue(f"{service}.another", durable=True)
