"""Fault 8: the consumer is killed at each of its steps, twice, under load."""

import pytest

from .damage import Damage

# Step, and at which visit of it.
STEPS = {"received": 2, "stored": 2, "handled": 60, "settled": 2, "committed": 2}


@pytest.mark.parametrize("step", STEPS)
async def test_i2_i3_i4_i6_a_consumer_killed_when_it_has(step, arena):
    """Received, not stored: the broker has it. Stored, not acknowledged: it comes again and is known. Handled or
    settled, not committed: taken back whole. Committed: never again."""
    load = arena.load()
    async with load.running():
        await arena.start("relay")
        for _ in range(2):
            await arena.start_and_await_death("consumer", step, at=STEPS[step])
        await arena.start("consumer")
        await load.answers(200)
    await arena.assert_unharmed(load)


async def test_control_i2_a_consumer_that_acknowledges_before_it_stores_loses_events(arena):
    load = arena.load()
    async with load.running():
        await arena.start("relay")
        await arena.start_and_await_death("consumer", "received", at=2, without="store before ack")
        await arena.start("consumer", without="store before ack")
        await load.answers(200)
    await arena.at_rest()
    assert Damage.LOST in (await arena.report()).kinds


async def test_control_i3_effects_in_a_transaction_of_their_own_are_doubled(arena):
    load = arena.load()
    async with load.running():
        await arena.start("relay")
        await arena.start_and_await_death("consumer", "handled", at=60, without="one transaction")
        await arena.start("consumer", without="one transaction")
        await load.answers(200)
    await arena.at_rest()
    assert Damage.TWICE in (await arena.report()).kinds


async def test_control_i3_without_the_inbox_a_consumer_killed_before_it_acknowledges_doubles_effects(arena):
    load = arena.load()
    async with load.running():
        await arena.start("relay")
        await arena.start_and_await_death("consumer", "stored", at=2, without="inbox")
        await arena.start("consumer", without="inbox")
        await load.answers(200)
    await arena.at_rest()
    assert Damage.TWICE in (await arena.report()).kinds
