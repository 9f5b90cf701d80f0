"""I-2, I-3, I-10: a forgotten password."""

import asyncio
import re
import time
from datetime import timedelta
from functools import partial
from statistics import median

import pytest
from sqlalchemy import select

from identity.accounts.tables import accounts
from identity.codes.tables import one_time_codes

BASE = "/api/identity/v1"
URL = f"{BASE}/recoveries"
NEW = "сорок две вороны"


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.fixture
def recover(identity, post):
    class Steps:
        async def start(self, login):
            return await identity.http.post(URL, json={"login": login})

        async def finish(self, token, code, password=NEW):
            body = {"recovery_token": token, "code": code, "password": password, "password_again": password}
            return await identity.http.post(f"{URL}/password", json=body)

        async def begun(self, login):
            token = (await self.start(login)).json()["recovery_token"]
            return token, (await post.latest()).code

    return Steps()


async def test_i_2_login_code_new_password(identity, known, recover, post, emitted):
    """All sessions end at once, the owner is told, the old password is gone."""
    before = await identity.bearer("mother", known.password)
    token, code = await recover.begun("mother")
    sms = await post.latest()
    assert (sms.address, sms.event.purpose) == (known.mother_phone, "recovery")
    assert (await recover.finish(token, code)).status_code == 204
    assert (await identity.http.get(f"{BASE}/me", headers=before)).status_code == 401
    assert (await identity.sign_in("mother", known.password)).status_code == 401
    assert (await identity.sign_in("mother", NEW)).status_code == 201
    notices = [e.kind for e in await emitted(identity.database) if type(e).__name__ == "SecurityNoticed"]
    assert "password_changed" in notices


async def test_i_5_no_contact_of_whoever_knew_the_old_password_is_proved(identity, known, recover, post, moment):
    """A thief has the password and asks for a mailbox of his own; his link dies with the password."""
    thief = await identity.bearer("mother", known.password)
    await identity.http.post(f"{BASE}/me/contacts/email", json={"email": "thief@zvonok.example"}, headers=thief)
    link = (await post.latest()).link
    token, code = await recover.begun("mother")
    assert (await recover.finish(token, code)).status_code == 204
    refused = await identity.http.post(f"{BASE}/contact-links", json={"token": link})
    assert refused.status_code == 422
    assert await identity.account_id("sokolova@zvonok.example") == await identity.account_id("mother")


async def test_i_2_a_code_is_good_once(recover):
    token, code = await recover.begun("mother")
    answers = await asyncio.gather(*(recover.finish(token, code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204] + [422] * 4


async def test_i_2_a_code_belongs_to_its_recovery(recover, moment):
    token, code = await recover.begun("mother")
    moment.passes(seconds=61)
    other, other_code = await recover.begun("mother")
    assert code == other_code or (await recover.finish(other, code)).status_code == 422
    assert (await recover.finish(token, code)).status_code == 204


async def test_i_7_own_data_is_refused_and_the_code_stays_good(recover, problem):
    token, code = await recover.begun("mother")
    refused = await recover.finish(token, code, "Соколова-Анна")
    assert (refused.status_code, problem(refused)["code"]) == (422, "password_unacceptable")
    assert (await recover.finish(token, code)).status_code == 204


async def test_i_3_own_data_is_not_told_to_who_has_no_code(recover, problem):
    """A stranger cannot learn names by trying them as passwords."""
    token, code = await recover.begun("mother")
    refused = await recover.finish(token, f"{(int(code) + 1) % 10**6:06d}", "Соколова-Анна")
    assert problem(refused)["code"] == "code_refused"


async def test_a_closed_account_recovers_nothing(identity, recover, post):
    token, code = await recover.begun("mother")
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(accounts.update().values(status="disabled"))
    assert (await recover.finish(token, code)).status_code == 422


def shape(answer):
    volatile = {"x-request-id", "server-timing"}
    body = re.sub(r"zvp_[\w-]{43}|\d{4}-\d\d-\d\dT[\d:.]+Z", "VARIES", answer.text)
    return answer.status_code, body, {k: v for k, v in answer.headers.items() if k not in volatile}


async def test_i_3_known_and_unknown_are_answered_alike(identity, known, recover, post, queries):
    """Status, body, headers and statements; nothing unproved, unknown or odd is answered otherwise."""
    seen = []
    for login in ("mother", known.mother_phone, "pupil", "+79001565139", "nobody-at-all", "nobody@zvonok.example", "?"):
        with queries() as statements:
            started = await recover.start(login)
            early = await recover.start(login)
            refused = await recover.finish(started.json()["recovery_token"], "123456")
        seen.append(([shape(answer) for answer in (started, early, refused)], list(statements)))
    assert [status for status, *_ in seen[0][0]] == [202, 429, 422]
    assert all(each == seen[0] for each in seen)
    assert {letter.address for letter in await post.read()} == {known.mother_phone}


async def test_i_3_known_and_unknown_take_equally_long(identity, known, recover, monkeypatch):
    monkeypatch.setattr("identity.codes.ask_code.A_DAY", 10**6)
    monkeypatch.setattr("identity.codes.rules.A_DAY", 10**6)
    monkeypatch.setattr("identity.codes.rules.RESEND_AFTER", timedelta(0))
    monkeypatch.setattr("identity.sessions.rules.ADDRESS_FREE_FAILURES", 10**6)
    times = {"mother": [], "nobody": []}
    for n in range(100):
        for login in ("mother", "nobody")[:: 1 if n % 2 else -1]:
            start = time.perf_counter()
            assert (await recover.start(login)).status_code == 202
            times[login].append(time.perf_counter() - start)
    ratio = median(times["mother"]) / median(times["nobody"])
    assert 1 / 1.25 < ratio < 1.25, f"known / unknown = {ratio:.3f}"


async def test_i_2_parallel_tries_are_five_at_most(identity, recover):
    token, code = await recover.begun("mother")
    guesses = [f"{(int(code) + 1 + n) % 10**6:06d}" for n in range(20)]
    answers = await asyncio.gather(*map(partial(recover.finish, token), guesses))
    assert {answer.status_code for answer in answers} == {422}
    async with identity.database.read() as session:
        assert await session.scalar(select(one_time_codes.c.tries)) == 5
    assert (await recover.finish(token, code)).status_code == 422
