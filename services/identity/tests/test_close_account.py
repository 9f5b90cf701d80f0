"""I-2, I-10, law 7, and erasing: a closed account leaves nothing readable, and everything else works on."""

import pytest
from sqlalchemy import select, text

from identity.accounts.tables import accounts, bindings
from identity.registry.tables import staff_assignments
from shared.crypto import FieldUnreadable

BASE = "/api/identity/v1"


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


async def close(identity, headers):
    return await identity.http.delete(f"{BASE}/me", headers=headers)


async def kept_of(identity, account_id):
    """Every row of every table that names the account, as text."""
    async with identity.database.read() as session:
        columns = (
            await session.execute(
                text("SELECT table_name, column_name FROM information_schema.columns"
                     " WHERE table_schema = 'public' AND column_name = 'account_id'")
            )
        ).all()  # fmt: skip
        kept = {}
        for table, column in columns:
            rows = await session.execute(
                text(f'SELECT * FROM "{table}" WHERE "{column}" = :id'), {"id": account_id}  # noqa: S608 -- catalogue
            )  # fmt: skip
            kept[table] = [dict(row._mapping) for row in rows]
    return {table: rows for table, rows in kept.items() if rows}


async def test_erasing_leaves_no_name_no_contact_and_no_key(identity, known):
    headers = await identity.bearer("mother", known.password)
    await identity.http.patch(
        f"{BASE}/me/profile", json={"passport": "45 04 123456", "birth_date": "1986-07-02"}, headers=headers
    )
    account_id = await identity.account_id("mother")
    async with identity.database.read() as session:
        backup = await session.scalar(
            text("SELECT value FROM account_identifiers WHERE account_id = :id AND kind = 'phone'"), {"id": account_id}
        )
    assert (await close(identity, headers)).status_code == 204
    kept = await kept_of(identity, account_id)
    for gone in ("account_identifiers", "account_details", "credentials", "account_records", "contact_changes",
                 "one_time_codes", "known_devices", "match_outcomes"):  # fmt: skip
        assert gone not in kept
    (row,) = kept["accounts"]
    assert (row["status"], row["surname"], row["given_name"], row["patronymic"]) == ("disabled", "", "", None)
    assert all(session["device"] == "" for session in kept["sessions"])
    assert backup, "a backup still has the ciphertext, but nobody has the key"
    with pytest.raises(FieldUnreadable):
        identity.container.keys.vault.open_person_key(row["data_key"])
    everything = str(kept)
    for secret in ("Соколова", "9000000002", "sokolova", "45 04"):
        assert secret not in everything


async def test_closing_ends_sessions_and_diaries_and_tells_the_town(identity, known, emitted):
    headers = await identity.bearer("mother", known.password)
    account_id = await identity.account_id("mother")
    before = len(await emitted(identity.database))
    assert (await close(identity, headers)).status_code == 204
    said = (await emitted(identity.database))[before:]
    names = [type(event).__name__ for event in said]
    assert sorted(names) == ["AccountDisabled", "BindingRevoked", "BindingRevoked", "SessionsRevoked"]
    assert {getattr(event, "account_id", None) for event in said} == {account_id}
    async with identity.database.read() as session:
        states = await session.scalars(select(bindings.c.state).where(bindings.c.account_id == account_id))
    assert set(states) == {"revoked"}, "tombstones stay, so that a late grant revives nothing"
    assert (await identity.http.get(f"{BASE}/me", headers=headers)).status_code == 401
    assert (await identity.sign_in("mother", known.password)).status_code == 401
    assert (await identity.sign_in(known.mother_phone, known.password)).status_code == 401


async def test_the_rest_of_the_town_works_on(identity, bundle, known):
    """The father reads, the school imports again, its record of the mother stays the school's."""
    await close(identity, await identity.bearer("mother", known.password))
    father = await identity.bearer("father", known.password)
    diaries = (await identity.http.get(f"{BASE}/me/access", headers=father)).json()["items"]
    assert [diary["given_name"] for diary in diaries if diary["outcome"] == "accept"] == ["Михаил"]
    report = await identity.load(bundle)
    assert report.counts["people"].changed == 0
    async with identity.database.read() as session:
        surname = await session.scalar(text("SELECT surname FROM people WHERE source_id = 'usr-mother'"))
    assert surname == "Соколова"


async def test_a_closed_account_frees_its_contacts(identity, known, post):
    """Whoever proves the phone next has it: here the father takes over the number."""
    await close(identity, await identity.bearer("mother", known.password))
    father = await identity.bearer("father", known.password)
    asked = await identity.http.post(f"{BASE}/me/contacts/phone", json={"phone": known.mother_phone}, headers=father)
    assert asked.status_code == 202
    letter = await post.latest()
    assert letter.event.purpose == "contact_change"
    proved = await identity.http.post(f"{BASE}/me/contacts/phone/code", json={"code": letter.code}, headers=father)
    assert proved.status_code == 204
    assert await identity.account_id(known.mother_phone) == await identity.account_id("father")


async def test_duties_of_staff_stay_without_an_account(identity, known, emitted):
    headers = await identity.bearer("teacher", known.password)
    before = len(await emitted(identity.database))
    assert (await close(identity, headers)).status_code == 204
    told = [e for e in (await emitted(identity.database))[before:] if type(e).__name__ == "StaffAssigned"]
    async with identity.database.read() as session:
        rows = (await session.execute(select(staff_assignments))).all()
    teachers = {row.assignment_id: row for row in rows if row.person_id == told[0].person_id}
    assert {event.assignment_id for event in told} == set(teachers)
    for event in told:
        row = teachers[event.assignment_id]
        assert (event.account_id, row.account_id) == (None, None)
        assert event.edge_version == row.edge_version == 2


async def test_closing_needs_the_password_again(identity, known, moment, problem):
    headers = await identity.bearer("mother", known.password)
    moment.passes(minutes=6)
    refused = await close(identity, headers)
    assert (refused.status_code, problem(refused)["code"]) == (403, "step_up_required")
    async with identity.database.read() as session:
        assert set(await session.scalars(select(accounts.c.status))) == {"active"}


async def test_a_link_on_its_way_proves_nothing_any_more(identity, known, post):
    headers = await identity.bearer("mother", known.password)
    await identity.http.post(f"{BASE}/me/contacts/email", json={"email": "new@zvonok.example"}, headers=headers)
    letter = await post.latest()
    await close(identity, headers)
    refused = await identity.http.post(f"{BASE}/contact-links", json={"token": letter.link})
    assert refused.status_code == 422
