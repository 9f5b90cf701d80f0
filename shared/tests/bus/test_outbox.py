"""The producer's transaction: I1, I5, numbering."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.bus.testing import emitted, emitted_with_envelopes
from shared.contracts import EventTooLarge
from shared.contracts.identity import PupilLeft, SubjectOpened


def left(pupil_id=None):
    return PupilLeft(school_id=uuid4(), pupil_id=pupil_id or uuid4(), left_on=date(2026, 9, 1))


async def test_i1_an_event_exists_if_and_only_if_its_transaction_committed(bus_database):
    database = await bus_database("identity")
    async with database.uow.begin() as tx:
        tx.emit(left())
    with pytest.raises(RuntimeError, match="the rule was broken"):
        async with database.uow.begin() as tx:
            tx.emit(left())
            raise RuntimeError("the rule was broken")
    assert len(await emitted(database)) == 1


async def test_a_stream_is_numbered_from_one_without_gaps_however_many_write_at_once(bus_database):
    database = await bus_database("identity")
    pupils = [uuid4() for _ in range(5)]

    async def write(n: int) -> None:
        async with database.uow.begin() as tx:
            for pupil in pupils if n % 2 else reversed(pupils):  # both orders: locks are taken sorted
                tx.emit(left(pupil))
                tx.emit(left(pupil))
            if n % 5 == 0:
                await tx.session.execute(text("SELECT pg_sleep(0.01)"))

    async def give_up() -> None:
        with pytest.raises(ZeroDivisionError):
            async with database.uow.begin() as tx:
                tx.emit(left(pupils[0]))
                1 / 0  # noqa: B018 -- the use case fails

    await asyncio.gather(*(write(n) for n in range(20)), *(give_up() for _ in range(5)))
    found = await emitted_with_envelopes(database)
    for pupil in pupils:
        assert [e.sequence for _, e in found if e.subject == pupil] == list(range(1, 41))


async def test_i5_the_database_refuses_to_delete_what_nobody_has_seen(bus_database):
    database = await bus_database("identity")
    async with database.uow.begin() as tx:
        tx.emit(left())
    with pytest.raises(DBAPIError, match="not published yet"):
        async with database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM outbox_event"))
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE outbox_event SET published_at = now()"))
        assert (await connection.execute(text("DELETE FROM outbox_event"))).rowcount == 1


async def test_too_large_an_event_fails_in_the_use_case_and_leaves_nothing(bus_database):
    database = await bus_database("identity")
    with pytest.raises(EventTooLarge):
        async with database.uow.begin() as tx:
            tx.emit(left())
            tx.emit(
                SubjectOpened.model_construct(school_id=uuid4(), subject_id=uuid4(), source_id="x" * 300_000, title="т")
            )
    assert await emitted(database) == []


async def test_a_service_cannot_say_what_is_not_its_to_say(bus_database):
    database = await bus_database("journal")
    with pytest.raises(ValueError, match="journal cannot say identity"):
        async with database.uow.begin() as tx:
            tx.emit(left())
