"""Fault 4: RabbitMQ is killed amid unconfirmed batches, several times, and stopped and started cold, under load."""

from .damage import Damage
from .until import until

WAITING = 100
"""Events on their way when the broker dies: several batches of which nobody knows whether they arrived."""


async def test_i1_i2_i3_i4_i6_rabbitmq_killed_amid_unconfirmed_batches(arena):
    """Frozen first, so that batches are out and no confirm comes; then SIGKILL. Law 4: writing goes on all the time."""
    load = arena.load()
    async with load.running():
        await arena.start("consumer")
        await arena.start("relay")
        await until(lambda: _more_than(arena, 50), 30, "both at work")
        for _ in range(2):
            before = await arena.count(arena.notifications, "effect")
            arena.servers.freeze_rabbitmq()
            await load.answers(WAITING)
            assert await arena.count(arena.identity, "outbox_event WHERE published_at IS NULL") >= WAITING
            await arena.servers.restart_rabbitmq(arena.servers.rabbitmq.kill)
            await until(lambda before=before: _more_than(arena, before + WAITING), 40, "effects after the restart")
    await arena.assert_unharmed(load, 60)
    assert not load.refused | load.unknown


async def test_i2_i6_law_4_rabbitmq_stopped_and_started_cold_while_producers_write(arena):
    load = arena.load()
    async with load.running():
        await arena.start("consumer")
        await arena.start("relay")
        await load.answers(100)
        before = len(load.answered)
        await arena.servers.restart_rabbitmq(arena.servers.rabbitmq.stop)
        assert len(load.answered) > before + WAITING, "nobody could write while the broker was down"
        # Workers that start before the broker is ready find their way, too.
        await load.answers(100)
    await arena.assert_unharmed(load, 60)
    assert not load.refused | load.unknown


async def test_i6_workers_started_while_rabbitmq_is_down_begin_when_it_is_back(arena):
    load = arena.load()
    arena.servers.rabbitmq.kill()
    async with load.running():
        await arena.start("consumer")
        await arena.start("relay")
        await load.answers(300)
        await arena.servers.restart_rabbitmq(arena.servers.rabbitmq.kill)
    await arena.assert_unharmed(load, 60)


async def test_control_i2_transient_messages_without_confirms_are_lost_with_the_broker(arena):
    """The same freeze and kill; this relay takes «sent» for «arrived»."""
    load = arena.load()
    async with load.running():
        await arena.start("consumer")
        await arena.start("relay", without="confirms")
        await until(lambda: _published_more_than(arena, 50), 30, "the relay at work")
        arena.servers.freeze_rabbitmq()
        published = await arena.count(arena.identity, "outbox_event WHERE published_at IS NOT NULL")
        await until(lambda: _published_more_than(arena, published + 20), 20, "events sent into the void")
        await arena.servers.restart_rabbitmq(arena.servers.rabbitmq.kill)
        await load.answers(100)
    await arena.at_rest(60)
    assert Damage.LOST in (await arena.report()).kinds


async def _more_than(arena, count):
    return await arena.count(arena.notifications, "effect") > count


async def _published_more_than(arena, count):
    return await arena.count(arena.identity, "outbox_event WHERE published_at IS NOT NULL") > count
