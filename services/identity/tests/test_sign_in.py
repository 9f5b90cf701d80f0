"""I-3, I-7, I-8, I-9: signing in."""

import asyncio
import json
from base64 import urlsafe_b64decode
from functools import partial

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from identity.accounts.passwords import LONGEST_QUEUE, Passwords, TooBusy
from identity.accounts.tables import accounts, credentials
from identity.sessions.rules import LONGEST_DELAY, attempted, delay_after

SESSIONS = "/api/identity/v1/sessions"


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.mark.parametrize(
    "login",
    ["+79000000002", "8 (900) 000-00-02", "sokolova@zvonok.example", "SOKOLOVA@zvonok.example", "112-233-445 95",
     "11223344595", "mother", " Mother "],
)  # fmt: skip
async def test_i_7_phone_email_snils_or_username(identity, known, login):
    answer = await identity.sign_in(login, known.password)
    assert answer.status_code == 201
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 900


async def test_i_9_token_says_who_and_nothing_else(identity, known):
    token = (await identity.sign_in("mother", known.password)).json()["access_token"]
    header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    assert set(header) == {"alg", "kid", "typ"}
    assert (header["alg"], header["typ"]) == ("ES256", "at+jwt")
    assert set(claims) == {"iss", "aud", "sub", "sid", "jti", "iat", "exp", "auth_time", "acr"}
    assert claims["exp"] - int(claims["iat"]) == 900
    assert claims["aud"] == "zvonok"


async def test_i_3_known_and_unknown_are_answered_alike(identity, known):
    wrong = await identity.sign_in("mother", "wrong password")
    unknown = await identity.sign_in("nobody-at-all", "wrong password")
    unproved = await identity.sign_in("+79001565139", "wrong password")

    def comparable(answer):
        volatile = {"x-request-id", "server-timing"}
        return answer.status_code, answer.json(), {k: v for k, v in answer.headers.items() if k not in volatile}

    assert comparable(wrong) == comparable(unknown) == comparable(unproved)
    assert wrong.status_code == 401
    assert wrong.json()["code"] == "sign_in_refused"


@pytest.fixture
async def at_full_cost(identity, known, monkeypatch):
    """Passwords as in production, where a hash is what takes the time; other tests hash cheaply. No limits."""
    monkeypatch.setattr("identity.sessions.rules.FREE_FAILURES", 10**6)
    monkeypatch.setattr("identity.sessions.rules.ADDRESS_FREE_FAILURES", 10**6)
    monkeypatch.setattr(identity.container.passwords, "_hasher", PasswordHasher(1, 46 * 1024, 1))
    costly = await identity.container.passwords.hash(known.password)
    monkeypatch.setattr(identity.container.passwords, "_dummy", costly)
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(update(credentials).values(password_hash=costly))


async def test_i_3_known_and_unknown_logins_take_equally_long(identity, known, at_full_cost, ratio_of_medians):
    ratio = await ratio_of_medians(
        partial(identity.sign_in, known.mother_phone, "wrong password"),
        partial(identity.sign_in, "+79161111111", "wrong password"),
        rounds=30,
        status=401,
    )
    assert 1 / 1.25 < ratio < 1.25, f"known / unknown = {ratio:.3f}"


async def test_i_3_the_bound_would_see_a_hash_that_is_saved(
    identity, known, at_full_cost, ratio_of_medians, monkeypatch
):
    """Negative control: were no password compared for an unknown login, the answer would come sooner than the bound."""
    compared = identity.container.passwords.matches

    async def only_where_there_is_one(password, password_hash):
        return password_hash is not None and await compared(password, password_hash)

    monkeypatch.setattr(Passwords, "matches", lambda _self, *given: only_where_there_is_one(*given))
    ratio = await ratio_of_medians(
        partial(identity.sign_in, known.mother_phone, "wrong password"),
        partial(identity.sign_in, "+79161111111", "wrong password"),
        rounds=15,
        status=401,
    )
    assert ratio > 1.25


async def test_i_3_unknown_logins_cost_a_hash_too(identity, monkeypatch):
    compared = []
    hasher = identity.container.passwords._hasher
    original = type(hasher).verify
    monkeypatch.setattr(type(hasher), "verify", lambda self, *a: (compared.append(a[0]), original(self, *a))[1])
    await identity.sign_in("nobody-at-all", "wrong password")
    await identity.sign_in("mother", "wrong password")
    assert len(compared) == 2
    assert compared[0].split("$")[1:4] == compared[1].split("$")[1:4], "same algorithm and parameters"


async def test_i_7_argon2id_with_46_mib():
    passwords = Passwords(1)
    try:
        hashed = await passwords.hash("Zvonok")
        assert await passwords.matches("Zvonok", hashed)
        assert not await passwords.matches("zvonok", hashed)
        # «й» as one and as two code points is one password.
        assert await passwords.matches("\u0439", await passwords.hash("\u0438\u0306"))
    finally:
        passwords.close()
    assert hashed.startswith("$argon2id$v=19$m=47104,t=1,p=1$")


async def test_i_7_passwords_are_stored_hashed(identity):
    async with identity.database.read() as session:
        hashed = await session.scalar(select(credentials.c.password_hash).limit(1))
    assert hashed.startswith("$argon2id$")


async def test_a_closed_account_cannot_sign_in(identity, known):
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(update(accounts).values(status="disabled"))
    assert (await identity.sign_in("mother", known.password)).status_code == 401


def test_i_8_delays_double_up_to_fifteen_minutes():
    delays = [delay_after(failures).total_seconds() for failures in range(1, 18)]
    assert delays[:4] == [0, 0, 0, 0]
    assert delays[4:8] == [2, 4, 8, 16]
    assert max(delays) == LONGEST_DELAY.total_seconds() == 900
    assert delay_after(10**9) == LONGEST_DELAY


def test_i_8_failures_are_forgotten_after_a_day(moment):
    throttle = None
    for _ in range(9):
        throttle = attempted(throttle, moment.now)
    assert throttle.failures == 9
    moment.passes(hours=25)
    assert attempted(throttle, moment.now).failures == 1


async def test_i_8_five_failures_are_free_then_one_waits(identity, known, moment, problem):
    for _ in range(5):
        assert (await identity.sign_in("mother", "wrong")).status_code == 401
    # Not even the right password: else the delay would stop nobody.
    answer = await identity.sign_in("mother", known.password)
    assert (answer.status_code, problem(answer)["code"]) == (429, "too_many_attempts")
    assert answer.headers["retry-after"] == "2"
    assert (await identity.sign_in("father", known.password)).status_code == 201, "others are not concerned"
    moment.passes(seconds=2)
    assert (await identity.sign_in("mother", known.password)).status_code == 201, "never a permanent lock"
    assert (await identity.sign_in("mother", "wrong")).status_code == 401, "and all is forgiven"


async def test_i_8_one_identifier_in_many_spellings_is_one(identity):
    spellings = ("+79000000002", "8 900 000 00 02", "9000000002", "7(900)0000002", "89000000002", "+7 900 000-00-02")
    statuses = [(await identity.sign_in(spelling, "wrong")).status_code for spelling in spellings]
    assert statuses == [401, 401, 401, 401, 401, 429]


async def test_i_8_unknown_logins_are_throttled_alike(identity):
    statuses = [(await identity.sign_in("nobody-at-all", "wrong")).status_code for _ in range(6)]
    assert statuses == [401, 401, 401, 401, 401, 429]


async def test_i_8_parallel_attempts_are_not_all_the_first(identity):
    answers = await asyncio.gather(*(identity.sign_in("mother", f"wrong {n}") for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_i_7_hashing_is_bounded():
    passwords = Passwords(1)
    try:
        tried = await asyncio.gather(
            *(passwords.matches("x", "no hash") for _ in range(LONGEST_QUEUE + 3)), return_exceptions=True
        )
    finally:
        passwords.close()
    assert sum(isinstance(each, TooBusy) for each in tried) == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"[]", 422, "validation_failed"),
        (b"null", 422, "validation_failed"),
        (b"{}", 422, "validation_failed"),
        (b'{"login": 1, "password": 2}', 422, "validation_failed"),
        (b'{"login": "a", "password": ""}', 422, "validation_failed"),
        (b'{"login": "a", "password": "b", "admin": true}', 422, "validation_failed"),
        (b'{"login": {"$ne": null}, "password": "b"}', 422, "validation_failed"),
        (b'{"login": "a\\u0000", "password": "b"}', 422, "validation_failed"),
        (b'{"login": "\\ud800", "password": "b"}', 422, "validation_failed"),
        (b'{"login": "a", "password": "\\ud800"}', 422, "validation_failed"),
        (b'{"login": "a", "password": "' + b"x" * 257 + b'"}', 422, "validation_failed"),
        (b'{"login": "' + b"9" * 300 + b'", "password": "b"}', 422, "validation_failed"),
        (b'{"login": "\' OR 1=1 --", "password": "b"}', 401, "sign_in_refused"),
        (b'{"login": "   ", "password": "b"}', 401, "sign_in_refused"),
        (b'{"login": "a", "password": "' + b"x" * 5 * 1024 * 1024 + b'"}', 413, "body_too_large"),
    ],
)
async def test_hostile_sign_in_bodies(identity, problem, body, status, code):
    answer = await identity.http.post(SESSIONS, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, problem(answer)["code"]) == (status, code)


@pytest.mark.parametrize(("language", "title"), [("ru", "Войти не удалось"), ("en", "Sign-in failed")])
async def test_refusals_speak_both_languages(identity, language, title):
    answer = await identity.http.post(
        SESSIONS, json={"login": "a", "password": "b"}, headers={"Accept-Language": language}
    )
    assert answer.json()["title"] == title
