"""Fault 12: a handler that always fails, a handler that kills its process, deliveries that are no events."""

import json
from uuid import UUID, uuid4

import aio_pika
import pytest

from shared.bus import operations
from shared.bus.pump import MAX_ATTEMPTS, MAX_CRASHES
from shared.contracts import Envelope

from .damage import Damage
from .until import until

DEAD = "SELECT event_id, stream_key, stream_seq, attempts, crashes, last_error FROM inbox WHERE status = 'dead'"


async def poison(arena, load, kind: str, *, seq: int = 3) -> tuple[UUID, UUID]:
    """Let the handler of one event fail or kill; it stands in the middle of a stream. Answers (fact, pupil)."""
    pupil = load.streams[0]
    facts = [(uuid4(), pupil) for _ in range(6)]
    await load.use_case(facts)
    fact = facts[seq - 1][0]
    await arena.change(arena.notifications, "INSERT INTO poison VALUES (:fact, :kind)", fact=fact, kind=kind)
    return fact, pupil


async def cure(arena, fact: UUID) -> None:
    """What a person does: repair, then redrive."""
    await arena.change(arena.notifications, "DELETE FROM poison WHERE fact_id = :fact", fact=fact)
    async with arena.notifications.sessions.begin() as session:
        assert await operations.redrive(session, event_id=None, operator="test", reason="the handler was repaired") == 1


async def everybody_else_is_through(arena, pupil: UUID) -> bool:
    """All streams but the poisoned one have taken effect."""
    evidence = await arena.evidence()
    done = {effect.fact_id for effect in evidence.effects}
    return all(said.fact_id in done for said in evidence.said if said.stream_id != pupil)


async def has_failed(arena) -> bool:
    return bool(await arena.rows(arena.notifications, "SELECT 1 FROM inbox WHERE attempts > 0 AND done_at IS NULL"))


async def hurried_until_dead(arena) -> bool:
    await arena.hurry()
    return bool(await arena.rows(arena.notifications, DEAD))


async def test_i2_i4_i6_a_handler_that_always_fails_parks_its_own_stream_and_is_seen(arena):
    load = arena.load()
    fact, pupil = await poison(arena, load, "fails")
    async with load.running():
        await arena.start("relay")
        await arena.start("consumer")
        await load.answers(300)
    await until(lambda: hurried_until_dead(arena), 60, "the event to be dead")
    await until(lambda: everybody_else_is_through(arena, pupil), 30, "the other streams")
    [dead] = await operations.dead(arena.notifications.engine)
    assert (dead["attempts"], dead["stream_seq"]) == (MAX_ATTEMPTS, 3)
    assert dead["behind"] >= 3
    assert "RuntimeError" in dead["last_error"]
    assert (await operations.status(arena.notifications.engine)).dead == 1
    effects = await arena.rows(arena.notifications, "SELECT seq FROM effect WHERE stream_id = :pupil", pupil=pupil)
    assert [row.seq for row in effects] == [1, 2]
    await cure(arena, fact)
    await arena.assert_unharmed(load)


async def test_control_i4_without_the_cursor_a_failed_event_is_overtaken(arena):
    load = arena.load()
    fact, pupil = await poison(arena, load, "fails")
    await arena.start("relay")
    await arena.start("consumer", without="order")
    await until(lambda: has_failed(arena), 30, "the first failure")
    # In chunks of their own: those that came in the chunk of the failure wait with it, cursor or not.
    await load.use_case([(uuid4(), pupil)])
    await until(lambda: hurried_until_dead(arena), 30, "the event to be dead")
    await cure(arena, fact)
    await arena.drained()
    assert Damage.OUT_OF_ORDER in (await arena.report()).kinds


async def test_i2_i4_i6_a_handler_that_kills_its_process_is_isolated(arena):
    """The first death makes a whole chunk suspect; then one by one, until the event has killed three times."""
    load = arena.load()
    fact, pupil = await poison(arena, load, "kills")
    async with load.running():
        await arena.start("relay")
        await load.answers(100)
        assert MAX_CRASHES <= await restart_until_dead(arena, 1) <= MAX_CRASHES + 1
        await load.answers(100)
    await until(lambda: everybody_else_is_through(arena, pupil), 30, "the other streams")
    [dead] = await arena.rows(arena.notifications, DEAD)
    assert (dead.stream_seq, dead.crashes) == (3, MAX_CRASHES)
    assert dead.last_error == "the process died while this event was handled"
    await cure(arena, fact)
    await arena.assert_unharmed(load)


async def test_i2_i6_two_killers_in_one_lane_are_both_isolated(arena):
    """Each death must be counted before the next event is tried, or two killers take back each other's count."""
    load = arena.load(streams=2)
    [row] = await arena.rows(
        arena.notifications,
        """SELECT a.id AS one, b.id AS other FROM generate_series(1, 40) AS n (x),
             LATERAL (SELECT gen_random_uuid() AS id, n.x) AS a, generate_series(1, 40) AS m (x),
             LATERAL (SELECT gen_random_uuid() AS id, m.x) AS b
           WHERE (hashtext('identity/pupil:' || a.id) & 15) = (hashtext('identity/pupil:' || b.id) & 15) LIMIT 1""",
    )
    load.streams = [row.one, row.other]
    await poison(arena, load, "kills", seq=1)
    load.streams.reverse()
    await poison(arena, load, "kills", seq=1)
    await arena.start("relay")
    await restart_until_dead(arena, 2)
    await arena.change(arena.notifications, "DELETE FROM poison")
    async with arena.notifications.sessions.begin() as session:
        await operations.redrive(session, event_id=None, operator="test", reason="the handler was repaired")
    await arena.drained()
    assert not (await arena.report()).kinds


async def restart_until_dead(arena, events: int) -> int:
    """What a supervisor does with a worker that dies; answers how often it died until so many events were dead."""
    deaths = 0
    while True:
        assert deaths <= events * MAX_CRASHES + 2, "not isolated"
        consumer = await arena.start("consumer")
        await until(lambda consumer=consumer: _dead_or_died(arena, consumer, events), 40, "a death, or isolation")
        if not consumer.ended.done():
            return deaths
        deaths += 1


async def _dead_or_died(arena, consumer, events: int) -> bool:
    await arena.hurry()
    return consumer.ended.done() or len(await arena.rows(arena.notifications, DEAD)) == events


async def test_control_i6_without_the_marker_it_kills_every_process_there_ever_is(arena):
    load = arena.load()
    await poison(arena, load, "kills")
    await arena.start("relay")
    for _ in range(2 * (MAX_CRASHES + 1)):
        await arena.died(await arena.start("consumer", without="marker"))
    assert not await arena.rows(arena.notifications, DEAD)
    assert Damage.STUCK in (await arena.report()).kinds


def event_bytes(**changes) -> bytes:
    """An event that nobody has committed, changed as told; None takes a field away."""
    event_id, pupil = str(uuid4()), str(uuid4())
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/identity",
        "type": "identity.pupil_left.v1",
        "subject": pupil,
        "time": "2026-09-01T00:00:00Z",
        "partitionkey": f"pupil:{pupil}",
        "sequence": 1,
        "correlationid": event_id,
        "data": {"school_id": str(uuid4()), "pupil_id": pupil, "left_on": "2026-09-01"},
    } | changes
    return json.dumps({name: value for name, value in envelope.items() if value is not None}).encode()


def honest(body: bytes, **properties) -> aio_pika.Message:
    """With the properties that the relay would set."""
    envelope = json.loads(body)
    known = {"message_id": envelope.get("id"), "type": envelope.get("type"), "app_id": "identity"}
    return aio_pika.Message(body, **(known | properties))


HOSTILE = {
    "no bytes": aio_pika.Message(b"", message_id="1"),
    "no text": aio_pika.Message(bytes(range(256)), message_id="1", content_type="application/json"),
    "half an object": aio_pika.Message(b'{"specversion": "1.0", ', message_id="1", content_type="application/json"),
    "an array": aio_pika.Message(b"[1, 2, 3]", message_id="1"),
    "deep": aio_pika.Message(b"[" * 50_000, message_id="1", content_type="application/json"),
    "said to be zipped": aio_pika.Message(b"no", message_id="1", content_type="text/plain", content_encoding="gzip"),
    "said to be text of no encoding": aio_pika.Message(b"\xff\xfe", content_type="text/plain; charset=klingon"),
    "two megabytes": aio_pika.Message(b"x" * 2_000_000, message_id="1"),
    "no message_id": honest(event_bytes(), message_id=None),
    "somebody else's message_id": honest(event_bytes(), message_id=str(uuid4())),
    "NUL in properties": honest(event_bytes(), message_id="a\0b", type="\0"),
    "no UTF-8 in properties": honest(event_bytes(), message_id="\udcff"),
    "another type": honest(event_bytes(), type="identity.school_opened.v1"),
    "another service's source": honest(event_bytes(source="/journal", type="journal.grade_posted.v1")),
    "NUL in the envelope": honest(event_bytes(partitionkey="pupil:\0")),
    "sequence zero": honest(event_bytes(sequence=0)),
    "sequence beyond all numbers": honest(event_bytes(sequence=2**63)),
    "no stream": honest(event_bytes(partitionkey=None)),
    "strange headers": honest(
        event_bytes(), message_id="1", headers={"x-death": "no list", "x-delivery-count": -1, "nested": {"a": [1]}}
    ),
    "reply wanted": honest(event_bytes(), message_id="1", reply_to="unrouted", expiration=3600),
}


def sendable(message: aio_pika.Message) -> bool:
    """A client library may refuse to send such bytes at all."""
    try:
        (message.message_id or "").encode()
    except UnicodeEncodeError:
        return False
    return True


async def send(arena, *messages: aio_pika.Message) -> None:
    connection = await aio_pika.connect(arena.rabbitmq_url("identity"))
    async with connection, await connection.channel(on_return_raises=True) as channel:
        exchange = await channel.get_exchange("identity.events", ensure=False)
        for message in messages:
            await exchange.publish(message, routing_key="identity.pupil_left", mandatory=True)


@pytest.fixture
def hostile() -> list[aio_pika.Message]:
    return [message for message in HOSTILE.values() if sendable(message)]


async def test_i2_i6_what_cannot_be_read_is_quarantined_and_the_queue_goes_on(arena, hostile):
    """Twice each: the second time is counted, not kept again. Good events around and between them take effect."""
    load = arena.load()
    await arena.start("relay")
    await arena.start("consumer")
    async with load.running():
        for _ in range(2):
            await send(arena, *hostile)
            await load.answers(150)
    await arena.assert_unharmed(load)
    kept = await operations.quarantine(arena.notifications.engine)
    assert len(kept) == len(hostile), [row["reason"] for row in kept]
    assert {row["times"] for row in kept} == {2}
    assert all(row["reason"] for row in kept)
    assert (await operations.status(arena.notifications.engine)).quarantined == len(hostile)


async def test_i2_an_envelope_whose_data_do_not_fit_is_dead_at_once_and_is_seen(arena):
    load = arena.load()
    body = event_bytes(data={"left_on": "yesterday"})
    await arena.start("relay")
    await arena.start("consumer")
    async with load.running():
        await send(arena, honest(body))
        await load.answers(300)
    await until(lambda: _has_dead(arena), 20, "the event to be dead")
    [dead] = await arena.rows(arena.notifications, DEAD)
    assert (dead.event_id, dead.attempts) == (Envelope.parse(body).id, 1)
    assert "yesterday" not in dead.last_error
    await arena.assert_unharmed(load)


async def _has_dead(arena) -> bool:
    return bool(await arena.rows(arena.notifications, DEAD))


async def test_control_i6_a_receive_step_that_decodes_bodies_stops_at_two_bad_ones(arena):
    load = arena.load()
    await arena.start("relay")
    await arena.start("consumer", without="raw body")
    bad = [HOSTILE["half an object"], HOSTILE["an array"]]
    await send(arena, *bad)
    async with load.running():
        await load.answers(50)
    with pytest.raises(TimeoutError):
        await arena.drained(4)
    assert Damage.STUCK in (await arena.report()).kinds
