"""I-19, I-21 for a whole school: bounded work, a constant number of statements, indexes for every look-up."""

import time
from itertools import cycle

import pytest
from sqlalchemy import insert, text

from identity.accounts.tables import account_identifiers, accounts
from identity.bulk import upsert
from identity.matching import candidates as sides
from identity.matching.reconsider import reconsider_account, reconsider_records
from identity.personal_data.contacts import Identifier
from identity.registry.tables import people
from shared.crypto import FieldPlace

PUPILS = 1500
SURNAMES = ("Алексеев", "Борисов", "Васильев", "Григорьев", "Денисов", "Егоров", "Жуков", "Зимин", "Ильин", "Климов")
NAMES = ("Антон", "Борис", "Виктор", "Глеб", "Денис", "Егор", "Захар", "Игорь", "Кирилл", "Лев", "Марк", "Олег")


class Town:
    """1,500 pupils in one school with a phone and an e-mail each, and an account that has proved both."""

    def __init__(self, matching):
        self.matching = matching
        self.keys = matching.keys
        self.person_ids = []
        self.account_ids = []

    def _index(self, kind, number):
        value = f"+7911{number:07d}" if kind == "phone" else f"p{number}@zvonok.example"
        return self.keys.find(Identifier(kind, value))

    async def settle(self, count=PUPILS):
        school_id = await self.matching.school_id()
        _, wrapped = self.keys.vault.new_person_key()
        names = zip(cycle(SURNAMES), cycle(NAMES), strict=False)
        rows, owners, identifiers = [], [], []
        async with self.matching.identity.database.uow.begin() as tx:
            for number, (surname, given) in zip(range(count), names, strict=False):
                person_id, account_id = tx.new_id(), tx.new_id()
                self.person_ids.append(person_id)
                self.account_ids.append(account_id)
                name = {"surname": surname, "given_name": given, "patronymic": "Иванович"}
                key = self.keys.vault.open_person_key(wrapped)
                contacts = {
                    kind: key.encrypt(FieldPlace("people", kind, person_id), f"{number}") for kind in ("phone", "email")
                }
                rows.append(
                    {"school_id": school_id, "person_id": person_id, "source_id": f"p-{number}", "kind": "pupil",
                     **name, "data_key": wrapped, "present": True, **contacts,
                     "phone_index": self._index("phone", number), "email_index": self._index("email", number)}
                )  # fmt: skip
                owners.append(
                    {"account_id": account_id, "status": "active", **name, "locale": "ru", "is_operator": False,
                     "data_key": wrapped, "registered_at": tx.now, "role": "pupil"}
                )  # fmt: skip
                identifiers += [
                    {"account_id": account_id, "kind": kind, "value": b"x", "value_index": self._index(kind, number),
                     "proved_at": tx.now, "signs_in": True}
                    for kind in ("phone", "email")
                ]  # fmt: skip
            await upsert(tx.session, people, rows)
            await tx.session.execute(insert(accounts), owners)
            await upsert(tx.session, account_identifiers, identifiers)
        async with self.matching.identity.database.engine.begin() as connection:
            await connection.execute(text("ANALYZE people, accounts, account_identifiers, account_records, schools"))
        return school_id


@pytest.fixture
def town(matching):
    return Town(matching)


async def test_i_19_a_school_of_1500_pupils_is_looked_at_within_two_seconds(town, identity, record_property):
    """The goal is 2 s on a free machine; the test allows a busy one three times as much."""
    school_id = await town.settle()
    start = time.perf_counter()
    async with identity.database.uow.begin() as tx:
        await reconsider_records(tx, town.keys, school_id, town.person_ids)
    took = time.perf_counter() - start
    record_property("seconds", took)
    async with identity.database.read() as session:
        taken = await session.scalar(text("SELECT count(*) FROM account_records WHERE level = 2"))
        told = await session.scalar(
            text("SELECT count(*) FROM outbox_event WHERE type = 'identity.diary_access_accepted.v1'")
        )
    assert (taken - 3, told) == (PUPILS, PUPILS), "three accounts were handed out by the school"
    assert took < 6


async def test_i_19_the_number_of_statements_is_constant(town, identity, queries):
    school_id = await town.settle(40)

    async def look(person_ids):
        with queries() as asked:
            async with identity.database.uow.begin() as tx:
                await reconsider_records(tx, town.keys, school_id, person_ids)
        return len(asked)

    one = await look(town.person_ids[:1])
    many = await look(town.person_ids[1:])
    assert one == many <= 22
    assert await look(town.person_ids) <= one, "nothing new: nothing to take, nothing to tell"


async def test_i_19_every_look_up_goes_by_an_index(town, identity):
    """With the planner's own choice, on a filled table."""
    school_id = await town.settle()
    few = {"account_ids": town.account_ids[:1]}
    looks = [
        (sides._OWN_SIDE, few),
        (sides._CANDIDATES, few),
        (sides._CANDIDATES_IN_SCHOOL, {**few, "school_id": school_id}),
        (
            sides._AFFECTED,
            {"school_id": school_id, "person_ids": town.person_ids[:1], "now": identity.database.clock()},
        ),
    ]
    async with identity.database.read() as session:
        for statement, given in looks:
            explained = text(f"EXPLAIN {statement.text}").bindparams(*statement._bindparams.values())
            plan = "\n".join(await session.scalars(explained, given))
            for table in ("people", "account_identifiers", "accounts"):
                assert f"Seq Scan on {table} " not in plan, plan
            if statement is not sides._OWN_SIDE:
                assert "ix_people_phone" in plan or "ix_account_identifiers_proved" in plan, plan


async def test_i_19_a_number_that_stands_everywhere_proves_nothing(town, identity, matching):
    """The school's own number on fifty records and more: whoever has proved it is nobody's parent by that."""
    await town.settle(60)
    async with identity.database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE people SET phone_index = :index WHERE source_id LIKE 'p-%'"),
            {"index": town._index("phone", 0)},
        )
    clerk = await matching.register("Алексеев Антон Иванович", phone="+79110000999", email="clerk@zvonok.example")
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(
            text("DELETE FROM account_identifiers WHERE kind = 'phone' AND account_id = ANY(:ids)"),
            {"ids": town.account_ids},
        )
        await tx.session.execute(
            text("UPDATE account_identifiers SET value_index = :index WHERE account_id = :id AND kind = 'phone'"),
            {"index": town._index("phone", 0), "id": clerk.account_id},
        )
        await reconsider_account(tx, town.keys, clerk.account_id)
    assert await matching.outcomes(clerk) == []
