"""Fault 10: the whole archive is sent again, three times, through RabbitMQ."""

from datetime import UTC, datetime

from shared.bus import operations

from .damage import Damage
from .until import until

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


async def replay_everything(arena) -> int:
    progress = operations.replay(
        arena.identity.engine,
        rabbitmq_url=arena.rabbitmq_url("identity"),
        producer="identity",
        to="notifications",
        since=BEGINNING,
    )
    return [sent async for sent in progress][-1]


async def forget_inbox(arena) -> None:
    """What pruning does after 30 days: rows go, cursors stay."""
    await arena.change(arena.notifications, "DELETE FROM inbox WHERE done_at IS NOT NULL")


async def write_some(arena, load) -> None:
    async with load.running():
        await arena.start("relay")
        await load.answers(400)


async def test_i3_i4_the_whole_archive_replayed_three_times_changes_nothing(arena):
    """The first time the inbox knows the events; the second and third time only its cursors do."""
    load = arena.load()
    await arena.start("consumer")
    await write_some(arena, load)
    await arena.assert_unharmed(load)
    effects = await arena.rows(arena.notifications, "SELECT * FROM effect ORDER BY n")
    for round_ in range(3):
        if round_:
            await forget_inbox(arena)
        sent = await replay_everything(arena)
        assert sent == len(effects)
        expected = sent if round_ else 0
        await until(lambda expected=expected: _duplicates(arena, expected), 30, "the replay to arrive")
        await arena.drained()
    assert await arena.rows(arena.notifications, "SELECT * FROM effect ORDER BY n") == effects
    await arena.assert_unharmed(load)


async def test_i2_a_replay_brings_a_consumer_what_it_never_had(arena):
    """Replay is also how a new consumer learns the past: a copy of the archive, applied once, in order."""
    load = arena.load()
    await write_some(arena, load)
    await until(lambda: _published(arena), 30, "everything published")
    assert await arena.purge_queue() == len(load.answered)
    await arena.start("consumer")
    await replay_everything(arena)
    await arena.assert_unharmed(load)


async def test_control_i3_without_cursors_a_replay_after_pruning_doubles_effects(arena):
    load = arena.load()
    await arena.start("consumer", without="order")
    await write_some(arena, load)
    await arena.at_rest()
    await forget_inbox(arena)
    await replay_everything(arena)
    await arena.at_rest()
    assert Damage.TWICE in (await arena.report()).kinds


async def _duplicates(arena, expected):
    return await arena.count(arena.notifications, "inbox WHERE status = 'duplicate'") >= expected


async def _published(arena):
    return not await arena.count(arena.identity, "outbox_event WHERE published_at IS NULL")
