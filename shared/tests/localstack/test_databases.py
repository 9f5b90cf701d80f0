"""Law 1: a service owns its database and its queue; nobody else gets in."""

import aio_pika
import aiormq
import asyncpg
import pytest

from shared.bus.topology import definitions, permissions
from shared.localstack.databases import provide, remove
from shared.testing.stack import Stack

ONE, TWO = "law_one", "law_two"


async def test_a_role_cannot_connect_to_the_database_of_another(stack: Stack) -> None:
    passwords = {ONE: "first'password", TWO: "second"}
    remove(stack.postgres, list(passwords))
    try:
        assert provide(stack.postgres, passwords) == [ONE, TWO]
        assert provide(stack.postgres, passwords) == [], "a second time nothing is made anew"
        own = await asyncpg.connect(stack.postgres.dsn(ONE, user=ONE, password=passwords[ONE]))
        await own.execute("CREATE TABLE mine (a int)")
        await own.close()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(stack.postgres.dsn(TWO, user=ONE, password=passwords[ONE]))
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(stack.postgres.dsn(TWO, user=TWO, password="guessed"))
    finally:
        remove(stack.postgres, list(passwords))


async def test_a_broker_user_writes_to_its_own_exchange_and_reads_its_own_queue(stack: Stack) -> None:
    user = f"journal-{stack.vhost}"
    stack.broker.import_definitions(definitions([], stack.vhost), vhost=stack.vhost)
    stack.broker.put_user(user, "secret")
    stack.broker.permit(user, vhost=stack.vhost, **permissions("journal"))
    url = stack.rabbitmq.url(user=user, password="secret", vhost=stack.vhost)
    try:
        async with await aio_pika.connect(url) as connection:
            channel = await connection.channel()
            own = await channel.get_exchange("journal.events", ensure=False)
            await own.publish(aio_pika.Message(b"{}"), "journal.grade_posted")
            queue = await channel.get_queue("journal.inbox", ensure=False)
            assert await queue.get(fail=False) is None
            foreign = await channel.get_exchange("identity.events", ensure=False)
            with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
                await foreign.publish(aio_pika.Message(b"{}"), "identity.account_registered")
            channel = await connection.channel()
            with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
                await (await channel.get_queue("support.inbox", ensure=False)).get(fail=False)
            channel = await connection.channel()
            with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
                await channel.declare_queue("my.own")
    finally:
        stack.broker.delete_user(user)
