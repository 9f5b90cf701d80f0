"""I-1, I-2, I-3, I-4: registering."""

import asyncio
import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from identity.accounts.facts import contact_verified
from identity.accounts.tables import account_identifiers, account_records, accounts
from identity.codes.tables import one_time_codes
from identity.consents.tables import consents
from identity.consents.texts import TEXTS
from identity.registration import start_registration
from identity.registration.tables import registrations
from identity.registry.tables import people
from identity.worker import clear_away

BASE = "/api/identity/v1"
URL = f"{BASE}/registrations"
PASSWORD = "сорок две вороны"
VERSION = TEXTS["personal_data"][-1].version

FORM = {
    "surname": "Ветрова",
    "given_name": "Ирина",
    "patronymic": "Олеговна",
    "email": "I.Vetrova@zvonok.example",
    "phone": "8 (916) 123-45-67",
    "consent_version": VERSION,
}
PHONE = "+79161234567"
SNILS = "112-233-445 95"


@pytest.fixture
def register(identity, post):
    class Steps:
        async def form(self, headers=None, **fields):
            body = {name: value for name, value in (FORM | fields).items() if value is not None}
            return await identity.http.post(URL, json=body, headers=headers)

        async def code(self, token, code):
            return await identity.http.post(f"{URL}/code", json={"registration_token": token, "code": code})

        async def password(self, token, password=PASSWORD, again=None):
            body = {"registration_token": token, "password": password, "password_again": again or password}
            return await identity.http.post(f"{URL}/password", json=body)

        async def proved(self, **fields):
            started = await self.form(**fields)
            assert started.status_code == 202, started.text
            token = started.json()["registration_token"]
            proved = await self.code(token, (await post.latest()).code)
            assert proved.status_code == 204, proved.text
            return token

        async def whole(self, **fields):
            answer = await self.password(await self.proved(**fields))
            assert answer.status_code == 201, answer.text
            return answer.json()

    return Steps()


def bearer(made):
    return {"Authorization": f"Bearer {made['session']['access_token']}"}


async def account_of(identity, made):
    async with identity.database.read() as session:
        return (await session.execute(select(accounts).where(accounts.c.account_id == made["account_id"]))).one()


async def count(identity, table):
    async with identity.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table))


async def test_i_1_form_code_password_profile(identity, register, post, emitted):
    """The whole way; each step over HTTP, the code from the SMS."""
    started = await register.form(snils=SNILS)
    assert set(started.json()) == {"registration_token", "code_expires_at", "expires_at"}
    token = started.json()["registration_token"]
    sms = await post.latest()
    assert (sms.address, sms.event.channel, sms.event.purpose) == (PHONE, "sms", "registration")
    assert (await register.code(token, sms.code)).status_code == 204
    made = (await register.password(token)).json()
    assert made["account_id"] == str(sms.event.account_id), "codes were in the stream of the account"

    me = (await identity.http.get(f"{BASE}/me", headers=bearer(made))).json()
    assert (me["surname"], me["given_name"], me["patronymic"]) == ("Ветрова", "Ирина", "Олеговна")
    assert me["phone"] == {"masked": "+7 *** ***-45-67", "proved": True}
    assert me["email"] == {"masked": "I***@zvonok.example", "proved": False}
    assert me["snils"]["proved"] is False
    assert (me["missing"], me["unproved"]) == ([], ["email"])
    assert (await identity.sign_in(PHONE, PASSWORD)).status_code == 201
    assert (await identity.sign_in("i.vetrova@zvonok.example", PASSWORD)).status_code == 401, "not proved yet"
    assert (await identity.sign_in(SNILS, PASSWORD)).status_code == 201

    said = [type(event).__name__ for event in await emitted(identity.database)]
    assert said[:4] == ["CodeIssued", "AccountRegistered", "ContactVerified", "AccountReachable"]
    assert await count(identity, registrations) == 0
    async with identity.database.read() as session:
        (kept,) = (await session.execute(select(consents))).all()
    assert (str(kept.account_id), kept.kind, kept.version) == (made["account_id"], "personal_data", VERSION)


async def test_i_2_the_mailbox_is_proved_by_a_link_and_looking_changes_nothing(identity, register, post, emitted):
    made = await register.whole()
    mail = await post.latest()
    assert (mail.address, mail.event.channel, mail.event.purpose) == (FORM["email"], "email", "registration")
    links = f"{BASE}/contact-links"
    looked = await identity.http.get(links, params={"token": mail.link})
    assert looked.status_code == 405
    assert (await identity.sign_in(FORM["email"], PASSWORD)).status_code == 401
    proved = await identity.http.post(links, json={"token": mail.link})
    assert proved.json() == {"kind": "email", "masked": "I***@zvonok.example"}
    assert (await identity.sign_in("i.VETROVA@zvonok.example", PASSWORD)).status_code == 201
    assert (await identity.http.post(links, json={"token": mail.link})).json()["code"] == "link_refused"
    me = (await identity.http.get(f"{BASE}/me", headers=bearer(made))).json()
    assert me["email"]["proved"]
    assert [e.kind for e in await emitted(identity.database) if type(e).__name__ == "ContactVerified"] == [
        "phone",
        "email",
    ]


async def test_i_2_an_unproved_form_reserves_nothing(identity, register, post):
    """A stranger's form with my number does not stand in my way, and expires."""
    await register.form(surname="Чужой")
    assert await count(identity, accounts) == await count(identity, account_identifiers) == 0
    async with identity.database.uow.begin() as tx:  # a minute later
        await tx.session.execute(one_time_codes.update().values(asked_at=tx.now - timedelta(seconds=61)))
    made = await register.whole()
    assert made["session"]


async def test_i_2_no_account_without_the_code(identity, register, post, problem):
    token = (await register.form()).json()["registration_token"]
    refused = await register.password(token)
    assert (refused.status_code, problem(refused)["code"]) == (409, "phone_not_proved")
    code = (await post.latest()).code
    wrong = await register.code(token, f"{(int(code) + 1) % 10**6:06d}")
    assert (wrong.status_code, problem(wrong)["code"]) == (422, "code_refused")
    assert (await register.password(token)).status_code == 409
    assert await count(identity, accounts) == 0


async def test_i_2_parallel_tries_over_http_are_five_at_most(identity, register, post):
    token = (await register.form()).json()["registration_token"]
    code = (await post.latest()).code
    guesses = [f"{(int(code) + 1 + n) % 10**6:06d}" for n in range(30)]
    answers = await asyncio.gather(*(register.code(token, guess) for guess in guesses))
    assert {answer.status_code for answer in answers} == {422}
    async with identity.database.read() as session:
        assert await session.scalar(select(one_time_codes.c.tries)) == 5
    assert (await register.code(token, code)).status_code == 422


async def test_i_2_a_code_belongs_to_its_registration(register, post, moment):
    mine = (await register.form()).json()["registration_token"]
    my_code = (await post.latest()).code
    theirs = (await register.form(phone="+79161234568")).json()["registration_token"]
    their_code = (await post.latest()).code
    if my_code != their_code:
        assert (await register.code(theirs, my_code)).status_code == 422
    assert (await register.code(mine, my_code)).status_code == 204


async def test_i_2_another_code_after_a_minute(identity, register, post, moment, problem):
    token = (await register.form()).json()["registration_token"]
    resend = {"url": f"{URL}/code/resend", "json": {"registration_token": token}}
    early = await identity.http.post(**resend)
    assert (early.status_code, problem(early)["code"]) == (429, "too_many_codes")
    assert early.headers["retry-after"] == "60"
    moment.passes(seconds=60)
    assert (await identity.http.post(**resend)).status_code == 202
    first, second = await post.read()
    assert first.code == second.code or (await register.code(token, first.code)).status_code == 422
    assert (await register.code(token, second.code)).status_code == 204


async def test_i_1_an_account_is_made_once(identity, register):
    token = await register.proved()
    answers = await asyncio.gather(*(register.password(token) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 5
    assert await count(identity, accounts) == 1


async def test_i_2_of_two_who_prove_one_phone_the_first_has_it(identity, register, moment, problem):
    first = await register.proved()
    moment.passes(seconds=61)
    second = await register.proved(surname="Другая", email="other@zvonok.example")
    answers = await asyncio.gather(register.password(first), register.password(second))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (late,) = [answer for answer in answers if answer.status_code == 409]
    assert problem(late)["code"] == "contact_taken", "he holds the phone in his hands: he may know"
    assert await count(identity, accounts) == 1


async def test_i_1_a_representative_registers_a_child(identity, bundle, known, register, post):
    await identity.load(bundle)
    mother = await identity.bearer("mother", known.password)
    child = {"surname": "Соколова", "given_name": "Ольга", "patronymic": "Дмитриевна", "for_child": True}
    made = await register.whole(headers=mother, role="representative", **child)
    assert made["session"] is None
    kept = await account_of(identity, made)
    assert kept.registered_by == await identity.account_id("mother")
    assert kept.role == "pupil", "a child, whatever was ticked"
    assert (await identity.sign_in(PHONE, PASSWORD)).status_code == 201, "the child has an own sign-in"


@pytest.mark.parametrize("role", ["pupil", "representative", None])
async def test_i_19_registration_asks_what_one_is(identity, register, role):
    """I-19: «я — ученик / законный представитель»; whoever is neither says nothing."""
    made = await register.whole(role=role)
    assert (await account_of(identity, made)).role == role
    shown = (await identity.http.get(f"{BASE}/me/profile", headers=bearer(made))).json()["fields"]
    assert {field["name"]: field["value"] for field in shown}["role"] == role


async def test_i_19_an_account_of_a_school_has_the_role_of_its_record(identity, bundle):
    await identity.load(bundle)
    async with identity.database.read() as session:
        rows = await session.execute(
            select(people.c.kind, accounts.c.role)
            .join(account_records, account_records.c.person_id == people.c.person_id)
            .join(accounts, accounts.c.account_id == account_records.c.account_id)
        )
        roles = {tuple(row) for row in rows}
    assert roles == {("pupil", "pupil"), ("representative", "representative"), ("staff", None)}


async def test_i_1_only_who_is_signed_in_registers_a_child(register, problem):
    refused = await register.form(for_child=True)
    assert (refused.status_code, problem(refused)["code"]) == (401, "token_missing")
    refused = await register.form(for_child=True, headers={"Authorization": "Bearer nonsense"})
    assert (refused.status_code, problem(refused)["code"]) == (401, "token_invalid")


async def test_i_1_an_existing_account_of_the_child_is_reused(identity, bundle, known, register, post):
    """No second account is made: the answer is the same, the child is told of the account there is."""
    await register.whole()
    await identity.load(bundle)
    before = await count(identity, accounts)
    mother = await identity.bearer("mother", known.password)
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(one_time_codes.update().values(asked_at=tx.now - timedelta(seconds=61)))
    answer = await register.form(headers=mother, for_child=True)
    assert answer.status_code == 202
    letter = await post.latest()
    assert (letter.address, letter.event.purpose, letter.code) == (PHONE, "already_registered", None)
    token = answer.json()["registration_token"]
    assert [(await register.code(token, f"{n:06d}")).status_code for n in range(5)] == [422] * 5
    assert (await register.password(token)).status_code == 409
    assert await count(identity, accounts) == before


def shape(answer):
    """What an observer sees, without what is random in every answer."""
    volatile = {"x-request-id", "server-timing"}
    body = re.sub(r"zv[a-z]_[\w-]{43}", "TOKEN", answer.text)
    body = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "INSTANT", body)
    return answer.status_code, body, {k: v for k, v in answer.headers.items() if k not in volatile}


async def test_i_3_a_taken_phone_is_answered_like_a_free_one(identity, bundle, known, register, post, queries):
    """Status, body, headers and the very statements are the same at every step; so the time is."""
    await identity.load(bundle)

    async def walk(phone):
        with queries() as statements:
            started = await register.form(phone=phone)
            token = started.json()["registration_token"]
            await post.issue()
            statements.clear()
            again = await identity.http.post(f"{URL}/code/resend", json={"registration_token": token})
            code = await register.code(token, "123456")
            password = await register.password(token)
        with queries() as of_the_form:
            other = await register.form(phone=phone.replace("+79", "+7 9"))
        answers = [shape(answer) for answer in (started, again, code, password, other)]
        return answers, statements, of_the_form

    taken, free = await walk(known.mother_phone), await walk("+79161111111")
    assert taken == free
    assert [status for status, *_ in taken[0]] == [202, 429, 422, 409, 429]
    purposes = {letter.address: letter.event.purpose for letter in await post.read()}
    assert purposes == {known.mother_phone: "already_registered", "+79161111111": "registration"}


@pytest.fixture
def no_limits(monkeypatch):
    monkeypatch.setattr("identity.codes.ask_code.A_DAY", 10**6)
    monkeypatch.setattr("identity.codes.rules.A_DAY", 10**6)
    monkeypatch.setattr("identity.codes.rules.RESEND_AFTER", timedelta(0))
    monkeypatch.setattr("identity.sessions.rules.ADDRESS_FREE_FAILURES", 10**6)


async def test_i_3_taken_and_free_phones_take_equally_long(
    identity, bundle, known, register, no_limits, ratio_of_medians
):
    await identity.load(bundle)
    ratio = await ratio_of_medians(
        partial(register.form, phone=known.mother_phone), partial(register.form, phone="+79161111111")
    )
    assert 1 / 1.25 < ratio < 1.25, f"taken / free = {ratio:.3f}"


async def test_i_3_the_bound_would_see_a_message_that_is_made_at_once(
    identity, bundle, known, register, no_limits, monkeypatch, ratio_of_medians
):
    """Negative control: were the owner told by the request itself, it would take longer than the bound."""
    await identity.load(bundle)
    asked = start_registration.ask_code_to

    async def telling(tx, keys, contact, **options):
        if contact.value == known.mother_phone:
            tx.emit(contact_verified(keys, await identity.account_id("mother"), "phone", contact.value))
        return await asked(tx, keys, contact, **options)

    monkeypatch.setattr(start_registration, "ask_code_to", telling)
    ratio = await ratio_of_medians(
        partial(register.form, phone=known.mother_phone), partial(register.form, phone="+79161111111"), rounds=40
    )
    assert ratio > 1.25


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"phone": "12345"}, "body.phone", "phone_invalid"),
        ({"email": "иван@пример.рф"}, "body.email", "email_invalid"),
        ({"email": "nobody"}, "body.email", "email_invalid"),
        ({"snils": "112-233-445 96"}, "body.snils", "snils_invalid"),
        ({"snils": "000-000-000 00"}, "body.snils", "snils_invalid"),
        ({"surname": "  "}, "body.surname", "name_invalid"),
        ({"given_name": "123"}, "body.given_name", "name_invalid"),
        ({"surname": None}, "body.surname", "missing"),
        ({"admin": True}, "body.admin", "extra_forbidden"),
    ],
)
async def test_i_4_what_is_not_taken(register, problem, fields, field, code):
    answer = await register.form(**fields)
    document = problem(answer)
    assert (answer.status_code, document["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in document["errors"]] == [(field, code)]
    for value in fields.values():
        assert not isinstance(value, str) or not value.strip() or value not in answer.text, "never repeated"


@pytest.mark.parametrize(
    ("language", "message"), [("ru", "Это не номер телефона"), ("en", "This is not a phone number")]
)
async def test_i_4_mistakes_are_told_in_both_languages(register, language, message):
    answer = await register.form(phone="1", headers={"Accept-Language": language})
    assert answer.json()["errors"][0]["message"] == message


async def test_i_1_no_patronymic_is_none(identity, register):
    made = await register.whole(patronymic="нет")
    assert (await identity.http.get(f"{BASE}/me", headers=bearer(made))).json()["patronymic"] is None


@pytest.mark.parametrize(
    ("password", "again", "code"),
    [
        ("short", None, "password_unacceptable"),
        ("password1", None, "password_unacceptable"),
        ("Ветрова-Ирина", None, "password_unacceptable"),
        ("9161234567", None, "password_unacceptable"),
        ("one good phrase", "another good phrase", "validation_failed"),
    ],
)
async def test_i_7_passwords_of_the_first_guess_are_refused(register, problem, password, again, code):
    token = await register.proved()
    refused = await register.password(token, password, again)
    assert (refused.status_code, problem(refused)["code"]) == (422, code)
    assert (await register.password(token)).status_code == 201, "and one may choose another"


async def test_i_24_the_consent_is_to_the_text_in_force(register, problem):
    refused = await register.form(consent_version="2020-01-01")
    assert (refused.status_code, problem(refused)["code"]) == (409, "consent_outdated")
    assert problem(refused)["current_version"] == VERSION


async def test_an_unfinished_registration_is_forgotten(identity, register, moment, problem):
    token = await register.proved()
    moment.passes(minutes=61)
    refused = await register.password(token)
    assert (refused.status_code, problem(refused)["code"]) == (404, "registration_not_found")
    await clear_away(identity.container)
    assert await count(identity, registrations) == 0


async def test_i_8_one_address_does_not_send_messages_to_the_whole_town(register, moment, problem):
    answers = [await register.form(phone=f"+7916123{n:04d}") for n in range(62)]
    assert [answer.status_code for answer in answers] == [202] * 61 + [429]
    assert problem(answers[-1])["code"] == "too_many_attempts"
    moment.passes(seconds=10)
    assert (await register.form(phone="+79161239999")).status_code == 202


@pytest.mark.parametrize("token", ["x", "zvg_" + "A" * 43, "' OR 1=1", "я"])
async def test_unknown_registrations(register, token):
    assert (await register.code(token, "123456")).status_code == 404
    assert (await register.password(token)).status_code == 404


async def test_law_7_a_registration_in_progress_is_unreadable(identity, register, post):
    await register.form(snils=SNILS)
    async with identity.database.read() as session:
        rows = [
            *(await session.execute(select(registrations))).all(),
            *(await session.execute(select(one_time_codes))).all(),
        ]
    everything = "".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )
    for secret in ("9161234567", "zvonok.example", "11223344595", "Ветрова"):
        assert secret not in everything
