"""The receive step takes anything that can arrive: a row of the inbox, or quarantine. Never an exception."""

import json
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.bus.receive import Delivery, read, store
from shared.contracts import UnusableMessage

from .samples import delivery_of, left


async def test_a_duplicate_delivery_is_one_row(consumer, pupil):
    body = left(pupil, 1)
    assert await store(consumer.database.engine, [delivery_of(body)]) == 1
    assert await store(consumer.database.engine, [delivery_of(body), delivery_of(body)]) == 0
    assert len(await consumer.rows("SELECT 1 FROM inbox")) == 1


def broken(**changes):
    def make(pupil):
        envelope = json.loads(left(pupil, 1))
        for key, value in changes.items():
            if value is None:
                envelope.pop(key)
            else:
                envelope[key] = value
        return json.dumps(envelope).encode()

    return make


@pytest.mark.parametrize(
    "make",
    [
        lambda _: b"",
        lambda _: b"\xff\xfe\x00",
        lambda _: b"null",
        lambda _: b"[" * 10_000,
        broken(specversion="0.3"),
        broken(id="not-an-id"),
        broken(id=None),
        broken(sequence=0),
        broken(sequence=2**63),
        broken(sequence="many"),
        broken(type="identity.pupil_left"),
        broken(partitionkey="pupil:*"),
        broken(source="/journal"),
        broken(source="identity"),
        broken(data=None),
        broken(data=[1]),
    ],
)
async def test_what_cannot_be_read_is_quarantined_and_holds_up_nobody(consumer, pupil, make):
    bad = make(pupil)
    good = left(pupil, 1)
    message_id = str(uuid4())
    await store(
        consumer.database.engine,
        [Delivery(bad, "identity.events", "identity.pupil_left", message_id, None), delivery_of(good)],
    )
    await consumer.pump()
    assert await consumer.effects() == [(pupil, 1)]
    [row] = await consumer.rows("SELECT body, reason FROM inbox_quarantine")
    assert bytes(row.body) == bad
    assert row.reason
    assert str(pupil) not in row.reason


async def test_the_message_id_must_be_there_and_be_the_envelopes(consumer, pupil):
    body = left(pupil, 1)
    fine = delivery_of(body)
    for message_id in (None, str(uuid4())):
        with pytest.raises(UnusableMessage, match="message_id"):
            read(Delivery(body, fine.exchange, fine.routing_key, message_id, fine.type))


def test_a_service_cannot_speak_as_another(pupil):
    fine = delivery_of(left(pupil, 1))
    with pytest.raises(UnusableMessage, match=r"came through journal\.events"):
        read(Delivery(fine.body, "journal.events", fine.routing_key, fine.message_id, fine.type))


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(
        lambda v: json.dumps(v).encode()
    )
)
def test_reading_raises_nothing_but_unusable(body):
    with pytest.raises(UnusableMessage):
        read(Delivery(body, "identity.events", "identity.pupil_left", str(uuid4()), None))
