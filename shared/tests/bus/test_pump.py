"""What the inbox promises: I2, I3, I4, I5, I6."""

import asyncio
import json
import random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.bus import operations
from shared.bus.plan import Due, plan
from shared.bus.pump import MAX_ATTEMPTS, Pump

from .samples import left, opened


def id_of(body):
    from uuid import UUID

    return UUID(json.loads(body)["id"])


async def test_i3_an_event_takes_effect_once_however_often_it_comes(consumer, pupil):
    bodies = [left(pupil, seq) for seq in range(1, 6)]
    for _ in range(3):
        await consumer.receive(*bodies)
        await consumer.pump()
    # Pruned long ago, replayed from the archive: the cursor still knows.
    async with consumer.database.sessions.begin() as session:
        await session.execute(text("DELETE FROM inbox"))
    await consumer.receive(*bodies)
    await consumer.pump()
    assert await consumer.effects() == [(pupil, seq) for seq in range(1, 6)]
    assert set((await consumer.statuses()).values()) == {"duplicate"}


async def test_i4_effects_come_in_the_order_of_the_stream_whatever_the_order_of_arrival(consumer):
    pupils = [uuid4() for _ in range(4)]
    bodies = [left(pupil, seq) for pupil in pupils for seq in range(1, 11)]
    random.Random(7).shuffle(bodies)
    for start in range(0, len(bodies), 7):
        await consumer.receive(*bodies[start : start + 7])
        await consumer.pump()
    effects = await consumer.effects()
    for pupil in pupils:
        assert [seq for stream, seq in effects if stream == pupil] == list(range(1, 11))


async def test_i4_several_pumps_at_once_keep_order_and_count(consumer):
    pupils = [uuid4() for _ in range(40)]
    bodies = [left(pupil, seq) for seq in range(1, 6) for pupil in pupils]
    await consumer.receive(*bodies)
    pumps = [Pump(consumer.database, consumer.subscriptions, chunk=7) for _ in range(4)]
    await asyncio.gather(*(pump.drain() for pump in pumps))
    await consumer.pump()
    effects = await consumer.effects()
    assert len(effects) == 200
    for pupil in pupils:
        assert [seq for stream, seq in effects if stream == pupil] == [1, 2, 3, 4, 5]


async def test_a_missing_event_holds_up_its_own_stream_only_and_the_pump_does_not_spin(consumer, pupil):
    other = uuid4()
    await consumer.receive(left(pupil, 1), left(pupil, 3), left(pupil, 4), left(other, 1))
    await consumer.pump()
    assert sorted(await consumer.effects(), key=str) == sorted([(pupil, 1), (other, 1)], key=str)
    assert await consumer.pump() == 0  # waiting rows are nobody's work
    [gap] = await operations.gaps(consumer.database.engine)
    assert (gap["reached"], gap["next_here"], gap["waiting"]) == (1, 3, 2)
    await consumer.receive(left(pupil, 2))
    await consumer.pump()
    assert [seq for stream, seq in await consumer.effects() if stream == pupil] == [1, 2, 3, 4]


async def test_i4_latest_the_newest_state_wins_and_a_late_one_changes_nothing(consumer):
    school = uuid4()
    await consumer.receive(opened(school, 3), opened(school, 1))
    await consumer.pump()
    await consumer.receive(opened(school, 2))
    await consumer.pump()
    assert await consumer.effects() == [(school, 3)]
    assert await consumer.statuses() == {1: "superseded", 2: "duplicate", 3: "done"}


async def test_an_error_backs_off_and_takes_back_its_own_effects_only(consumer, pupil):
    other = uuid4()
    bad = left(pupil, 1)
    consumer.failing.add(id_of(bad))
    await consumer.receive(bad, left(pupil, 2), left(other, 1))
    await consumer.pump()
    assert await consumer.effects() == [(other, 1)]
    [row] = await consumer.rows(
        "SELECT last_error, next_attempt_at > now() AS later FROM inbox WHERE attempts = 1 AND status = 'pending'"
    )
    assert row.later
    assert row.last_error.startswith("RuntimeError at conftest.py")
    assert "not today" not in row.last_error  # messages quote data
    consumer.failing.clear()
    await consumer.hurry()
    await consumer.pump()
    assert [seq for stream, seq in await consumer.effects() if stream == pupil] == [1, 2]


async def test_i2_after_the_last_try_an_event_is_dead_and_parks_its_stream_until_a_person_acts(consumer, pupil):
    bad = left(pupil, 1)
    consumer.failing.add(id_of(bad))
    await consumer.receive(bad, left(pupil, 2))
    for _ in range(MAX_ATTEMPTS + 3):
        await consumer.hurry()
        await consumer.pump()
    # Twice a try: once with the chunk, once alone; the second of a single event is spared.
    assert (await consumer.statuses())[1] == "dead"
    [dead] = await operations.dead(consumer.database.engine)
    assert (dead["attempts"], dead["behind"]) == (MAX_ATTEMPTS, 1)
    assert (await operations.status(consumer.database.engine)).dead == 1

    consumer.failing.clear()
    async with consumer.database.sessions.begin() as session:
        await operations.redrive(session, event_id=None, operator="anna", reason="the bug is mended")
    await consumer.pump()
    assert await consumer.effects() == [(pupil, 1), (pupil, 2)]
    [audit] = await consumer.rows("SELECT operator, action, reason FROM bus_audit")
    assert tuple(audit) == ("anna", "redrive", "the bug is mended")


async def test_a_permanent_error_is_dead_at_once_and_can_be_skipped(consumer, pupil):
    bad = left(pupil, 1)
    consumer.hopeless.add(id_of(bad))
    await consumer.receive(bad, left(pupil, 2))
    await consumer.pump()
    [dead] = await operations.dead(consumer.database.engine)
    assert dead["last_error"] == "this event cannot be taken"
    async with consumer.database.sessions.begin() as session:
        await operations.skip(session, event_id=id_of(bad), operator="anna", reason="the pupil does not exist")
    await consumer.pump()
    assert await consumer.effects() == [(pupil, 2)]
    assert await consumer.statuses() == {1: "skipped", 2: "done"}
    with pytest.raises(operations.NothingToDo):
        async with consumer.database.sessions.begin() as session:
            await operations.skip(session, event_id=id_of(bad), operator="anna", reason="again")


async def test_a_gap_can_be_given_up(consumer, pupil):
    await consumer.receive(left(pupil, 4), left(pupil, 5))
    await consumer.pump()
    async with consumer.database.sessions.begin() as session:
        goes_on = await operations.skip_gap(
            session, stream_key=f"identity/pupil:{pupil}", operator="anna", reason="older than the archive"
        )
    assert goes_on == 4
    await consumer.pump()
    assert await consumer.effects() == [(pupil, 4), (pupil, 5)]


async def test_data_that_do_not_fit_the_contract_are_dead_with_the_field_named(consumer, pupil):
    envelope = json.loads(left(pupil, 1))
    envelope["data"]["left_on"] = "someday"
    await consumer.receive(json.dumps(envelope).encode())
    await consumer.pump()
    [dead] = await operations.dead(consumer.database.engine)
    assert "left_on" in dead["last_error"]
    assert "someday" not in dead["last_error"]


async def test_types_that_nobody_here_cares_about_pass_through_and_keep_the_order(consumer, pupil):
    unknown = json.loads(left(pupil, 1))
    unknown["type"] = "identity.pupil_painted.v7"
    await consumer.receive(json.dumps(unknown).encode(), left(pupil, 2))
    await consumer.pump()
    assert await consumer.effects() == [(pupil, 2)]
    assert await consumer.statuses() == {1: "ignored", 2: "done"}


async def test_i5_the_database_refuses_to_delete_what_has_not_taken_effect(consumer, pupil):
    await consumer.receive(left(pupil, 1))
    with pytest.raises(DBAPIError, match="not processed yet"):
        async with consumer.database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM inbox"))


async def test_ten_thousand_waiting_rows_do_not_starve_another_stream(consumer, pupil):
    await consumer.receive(*(left(pupil, seq) for seq in range(2, 2_002)))
    await consumer.pump()
    other = uuid4()
    await consumer.receive(left(other, 1))
    await consumer.pump()
    assert await consumer.effects() == [(other, 1)]
    await consumer.receive(left(pupil, 1))
    await consumer.pump()
    assert len(await consumer.effects()) == 2_002


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 8)), max_size=30, unique=True),
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 4)),
)
def test_i4_a_plan_runs_each_stream_without_a_gap_from_its_cursor(arrived, cursors):
    from shared.bus import Subscriptions
    from shared.contracts.identity import PupilLeft

    subscriptions = Subscriptions("notifications", listens=(PupilLeft,))
    rows = [
        (Due(n, uuid4(), f"identity/pupil:{stream}", seq, "identity.pupil_left.v1", b"", 0), cursors.get(stream))
        for n, (stream, seq) in enumerate(arrived)
    ]
    rows.sort(key=lambda pair: pair[0].stream_seq)
    made = plan(rows, subscriptions)
    for stream in "abc":
        start = cursors.get(stream, 0)
        ran = [row.stream_seq for row in made.run if row.stream_key.endswith(stream)]
        assert ran == list(range(start + 1, start + 1 + len(ran)))
        assert start + len(ran) + 1 not in {seq for s, seq in arrived if s == stream}  # as far as one can get
    assert len(made.run) + len(made.verdicts) == len(rows)
