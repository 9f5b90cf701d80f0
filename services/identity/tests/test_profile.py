"""I-2, I-3, I-4, I-5, I-10, I-11: the own data, contacts, the password."""

import asyncio

import pytest
from sqlalchemy import select, text

from identity.accounts.tables import account_details, account_identifiers
from identity.matching.reconsider import reconsider_account
from shared.contacts import snils_check_number
from shared.crypto import unseal

BASE = "/api/identity/v1"
PROFILE = f"{BASE}/me/profile"
NEW_PHONE = "+79161234567"
FREE_SNILS = "087654303" + snils_check_number("087654303")
NEW_EMAIL = "New.Mailbox@zvonok.example"


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.fixture
async def mother(identity, known):
    return await identity.bearer("mother", known.password)


@pytest.fixture
def ask(identity, mother):
    async def ask(kind, value, headers=None):
        return await identity.http.post(f"{BASE}/me/contacts/{kind}", json={kind: value}, headers=headers or mother)

    return ask


@pytest.fixture
def prove(identity, mother):
    async def prove(letter, headers=None):
        if letter.link:
            return await identity.http.post(f"{BASE}/contact-links", json={"token": letter.link})
        body = {"code": letter.code or "000000"}
        return await identity.http.post(f"{BASE}/me/contacts/phone/code", json=body, headers=headers or mother)

    return prove


async def fields(identity, headers):
    answer = await identity.http.get(PROFILE, headers=headers)
    assert answer.status_code == 200, answer.text
    return {field.pop("name"): field for field in answer.json()["fields"]}


async def said(identity, emitted, name):
    return [event for event in await emitted(identity.database) if type(event).__name__ == name]


async def test_i_5_every_field_says_what_it_is(identity, mother):
    shown = await fields(identity, mother)
    assert list(shown) == [
        "surname", "given_name", "patronymic", "role", "phone", "email", "snils",
        "sex", "birth_date", "birth_place", "citizenship", "passport",
    ]  # fmt: skip
    assert shown["surname"] == {
        "value": "Соколова", "masked": False, "proved": None, "needed_for_diary": True, "waiting": None,
    }  # fmt: skip
    assert shown["phone"] == {
        "value": "+7 *** ***-00-02", "masked": True, "proved": True, "needed_for_diary": True, "waiting": None,
    }  # fmt: skip
    assert (shown["snils"]["value"], shown["snils"]["proved"]) == ("***-***-*45 95", False)
    assert shown["passport"] == {
        "value": None, "masked": True, "proved": None, "needed_for_diary": False, "waiting": None,
    }  # fmt: skip


async def test_i_19_a_snils_is_needed_where_a_school_wants_it(identity, mother):
    assert (await fields(identity, mother))["snils"]["needed_for_diary"] is False
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(text("UPDATE schools SET requires_snils = true"))
        await reconsider_account(tx, identity.container.keys, await identity.account_id("mother"))
    assert (await fields(identity, mother))["snils"]["needed_for_diary"] is True


async def test_i_1_the_rest_of_the_profile(identity, mother):
    changes = {
        "sex": "female",
        "birth_date": "1986-07-02",
        "birth_place": "г. Тверь",
        "citizenship": "RU",
        "passport": "45 04 123456",
    }
    answer = await identity.http.patch(PROFILE, json=changes, headers=mother)
    assert answer.status_code == 200, answer.text
    shown = {field["name"]: field["value"] for field in answer.json()["fields"]}
    assert {name: shown[name] for name in changes} == {
        "sex": "female",
        "birth_date": "**.**.1986",
        "birth_place": "г***",
        "citizenship": "RU",
        "passport": "*** 56",
    }
    async with identity.database.read() as session:
        row = (await session.execute(select(account_details))).one()
    for name, value in changes.items():
        assert value.encode() not in getattr(row, name), "encrypted"
    async with identity.database.read() as session:
        same = await session.scalar(
            text("SELECT count(*) FROM people WHERE birth_date_index = :index"), {"index": row.birth_date_index}
        )
    assert same == 1, "comparable with the school's record, unread"
    cleared = await identity.http.patch(PROFILE, json={"passport": None, "birth_date": None}, headers=mother)
    shown = {field["name"]: field["value"] for field in cleared.json()["fields"]}
    assert (shown["passport"], shown["birth_date"], shown["sex"]) == (None, None, "female")


async def test_i_21_a_new_name_is_told(identity, mother, emitted):
    before = len(await emitted(identity.database))
    answer = await identity.http.patch(PROFILE, json={"surname": " Белова ", "locale": "en"}, headers=mother)
    assert answer.status_code == 200
    new = (await emitted(identity.database))[before:]
    registered, reachable = new[0], new[1]
    assert (registered.surname, registered.given_name, registered.locale) == ("Белова", "Анна", "en")
    assert reachable.surname_hash == identity.container.keys.town_hash("surname", "белова")
    assert len(reachable.phone_hashes) == 1
    await identity.http.patch(PROFILE, json={"surname": "Белова"}, headers=mother)
    assert len(await emitted(identity.database)) == before + len(new), "no change, no word"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"snils": "112-233-445 96"}, "body.snils", "snils_invalid"),
        ({"surname": None}, "body", "missing"),
        ({"given_name": ""}, "body.given_name", "name_invalid"),
        ({"phone": "+79161234567"}, "body.phone", "extra_forbidden"),
        ({"birth_date": "1899-12-31"}, "body.birth_date", "birth_date_invalid"),
        ({"sex": "x"}, "body.sex", "literal_error"),
        ({"citizenship": "Россия"}, "body.citizenship", "string_pattern_mismatch"),
        ({"is_operator": True}, "body.is_operator", "extra_forbidden"),
    ],
)
async def test_i_4_what_is_not_taken(identity, mother, problem, changes, field, code):
    answer = await identity.http.patch(PROFILE, json=changes, headers=mother)
    assert (answer.status_code, problem(answer)["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


async def test_i_4_nobody_is_born_tomorrow(identity, mother, problem):
    refused = await identity.http.patch(PROFILE, json={"birth_date": "2999-12-31"}, headers=mother)
    assert (refused.status_code, problem(refused)["code"]) == (422, "birth_date_in_future")


async def test_i_7_an_own_snils_signs_in_and_takes_nothing_from_anybody(identity, known, mother, queries):
    """A СНИЛС that somebody else stated first is answered like a free one, by the same statements."""
    seen = []
    father = await identity.bearer("father", known.password)
    for snils in (known.mother_snils, FREE_SNILS):
        with queries() as statements:
            answer = await identity.http.patch(PROFILE, json={"snils": snils}, headers=father)
        (shown,) = [field for field in answer.json()["fields"] if field["name"] == "snils"]
        seen.append((answer.status_code, shown["proved"], list(statements)))
    assert seen[0] == seen[1]
    assert (await identity.sign_in(FREE_SNILS, known.password)).status_code == 201
    assert (await identity.http.patch(PROFILE, json={"snils": None}, headers=father)).status_code == 200
    assert (await identity.sign_in(FREE_SNILS, known.password)).status_code == 401
    mothers = await identity.account_id(known.mother_snils)
    assert mothers == await identity.account_id("mother")


async def test_i_5_a_new_phone(identity, known, mother, ask, prove, post, emitted, sealing_key):
    """The code goes to the new one; the old one stays in force until then, and is told."""
    asked = await ask("phone", "8 916 123 45 67")
    assert (asked.status_code, asked.json()["masked"]) == (202, "+7 *** ***-45-67")
    shown = (await fields(identity, mother))["phone"]
    assert (shown["value"], shown["waiting"]) == ("+7 *** ***-00-02", "+7 *** ***-45-67")
    assert (await identity.sign_in(known.mother_phone, known.password)).status_code == 201
    sms = await post.latest()
    assert (sms.address, sms.event.purpose) == (NEW_PHONE, "contact_change")
    assert (await prove(sms)).status_code == 204

    assert (await identity.sign_in(NEW_PHONE, known.password)).status_code == 201
    assert (await identity.sign_in(known.mother_phone, known.password)).status_code == 401
    (notice,) = [e for e in await said(identity, emitted, "SecurityNoticed") if e.kind == "contact_changed"]
    old = unseal(sealing_key, notice.sealed_old_address["notifications"], f"security:{notice.notice_id}")
    assert (notice.contact, old) == ("phone", known.mother_phone)
    verified = (await said(identity, emitted, "ContactVerified"))[-1]
    new = unseal(sealing_key, verified.sealed["notifications"], f"contact:{verified.account_id}")
    assert (verified.kind, new) == ("phone", NEW_PHONE)
    hashes = (await said(identity, emitted, "AccountReachable"))[-1].phone_hashes
    assert hashes == (identity.container.keys.town_hash("phone", NEW_PHONE),)
    assert (await fields(identity, mother))["phone"]["waiting"] is None


async def test_i_5_a_new_mailbox(identity, known, mother, ask, prove, post, emitted):
    assert (await ask("email", NEW_EMAIL)).status_code == 202
    letter = await post.latest()
    assert (letter.address, letter.code) == (NEW_EMAIL, None)
    assert (await identity.sign_in("sokolova@zvonok.example", known.password)).status_code == 201
    assert (await prove(letter)).json() == {"kind": "email", "masked": "N***@zvonok.example"}
    assert (await identity.sign_in(NEW_EMAIL, known.password)).status_code == 201
    assert (await identity.sign_in("sokolova@zvonok.example", known.password)).status_code == 401
    (notice,) = [e for e in await said(identity, emitted, "SecurityNoticed") if e.kind == "contact_changed"]
    assert notice.contact == "email"


async def test_i_5_changing_contacts_needs_the_password_again(identity, known, ask, moment, problem):
    headers = await identity.bearer("mother", known.password)
    moment.passes(minutes=6)
    for kind, value in (("phone", NEW_PHONE), ("email", NEW_EMAIL)):
        refused = await ask(kind, value, headers)
        assert (refused.status_code, problem(refused)["code"]) == (403, "step_up_required")
    stepped = await identity.http.post(f"{BASE}/sessions/step-up", json={"password": known.password}, headers=headers)
    fresh = {"Authorization": f"Bearer {stepped.json()['access_token']}"}
    assert (await ask("phone", NEW_PHONE, fresh)).status_code == 202


async def test_i_2_a_link_for_the_value_before_proves_nothing(ask, prove, post, moment, problem):
    await ask("email", "first@zvonok.example")
    first = await post.latest()
    moment.passes(seconds=61)
    await ask("email", "second@zvonok.example")
    second = await post.latest()
    refused = await prove(first)
    assert (refused.status_code, problem(refused)["code"]) == (422, "link_refused")
    assert (await prove(second)).status_code == 200


async def test_i_3_anothers_phone_is_answered_like_a_free_one(identity, known, ask, prove, post, queries, problem):
    """The stranger is told nothing, by nothing; the owner is told."""
    seen = []
    for phone in ("+79000000003", "+79161111111"):
        with queries() as statements:
            asked = await ask("phone", phone)
            refused = await identity.http.post(
                f"{BASE}/me/contacts/phone/code", json={"code": "999999"}, headers=asked.request.headers
            )
        seen.append((asked.status_code, set(asked.json()), refused.status_code, problem(refused), list(statements)))
    for each in seen:
        each[3].pop("instance", None)
    assert seen[0] == seen[1]
    told, code = await post.read()
    assert (told.event.purpose, told.event.account_id) == (
        "already_registered",
        await identity.account_id("father"),
    )
    assert code.event.purpose == "contact_change"
    assert (await identity.sign_in("+79000000003", known.password)).status_code == 201, "still the father's"


async def test_i_2_of_two_who_prove_one_mailbox_one_has_it(identity, known, ask, post, prove, moment, problem):
    father = await identity.bearer("father", known.password)
    await ask("email", NEW_EMAIL)
    moment.passes(seconds=61)
    await ask("email", NEW_EMAIL, father)
    answers = await asyncio.gather(*(prove(letter) for letter in await post.read()))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (late,) = [answer for answer in answers if answer.status_code == 409]
    assert problem(late)["code"] == "contact_taken"


async def test_i_2_nothing_to_prove(prove, post, identity, mother, problem):
    refused = await identity.http.post(f"{BASE}/me/contacts/phone/code", json={"code": "123456"}, headers=mother)
    assert (refused.status_code, problem(refused)["code"]) == (404, "contact_change_not_found")


async def test_i_2_an_unproved_value_stands_in_the_profile_and_reserves_nothing(identity, known, ask, post):
    pupil = await identity.bearer("pupil", known.password)
    assert (await ask("email", "sokolova@zvonok.example", pupil)).status_code == 202
    shown = (await fields(identity, pupil))["email"]
    assert (shown["value"], shown["proved"]) == ("s***@zvonok.example", False)
    me = (await identity.http.get(f"{BASE}/me", headers=pupil)).json()
    assert (me["missing"], me["unproved"]) == (["phone"], ["email"])
    async with identity.database.read() as session:
        signs_in = await session.scalars(
            select(account_identifiers.c.signs_in).where(
                account_identifiers.c.account_id == await identity.account_id("pupil"),
                account_identifiers.c.kind == "email",
            )
        )
    assert signs_in.one() is False
    assert (await post.latest()).event.purpose == "already_registered"


async def change_password(identity, headers, old, new):
    body = {"old_password": old, "password": new, "password_again": new}
    return await identity.http.post(f"{BASE}/me/password", json=body, headers=headers)


async def test_i_10_a_new_password_ends_the_other_sessions(identity, known, mother, emitted):
    other = await identity.bearer("mother", known.password)
    new = "сорок две вороны"
    assert (await change_password(identity, mother, known.password, new)).status_code == 204
    assert (await identity.http.get(f"{BASE}/me", headers=mother)).status_code == 200, "this one goes on"
    assert (await identity.http.get(f"{BASE}/me", headers=other)).status_code == 401
    assert (await identity.sign_in("mother", known.password)).status_code == 401
    assert (await identity.sign_in("mother", new)).status_code == 201
    assert "password_changed" in [e.kind for e in await said(identity, emitted, "SecurityNoticed")]


async def test_i_5_a_new_password_lets_no_waiting_contact_in(identity, known, mother, ask, prove, post):
    await ask("email", NEW_EMAIL)
    letter = await post.latest()
    assert (await change_password(identity, mother, known.password, "сорок две вороны")).status_code == 204
    assert (await prove(letter)).status_code == 422


async def test_i_8_guessing_the_old_password_is_throttled(identity, mother):
    tried = [await change_password(identity, mother, "wrong", "сорок две вороны") for _ in range(6)]
    assert [answer.status_code for answer in tried] == [401] * 5 + [429]


async def test_i_7_a_new_password_of_the_first_guess(identity, known, mother, problem):
    for new in ("short", "password1", "Соколова-Анна", "9000000002"):
        refused = await change_password(identity, mother, known.password, new)
        assert (refused.status_code, problem(refused)["code"]) == (422, "password_unacceptable")


async def test_parallel_changes_of_a_profile_both_stand(identity, mother):
    changes = ({"sex": "female"}, {"birth_place": "Тверь"}, {"citizenship": "RU"}, {"passport": "45 04 123456"})
    answers = await asyncio.gather(*(identity.http.patch(PROFILE, json=each, headers=mother) for each in changes))
    assert {answer.status_code for answer in answers} == {200}
    shown = await fields(identity, mother)
    assert all(shown[name]["value"] for each in changes for name in each)


async def test_reading_the_profile_takes_a_constant_number_of_queries(identity, mother, queries):
    with queries() as statements:
        await fields(identity, mother)
    assert len(statements) == 6, "is the session still on; the rest is the profile"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me/profile"),
        ("PATCH", "/me/profile"),
        ("POST", "/me/contacts/phone"),
        ("POST", "/me/contacts/email"),
        ("POST", "/me/contacts/phone/code"),
        ("POST", "/me/password"),
        ("DELETE", "/me"),
    ],
)
async def test_strangers_are_refused(identity, method, path):
    assert (await identity.http.request(method, f"{BASE}{path}", json={})).status_code == 401
