"""Fault 1: the relay is killed at each of its steps, twice, under load."""

import pytest

from .damage import Damage

# Step, and at which visit of it: far enough into the load that other batches are on their way.
STEPS = {"selected": 3, "some confirmed": 25, "confirmed": 4, "marked": 4, "committed": 5}


@pytest.mark.parametrize("step", STEPS)
async def test_i1_i2_i3_i4_i6_a_relay_killed_when_it_has(step, arena):
    """Whatever the relay knew dies with it; what was not marked is sent again, and the inbox makes it once."""
    load = arena.load()
    async with load.running():
        await arena.start("consumer")
        await load.answers(100)
        for _ in range(2):
            await arena.start_and_await_death("relay", step, at=STEPS[step])
        await arena.start("relay")
        await load.answers(200)
    await arena.assert_unharmed(load)


async def test_control_i2_a_relay_that_marks_before_it_publishes_loses_events(arena):
    load = arena.load()
    async with load.running():
        await arena.start("consumer")
        await load.answers(100)
        await arena.start_and_await_death("relay", "selected", at=3, without="publish before mark")
        await arena.start("relay", without="publish before mark")
        await load.answers(100)
    await arena.at_rest()
    assert Damage.LOST in (await arena.report()).kinds


async def test_control_i3_without_the_inbox_a_relay_killed_before_it_marks_doubles_effects(arena):
    """Shows that these kills do make duplicates, so that the tests above had something to stand."""
    load = arena.load()
    async with load.running():
        await arena.start("consumer", without="inbox")
        await load.answers(100)
        await arena.start_and_await_death("relay", "confirmed", at=4)
        await arena.start("relay")
        await load.answers(100)
    await arena.at_rest()
    assert Damage.TWICE in (await arena.report()).kinds
