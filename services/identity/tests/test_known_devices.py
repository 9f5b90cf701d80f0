"""I-8, I-10: the device that an account knows, the address that a stranger comes from, and two replicas."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from identity.main import create_app
from identity.sessions.rules import (
    ADDRESS_FREE_FAILURES,
    ADDRESS_INTERVAL,
    LONGEST_DELAY,
    address_failed,
    address_wait,
    attempted,
    network_of,
    wait_of,
)
from identity.sessions.tables import address_throttles, known_devices, sign_in_throttles
from identity.worker import clear_away

SESSIONS = "/api/identity/v1/sessions"


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.fixture
async def replica(identity, moment, monkeypatch):
    """A second instance of the application on the same database."""
    app = create_app(identity.container.settings)
    async with app.router.lifespan_context(app):
        monkeypatch.setattr(app.state.container.database, "clock", moment)
        monkeypatch.setattr(app.state.container.database.uow, "_clock", moment)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
            yield client


async def attempt(client, login, password, device=None):
    body = {"login": login, "password": password} | ({"device_token": device} if device else {})
    return await client.post(SESSIONS, json=body)


async def notices(identity, emitted):
    return [e for e in await emitted(identity.database) if type(e).__name__ == "SecurityNoticed"]


async def test_i_8_strangers_do_not_lock_out_a_known_device(identity, known, moment):
    device = (await attempt(identity.http, "mother", known.password)).json()["device_token"]
    for _ in range(5):
        assert (await attempt(identity.http, "mother", "wrong")).status_code == 401
    assert (await attempt(identity.http, "mother", known.password)).status_code == 429, "a stranger waits"
    answer = await attempt(identity.http, "mother", known.password, device)
    assert answer.status_code == 201
    assert answer.json()["device_token"] == device
    assert (await attempt(identity.http, "+7 900 000-00-02", known.password, device)).status_code == 201
    assert (await attempt(identity.http, "mother", known.password)).status_code == 429, "and forgives strangers nothing"


async def test_i_8_a_known_device_is_throttled_by_its_own_failures(identity, known, moment):
    device = (await attempt(identity.http, "mother", known.password)).json()["device_token"]
    statuses = [(await attempt(identity.http, "mother", "wrong", device)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert (await attempt(identity.http, "mother", known.password)).status_code == 201, "others are not concerned"
    moment.passes(seconds=2)
    assert (await attempt(identity.http, "mother", known.password, device)).status_code == 201


@pytest.mark.parametrize("device", ["zvd_" + "A" * 43, "x", "я"])
async def test_i_8_a_made_up_device_is_a_stranger(identity, known, moment, device):
    for _ in range(5):
        await attempt(identity.http, "mother", "wrong", device)
    assert (await attempt(identity.http, "mother", known.password, device)).status_code == 429
    moment.passes(seconds=2)
    given = (await attempt(identity.http, "mother", known.password, device)).json()["device_token"]
    assert given != device, "tokens are ours to give"


async def test_i_8_a_device_of_another_account_is_a_stranger(identity, known, moment):
    father = (await attempt(identity.http, "father", known.password)).json()["device_token"]
    for _ in range(5):
        await attempt(identity.http, "mother", "wrong", father)
    assert (await attempt(identity.http, "mother", known.password, father)).status_code == 429


async def test_i_8_device_tokens_are_stored_hashed(identity, known):
    device = (await attempt(identity.http, "mother", known.password)).json()["device_token"]
    async with identity.database.read() as session:
        (row,) = (await session.execute(select(known_devices))).all()
    assert device.encode() not in row.device_hash


async def test_i_10_a_new_device_is_noticed(identity, known, emitted):
    first = (await attempt(identity.http, "mother", known.password)).json()
    assert await notices(identity, emitted) == [], "the first of all is nobody's surprise"
    await attempt(identity.http, "mother", known.password, first["device_token"])
    assert await notices(identity, emitted) == [], "the same device is no news"
    await attempt(identity.http, "mother", known.password)
    (notice,) = await notices(identity, emitted)
    assert (notice.kind, str(notice.account_id), notice.contact) == ("new_device", first["account_id"], None)


async def test_i_10_one_device_of_a_family_serves_two_accounts(identity, known, emitted):
    device = (await attempt(identity.http, "mother", known.password)).json()["device_token"]
    for login in ("father", "mother", "father", "mother"):
        assert (await attempt(identity.http, login, known.password, device)).json()["device_token"] == device
    assert await notices(identity, emitted) == []


async def test_i_10_four_tabs_sign_in_at_once(identity, known):
    device = (await attempt(identity.http, "father", known.password)).json()["device_token"]
    for _ in range(5):
        answers = await asyncio.gather(*(attempt(identity.http, "mother", known.password, device) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [201] * 4


def test_i_8_nobody_waits_for_one_who_came_a_little_later(moment):
    later = attempted(None, moment.now + timedelta(milliseconds=3))
    assert wait_of(later, moment.now) == timedelta(0)


async def test_i_10_reuse_of_a_refresh_token_is_noticed(identity, known, moment, emitted):
    tokens = (await attempt(identity.http, "mother", known.password)).json()
    for _ in range(2):
        await identity.http.post(f"{SESSIONS}/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert await notices(identity, emitted) == [], "an overlap is no theft"
    moment.passes(seconds=11)
    for _ in range(3):
        await identity.http.post(f"{SESSIONS}/refresh", json={"refresh_token": tokens["refresh_token"]})
    (notice,) = await notices(identity, emitted)
    assert (notice.kind, str(notice.account_id)) == ("refresh_reused", tokens["account_id"])


async def test_i_8_limits_hold_across_replicas(identity, replica):
    instances = (identity.http, replica)
    answers = await asyncio.gather(*(attempt(instances[n % 2], "mother", f"wrong {n}") for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_i_8_a_device_is_known_to_every_replica(identity, replica, known):
    device = (await attempt(replica, "mother", known.password)).json()["device_token"]
    for _ in range(5):
        await attempt(identity.http, "mother", "wrong")
    assert (await attempt(replica, "mother", known.password)).status_code == 429
    assert (await attempt(replica, "mother", known.password, device)).status_code == 201


async def test_i_8_an_address_that_tries_many_logins_waits_on_every_replica(identity, replica, known, moment, problem):
    device = (await attempt(identity.http, "father", known.password)).json()["device_token"]
    instances = (identity.http, replica)
    for start in range(0, 60, 20):
        tried = (attempt(instances[n % 2], f"nobody-{start + n}", "wrong") for n in range(20))
        assert {answer.status_code for answer in await asyncio.gather(*tried)} == {401}
    for client in instances:
        answer = await attempt(client, "mother", known.password)
        assert answer.status_code == 201, "sixty are free"
    await attempt(identity.http, "nobody-60", "wrong")
    for client in instances:
        answer = await attempt(client, "mother", known.password)
        assert (answer.status_code, problem(answer)["code"]) == (429, "too_many_attempts")
        assert 1 <= int(answer.headers["retry-after"]) <= 10
    assert (await attempt(replica, "father", known.password, device)).status_code == 201, "a known device goes on"
    async with identity.database.read() as session:
        counted = select(func.count()).select_from(sign_in_throttles)
        assert await session.scalar(counted) == 61, "who is turned away counts against no login"
    moment.passes(seconds=10)
    assert (await attempt(identity.http, "mother", known.password)).status_code == 201, "never a permanent lock"
    moment.passes(days=500)
    await clear_away(identity.container)
    async with identity.database.read() as session:
        for table in (address_throttles, sign_in_throttles, known_devices):
            assert await session.scalar(select(func.count()).select_from(table)) == 0


@given(st.lists(st.integers(0, 3600), max_size=400))
def test_i_8_an_address_never_waits_longer_than_fifteen_minutes(pauses):
    now, clear_at = datetime(2026, 11, 1, tzinfo=UTC), None
    for pause in pauses:
        now += timedelta(seconds=pause // 60)
        assert address_wait(clear_at, now) <= LONGEST_DELAY
        clear_at = address_failed(clear_at, now)
        assert address_wait(clear_at, now + LONGEST_DELAY) == timedelta(0)


def test_i_8_an_address_keeps_its_rate_in_the_long_run(moment):
    clear_at, tried = None, 0
    for _ in range(6 * 3600):
        moment.passes(seconds=1)
        if not address_wait(clear_at, moment.now):
            clear_at = address_failed(clear_at, moment.now)
            tried += 1
    assert tried <= ADDRESS_FREE_FAILURES + timedelta(hours=6) / ADDRESS_INTERVAL + 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9 ", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("203.0.113.9, 10.0.0.1", None),
        ("unix", None),
        ("", None),
        (None, None),
    ],
)
def test_i_8_what_counts_as_one_place(address, network):
    assert network_of(address) == network
