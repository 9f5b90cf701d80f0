"""I-15, I-21: bindings follow from records, for a whole school or for one account."""

import asyncio

import pytest
from sqlalchemy import select, text, update

from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import account_records, bindings
from identity.registry.tables import people, schools


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.fixture
async def school(identity):
    async with identity.database.read() as session:
        yield await session.scalar(select(schools.c.school_id))


async def record_of(session, name):
    found = await session.execute(
        select(account_records).join(people, people.c.person_id == account_records.c.person_id).where(
            people.c.source_id == f"usr-{name}"
        )
    )  # fmt: skip
    return found.one()


async def test_i_21_one_account_is_settled_and_the_others_are_left(identity, school, emitted):
    before = len(await emitted(identity.database))
    async with identity.database.uow.begin() as tx:
        mother, father = await record_of(tx.session, "mother"), await record_of(tx.session, "father")
        await tx.session.execute(update(account_records).values(level=1))
        assert await settle_bindings(tx, school, []) == 0
        assert await settle_bindings(tx, school, [mother.account_id]) == 2, "both children of the mother"
    told = (await emitted(identity.database))[before:]
    assert {(type(e).__name__, e.account_id, e.level) for e in told} == {("BindingLevelChanged", mother.account_id, 1)}
    async with identity.database.uow.begin() as tx:
        levels = select(bindings.c.level).where(bindings.c.account_id == father.account_id)
        assert (await tx.session.scalars(levels)).all() == [2]
        assert await settle_bindings(tx, school) == 2, "then the rest: the father, and the pupil himself"


async def test_i_21_one_who_is_both_is_the_representative(identity, school, emitted):
    async with identity.database.uow.begin() as tx:
        mother, pupil = await record_of(tx.session, "mother"), await record_of(tx.session, "pupil")
        await tx.session.execute(
            update(account_records)
            .where(account_records.c.person_id == pupil.person_id)
            .values(account_id=mother.account_id)
        )
        assert await settle_bindings(tx, school, [mother.account_id, pupil.account_id]) == 1
    async with identity.database.read() as session:
        rows = await session.execute(
            select(bindings.c.account_id, bindings.c.relation, bindings.c.state).where(
                bindings.c.pupil_id == pupil.person_id,
                bindings.c.account_id.in_([mother.account_id, pupil.account_id]),
            )
        )
        assert set(rows.all()) == {
            (mother.account_id, "representative", "active"),
            (pupil.account_id, "self", "revoked"),
        }


@pytest.mark.parametrize("whole_school", [False, True])
async def test_i_21_parallel_settlements_tell_it_once(identity, school, emitted, whole_school):
    async with identity.database.uow.begin() as tx:
        mother = await record_of(tx.session, "mother")
        await tx.session.execute(bindings.delete())
    before = len(await emitted(identity.database))
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
        "WHERE NOT granted AND datname = current_database()"
    )

    async def settle(account_ids):
        async with identity.database.uow.begin() as tx:
            return await settle_bindings(tx, school, account_ids)

    async with identity.database.uow.begin() as tx:
        first = await settle_bindings(tx, school, [mother.account_id])
        other = asyncio.create_task(settle(None if whole_school else [mother.account_id]))
        async with asyncio.timeout(20):
            while not await tx.session.scalar(waiting):
                pass
    assert (first, await other) == (2, 2 if whole_school else 0)
    told = (await emitted(identity.database))[before:]
    assert [type(e).__name__ for e in told] == ["BindingGranted"] * (4 if whole_school else 2)
