"""I-9, I-10, I-11: tokens, refresh families, ending sessions, step-up, the own account."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, select

from identity.sessions.end_session import end_other_sessions
from identity.sessions.signing_keys import SigningKeys, new_key_set, rotated
from identity.sessions.tables import refresh_tokens, sessions
from identity.worker import clear_away
from shared.http import GivenKeys, TokenVerifier

SESSIONS = "/api/identity/v1/sessions"
ME = "/api/identity/v1/me"


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.fixture
async def signed_in(identity, known):
    return (await identity.sign_in("mother", known.password)).json()


def bearer(tokens):
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def renew(identity, token):
    return await identity.http.post(f"{SESSIONS}/refresh", json={"refresh_token": token})


async def test_i_10_refresh_rotates(identity, signed_in, moment):
    first = await renew(identity, signed_in["refresh_token"])
    assert first.status_code == 200
    assert first.json()["session_id"] == signed_in["session_id"]
    assert first.json()["refresh_token"] != signed_in["refresh_token"]
    assert (await renew(identity, first.json()["refresh_token"])).status_code == 200


async def test_i_10_one_winner_among_fifty(identity, signed_in, problem):
    answers = await asyncio.gather(*(renew(identity, signed_in["refresh_token"]) for _ in range(50)))
    winners = [answer for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    assert {problem(a)["code"] for a in answers if a.status_code != 200} == {"refresh_superseded"}
    async with identity.database.read() as session:
        unused = select(func.count()).where(refresh_tokens.c.used_at.is_(None))
        assert await session.scalar(unused) == 1
    assert (await renew(identity, winners[0].json()["refresh_token"])).status_code == 200, "the session lives on"


async def test_i_10_reuse_ends_the_family(identity, signed_in, moment, emitted, problem):
    second = (await renew(identity, signed_in["refresh_token"])).json()
    moment.passes(seconds=11)
    stolen = await renew(identity, signed_in["refresh_token"])
    assert (stolen.status_code, problem(stolen)["code"]) == (401, "refresh_refused")
    # The one who holds the newest token is out too: nobody knows which of them is the thief.
    assert (await renew(identity, second["refresh_token"])).status_code == 401
    assert (await identity.http.get(ME, headers=bearer(second))).status_code == 401
    (revoked,) = [e for e in await emitted(identity.database) if type(e).__name__ == "SessionsRevoked"]
    assert str(revoked.session_id) == signed_in["session_id"]


@pytest.mark.parametrize("token", ["x", "zvr_" + "A" * 43, "' OR 1=1", "я"])
async def test_i_10_unknown_refresh_tokens(identity, token):
    assert (await renew(identity, token)).status_code == 401


async def test_i_10_a_session_lapses(identity, signed_in, moment):
    moment.passes(days=31)
    assert (await renew(identity, signed_in["refresh_token"])).status_code == 401
    moment.passes(days=31)
    await clear_away(identity.container)
    async with identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(sessions)) == 0


async def test_i_10_refresh_tokens_are_stored_hashed(identity, signed_in):
    async with identity.database.read() as session:
        (row,) = (await session.execute(select(refresh_tokens))).all()
    assert signed_in["refresh_token"].encode() not in row.token_hash


async def test_i_10_idempotency_key_gives_the_lost_answer_again(identity, signed_in):
    key = {"Idempotency-Key": "refresh-1"}
    body = {"refresh_token": signed_in["refresh_token"]}
    first = await identity.http.post(f"{SESSIONS}/refresh", json=body, headers=key)
    again = await identity.http.post(f"{SESSIONS}/refresh", json=body, headers=key)
    assert first.json() == again.json()


async def test_i_10_list_and_end_sessions(identity, known, signed_in, emitted):
    other = (
        await identity.http.post(
            SESSIONS,
            json={"login": "mother", "password": known.password},
            headers={"User-Agent": "Phone\t1"},
        )
    ).json()
    listed = (await identity.http.get(SESSIONS, headers=bearer(signed_in))).json()["items"]
    assert [each["current"] for each in listed] == [False, True]
    assert listed[0]["device"] == "Phone1"
    ended = await identity.http.delete(f"{SESSIONS}/{other['session_id']}", headers=bearer(signed_in))
    assert ended.status_code == 204
    # Revocation is immediate: the access token is still young.
    assert (await identity.http.get(ME, headers=bearer(other))).status_code == 401
    assert (await renew(identity, other["refresh_token"])).status_code == 401
    assert (await identity.http.get(ME, headers=bearer(signed_in))).status_code == 200
    assert [type(e).__name__ for e in await emitted(identity.database)].count("SessionsRevoked") == 1


async def test_i_10_nobody_ends_a_strangers_session(identity, known, signed_in, problem):
    stranger = await identity.bearer("father", known.password)
    answer = await identity.http.delete(f"{SESSIONS}/{signed_in['session_id']}", headers=stranger)
    assert (answer.status_code, problem(answer)["code"]) == (404, "session_not_found")
    assert (await identity.http.get(ME, headers=bearer(signed_in))).status_code == 200


async def test_i_10_a_new_password_ends_the_others(identity, known, signed_in, emitted):
    others = [(await identity.sign_in("mother", known.password)).json() for _ in range(3)]
    stranger = await identity.bearer("father", known.password)
    account, present = UUID(signed_in["account_id"]), UUID(signed_in["session_id"])
    async with identity.database.uow.begin() as tx:
        assert await end_other_sessions(tx, account, present, "password_changed") == 3
    for other in others:
        assert (await identity.http.get(ME, headers=bearer(other))).status_code == 401
        assert (await renew(identity, other["refresh_token"])).status_code == 401
    assert (await identity.http.get(ME, headers=bearer(signed_in))).status_code == 200, "this one goes on"
    assert (await identity.http.get(ME, headers=stranger)).status_code == 200
    told = [e for e in await emitted(identity.database) if type(e).__name__ == "SessionsRevoked"]
    assert {str(event.session_id) for event in told} == {other["session_id"] for other in others}


async def test_i_10_a_closed_account_ends_all(identity, known, signed_in, emitted):
    async with identity.database.uow.begin() as tx:
        assert await end_other_sessions(tx, UUID(signed_in["account_id"]), None, "account_closed") == 1
        # What is opened in the same transaction is of the new time.
        session_id = tx.new_id()
        fresh = identity.container.issuer.access_token(
            UUID(signed_in["account_id"]), session_id, authenticated_at=tx.now, now=tx.now
        )
    assert (await identity.http.get(ME, headers=bearer(signed_in))).status_code == 401
    assert (await identity.http.get(ME, headers={"Authorization": f"Bearer {fresh}"})).status_code == 200
    (told,) = [e for e in await emitted(identity.database) if type(e).__name__ == "SessionsRevoked"]
    assert told.session_id is None, "every token of the account"


async def test_sign_out(identity, signed_in):
    assert (await identity.http.delete(f"{SESSIONS}/current", headers=bearer(signed_in))).status_code == 204
    assert (await identity.http.get(ME, headers=bearer(signed_in))).status_code == 401
    assert (await renew(identity, signed_in["refresh_token"])).status_code == 401


async def test_i_11_step_up_freshens_the_password(identity, known, signed_in, moment):
    moment.passes(minutes=6)
    before = await identity.container.tokens.verify(signed_in["access_token"])
    answer = await identity.http.post(
        f"{SESSIONS}/step-up", json={"password": known.password}, headers=bearer(signed_in)
    )
    assert answer.status_code == 200
    after = await identity.container.tokens.verify(answer.json()["access_token"])
    assert after.caller.session_id == before.caller.session_id
    assert (after.caller.auth_time - before.caller.auth_time).total_seconds() >= 359
    renewed = (await renew(identity, signed_in["refresh_token"])).json()
    kept = await identity.container.tokens.verify(renewed["access_token"])
    assert kept.caller.auth_time == after.caller.auth_time


async def test_a_step_up_may_be_for_one_page_alone(identity, signed_in, known):
    """J-32: the token says for which page the password was given; renewed tokens do not."""
    page = "5d" * 32
    body = {"password": known.password, "bound_to": page}
    stepped = await identity.http.post(f"{SESSIONS}/step-up", json=body, headers=bearer(signed_in))
    assert stepped.status_code == 200, stepped.text
    assert (await identity.container.tokens.verify(stepped.json()["access_token"])).caller.bound_to == page
    renewed = await identity.http.post(f"{SESSIONS}/refresh", json={"refresh_token": signed_in["refresh_token"]})
    assert (await identity.container.tokens.verify(renewed.json()["access_token"])).caller.bound_to is None
    odd = await identity.http.post(f"{SESSIONS}/step-up", json=body | {"bound_to": "page"}, headers=bearer(signed_in))
    assert odd.status_code == 422


async def test_i_11_step_up_is_throttled(identity, known, signed_in):
    async def attempt(password):
        body = {"password": password}
        return (await identity.http.post(f"{SESSIONS}/step-up", json=body, headers=bearer(signed_in))).status_code

    assert [await attempt("wrong") for _ in range(6)] == [401] * 5 + [429]
    assert await attempt(known.password) == 429


async def test_i_11_step_up_by_code(identity, signed_in, moment, post):
    moment.passes(minutes=6)
    sent = await identity.http.post(f"{SESSIONS}/step-up/code", headers=bearer(signed_in))
    assert sent.status_code == 202
    letter = await post.latest()
    assert (letter.address, letter.event.purpose, letter.event.channel) == ("+79000000002", "sign_in", "sms")
    answer = await identity.http.post(f"{SESSIONS}/step-up", json={"code": letter.code}, headers=bearer(signed_in))
    assert answer.status_code == 200
    fresh = await identity.container.tokens.verify(answer.json()["access_token"])
    assert (moment.now - fresh.caller.auth_time).total_seconds() < 1
    again = await identity.http.post(f"{SESSIONS}/step-up", json={"code": letter.code}, headers=bearer(signed_in))
    assert (again.status_code, again.json()["code"]) == (422, "code_refused")


async def test_i_11_a_code_is_good_for_its_session_alone(identity, known, signed_in, moment, post):
    other = (await identity.sign_in("mother", known.password)).json()
    await identity.http.post(f"{SESSIONS}/step-up/code", headers=bearer(signed_in))
    code = (await post.latest()).code
    for tokens, status in ((other, 422), (signed_in, 200)):
        answer = await identity.http.post(f"{SESSIONS}/step-up", json={"code": code}, headers=bearer(tokens))
        assert answer.status_code == status


async def test_i_11_five_tries_and_one_code_a_minute(identity, signed_in, moment, post):
    await identity.http.post(f"{SESSIONS}/step-up/code", headers=bearer(signed_in))
    soon = await identity.http.post(f"{SESSIONS}/step-up/code", headers=bearer(signed_in))
    assert (soon.status_code, soon.json()["code"]) == (429, "too_many_codes")
    code = (await post.latest()).code
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for each in (*[wrong] * 5, code):
        answer = await identity.http.post(f"{SESSIONS}/step-up", json={"code": each}, headers=bearer(signed_in))
        assert answer.json()["code"] == "code_refused"


async def test_i_11_no_proved_phone_no_code(identity, known, problem):
    headers = await identity.bearer("pupil", known.password)
    answer = await identity.http.post(f"{SESSIONS}/step-up/code", headers=headers)
    assert (answer.status_code, problem(answer)["code"]) == (409, "no_phone_for_code")


@pytest.mark.parametrize("body", [{}, {"password": "x", "code": "123456"}, {"code": "12345"}, {"code": 123456}])
async def test_i_11_password_or_code(identity, signed_in, problem, body):
    answer = await identity.http.post(f"{SESSIONS}/step-up", json=body, headers=bearer(signed_in))
    assert (answer.status_code, problem(answer)["code"]) == (422, "validation_failed")


async def test_i_9_jwks_are_cacheable_and_public(identity):
    answer = await identity.http.get("/.well-known/jwks.json")
    keys = answer.json()["keys"]
    assert len(keys) == 2, "the next key is published before use"
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"} for key in keys)
    assert answer.headers["cache-control"] == "public, max-age=300"
    cached = await identity.http.get("/.well-known/jwks.json", headers={"If-None-Match": answer.headers["etag"]})
    assert (cached.status_code, cached.content) == (304, b"")


async def test_i_9_rotation_keeps_old_tokens_good(identity, signed_in):
    before = identity.container.settings.signing_keys
    after = rotated(before)
    assert after["keys"][0]["kid"] == before["keys"][1]["kid"]
    source = GivenKeys(SigningKeys(after).public)
    settings = identity.container.settings
    await TokenVerifier(source, settings.issuer, settings.audience).verify(signed_in["access_token"])
    assert len({key["kid"] for key in [*new_key_set()["keys"], *after["keys"]]}) == 5


async def test_i_11_me_is_masked(identity, signed_in):
    me = (await identity.http.get(ME, headers=bearer(signed_in))).json()
    assert me["surname"] == "Соколова"
    assert me["phone"] == {"masked": "+7 *** ***-00-02", "proved": True}
    assert me["snils"] == {"masked": "***-***-*45 95", "proved": False}
    assert me["missing"] == []
    assert "9000000002" not in str(me)


async def test_i_11_me_says_what_is_missing(identity, known):
    headers = await identity.bearer("pupil", known.password)
    assert (await identity.http.get(ME, headers=headers)).json()["missing"] == ["phone", "email"]


async def test_i_11_access(identity, known, signed_in):
    items = (await identity.http.get(f"{ME}/access", headers=bearer(signed_in))).json()["items"]
    assert [(i["given_name"], i["class_name"], i["relation"], i["level"], i["outcome"]) for i in items] == [
        ("Михаил", "7А", "representative", 2, "accept"),
        ("Ольга", "7Б", "representative", 2, "accept"),
    ]
    himself = await identity.bearer("pupil", known.password)
    items = (await identity.http.get(f"{ME}/access", headers=himself)).json()["items"]
    assert [(i["relation"], i["level"]) for i in items] == [("self", 2)]
    granny = await identity.bearer("granny", known.password)
    assert (await identity.http.get(f"{ME}/access", headers=granny)).json()["items"] == []


@pytest.mark.parametrize("path", [ME, f"{ME}/access", SESSIONS])
async def test_strangers_are_refused(identity, path, signing, signed_in):
    foreign = signing.bearer(signed_in["account_id"])
    assert (await identity.http.get(path)).status_code == 401
    assert (await identity.http.get(path, headers=foreign)).status_code == 401
