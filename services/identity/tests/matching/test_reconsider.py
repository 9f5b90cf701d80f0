"""I-19, I-21: the decision in the service, on keyed hashes, in the transaction of the change."""

import asyncio
import json

import pytest
from sqlalchemy import text

from identity.matching.reconsider import reconsider_account
from shared.crypto import unseal

MOTHER = "Соколова Анна Викторовна"
MOTHER_PHONE = "+79000000002"
MOTHER_EMAIL = "sokolova@zvonok.example"
FATHER = "Соколов Дмитрий Андреевич"
FATHER_PHONE = "+79000000003"


async def said(matching, emitted, name):
    return [event for event in await emitted(matching.identity.database) if type(event).__name__ == name]


async def test_i_19_both_contacts_proved_opens_the_diaries(matching, emitted):
    """I-19, row 8."""
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    access = await matching.access(mother)
    assert [(i["given_name"], i["relation"], i["level"]) for i in access["items"]] == [
        ("Михаил", "representative", 2),
        ("Ольга", "representative", 2),
    ]
    assert access["what_to_do"] == []
    assert await matching.outcomes(mother) == [("accept", "both_contacts_proved", 2)]
    granted = await said(matching, emitted, "BindingGranted")
    assert {e.account_id for e in granted if e.level == 2} >= {mother.account_id}


async def test_i_18_mailboxes_meet_in_their_comparable_form(matching):
    """I-18: what is hashed on both sides is the form in which mailboxes are compared."""
    await matching.change_record("usr-father", email="d.sokolov+school@gmail.com", phone=None)
    father = await matching.register(FATHER, phone="+79001110000", email="DSokolov@googlemail.com")
    assert await matching.outcomes(father) == [("accept", "one_contact_proved", 2)]


async def test_i_19_unproved_contacts_open_nothing(matching):
    """I-19, row 1: what has not been proved leads nowhere, and is not even looked for."""
    stranger = await matching.register(MOTHER, proved="", phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    assert (await matching.access(stranger))["items"] == []
    assert await matching.outcomes(stranger) == []


async def test_i_19_a_record_with_another_name_is_no_candidate(matching):
    """I-19: the number has changed hands; its new owner learns nothing of the old one."""
    stranger = await matching.register("Петров Пётр Петрович", phone=MOTHER_PHONE, email="petrov@zvonok.example")
    assert await matching.outcomes(stranger) == []
    assert (await matching.access(stranger))["what_to_do"][0]["outcome"] == "pass_data_to_teacher"


async def test_i_19_a_shared_contact_gives_level_1_and_a_second_proof_raises_it(matching, emitted):
    """I-19, row 10 and its end: 1 → 2 by a second, unshared proof."""
    await matching.change_record("usr-father", phone=MOTHER_PHONE)
    mother = await matching.register(MOTHER, proved="phone", phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    assert {i["level"] for i in (await matching.access(mother))["items"]} == {1}
    await matching.prove(mother, "email", MOTHER_EMAIL)
    assert {i["level"] for i in (await matching.access(mother))["items"]} == {2}
    raised = await said(matching, emitted, "BindingLevelChanged")
    assert {(e.account_id, e.level) for e in raised} == {(mother.account_id, 2)}


async def test_i_21_a_contact_that_changes_later_takes_nothing_away(matching, emitted):
    """I-21: a binding points at the record, not at the contact."""
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    await matching.change_record("usr-mother", phone="+79005550000", email="new@zvonok.example", surname="Иванова")
    await matching.prove(mother, "phone", "+79007770000")
    assert {i["level"] for i in (await matching.access(mother))["items"]} == {2}
    assert not await said(matching, emitted, "BindingRevoked")
    assert await matching.reviews() == []


async def test_i_21_the_teachers_save_opens_the_diary(matching, emitted):
    """I-21: whichever side changes, the decision follows in the same transaction."""
    mother = await matching.register(MOTHER, phone="+79001112233", email="mama@zvonok.example")
    assert await matching.outcomes(mother) == []
    await matching.change_record("usr-mother", phone="+79001112233", email=None)
    assert await matching.outcomes(mother) == [("accept", "one_contact_proved", 2)]
    assert len((await matching.access(mother))["items"]) == 2


async def test_i_21_every_acceptance_is_announced_to_the_records_contacts(matching, emitted, sealing_key):
    """I-21; law 7: the contacts travel sealed, and so does the secret."""
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    (event,) = await said(matching, emitted, "DiaryAccessAccepted")
    record = await matching.record("usr-mother")
    assert (event.account_id, event.person_id, event.level) == (mother.account_id, record.person_id, 2)
    told = json.loads(unseal(sealing_key, event.sealed["notifications"], f"record:{record.person_id}"))
    assert (told["phone"], told["email"]) == (MOTHER_PHONE, MOTHER_EMAIL)
    async with matching.identity.database.read() as session:
        dump = str((await session.execute(text("SELECT * FROM access_claims"))).all())
    assert told["undo"] not in dump
    assert told["undo"] not in event.payload().decode()


@pytest.mark.parametrize("attempt", range(3))
async def test_i_19_two_accounts_racing_for_one_record(matching, emitted, attempt):
    """I-19, row 4: real parallel transactions; one wins, the other is a conflict for the teacher."""
    both = {"phone": MOTHER_PHONE, "email": MOTHER_EMAIL, "reconsidered": False}
    first = await matching.register(MOTHER, proved="phone", **both)
    second = await matching.register(MOTHER, proved="email", **both)

    async def look(who):
        async with matching.identity.database.uow.begin() as tx:
            await reconsider_account(tx, matching.keys, who.account_id)

    await asyncio.gather(look(first), look(second))
    outcomes = sorted((await matching.outcomes(first)) + (await matching.outcomes(second)))
    assert [outcome for outcome, _, _ in outcomes] == ["accept", "conflict"]
    assert [review.kind for review in await matching.reviews()] == ["conflict"]
    assert len(await said(matching, emitted, "DiaryAccessAccepted")) == 1


async def test_i_15_whoever_leaves_the_school_leaves_no_outcome(matching, bundle, identity, emitted):
    """I-15: the record is gone from the bundle; access ends, outcomes and questions with it."""
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    await matching.register("Соколова Анна Викторвна", proved="phone", phone="+79003332211", email="x@zvonok.example")
    await matching.change_record("usr-father", surname="Соколин")
    await matching.register(FATHER, phone=FATHER_PHONE, email="papa@zvonok.example")
    assert [review.kind for review in await matching.reviews()] == ["review"]
    for file, column in (("users.csv", "sourcedId"), ("roles.csv", "userSourcedId")):
        bundle.files[file] = [row for row in bundle.files[file] if row[column] not in {"usr-mother", "usr-father"}]
    for row in bundle.files["users.csv"]:
        row["agentSourcedIds"] = ""
    bundle.files["demographics.csv"] = [r for r in bundle.files["demographics.csv"] if r["sourcedId"] != "usr-mother"]
    await identity.load(bundle)
    assert (await matching.access(mother))["items"] == []
    assert await matching.outcomes(mother) == []
    assert await matching.reviews() == []
    assert len(await said(matching, emitted, "BindingRevoked")) == 2


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
async def test_i_21_both_sides_at_the_same_moment(matching, monkeypatch, locked):
    """I-21: the owner proves a phone while the teacher saves it. The control, without the locks, misses it for good."""
    if not locked:

        async def no_lock(*_args):
            return None

        for name in ("lock_contacts_of_account", "lock_contacts_of_records"):
            monkeypatch.setattr(f"identity.matching.reconsider.{name}", no_lock)
    phone = "+79001112233"
    father = await matching.register(FATHER, proved="", email="papa@zvonok.example")
    async with matching.identity.database.uow.begin() as tx:
        key, _ = matching.keys.vault.new_person_key()
        await matching._identify(tx, father.account_id, key, "phone", phone, True)
        await reconsider_account(tx, matching.keys, father.account_id)
        saving = asyncio.create_task(matching.change_record("usr-father", phone=phone))
        # The teacher's transaction is either done, having seen nothing, or waits for this one.
        async with asyncio.timeout(20):
            while not saving.done() and not await _somebody_waits(matching):  # noqa: ASYNC110 -- it lives in a database
                await asyncio.sleep(0.01)
        assert saving.done() is not locked
    await saving
    found = await matching.outcomes(father)
    assert found == ([("accept", "one_contact_proved", 2)] if locked else [])


async def _somebody_waits(matching):
    async with matching.identity.database.read() as session:
        waiting = text(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return await session.scalar(waiting)


async def test_i_19_a_parent_called_like_the_child_is_not_taken_for_it(identity, matching):
    """I-19: with the child's surname and given name, without patronymic, and the own phone on the child's record."""
    await matching.change_record("usr-pupil", phone="+79004445566")
    child = await matching.record("usr-pupil")
    name = f"{child.surname} {child.given_name}"
    contacts = {"phone": "+79004445566", "email": "alone@zvonok.example"}
    parent = await matching.register(name, proved="phone", **contacts)
    assert await matching.outcomes(parent) == []
    changed = await identity.http.patch(
        "/api/identity/v1/me/profile", headers=parent.headers, json={"role": "representative"}
    )
    assert changed.status_code == 200, changed.text
    assert await matching.outcomes(parent) == []


async def test_i_19_a_pupil_who_says_so_is_found(identity, matching, problem):
    """I-19, I-21: the word in the profile makes schools look again; a pupil does not become a representative by it."""
    await matching.change_record("usr-pupil", phone="+79004445566")
    child = await matching.record("usr-pupil")
    name = f"{child.surname} {child.given_name}"
    pupil = await matching.register(name, proved="phone", phone="+79004445566", email="alone@zvonok.example")
    path = "/api/identity/v1/me/profile"
    changed = await identity.http.patch(path, headers=pupil.headers, json={"role": "pupil"})
    assert {field["name"]: field["value"] for field in changed.json()["fields"]}["role"] == "pupil"
    assert [item["relation"] for item in (await matching.access(pupil))["items"]] == ["self"]
    for role in ("representative", None):
        answer = await identity.http.patch(path, headers=pupil.headers, json={"role": role})
        assert (answer.status_code, problem(answer)["code"]) == (409, "role_fixed")
