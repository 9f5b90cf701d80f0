"""I-19, I-21: whoever registers with what the school knows has the diary at once; every proof looks again."""

import pytest
from sqlalchemy import text

from identity.consents.texts import TEXTS

BASE = "/api/identity/v1"
PASSWORD = "сорок две вороны"
MOTHER = {
    "surname": "Соколова",
    "given_name": "Анна",
    "patronymic": "Викторовна",
    "phone": "+79000000002",
    "email": "sokolova@zvonok.example",
    "consent_version": TEXTS["personal_data"][-1].version,
}


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    """A school that has issued no accounts, but knows contacts."""
    await identity.load(bundle, issues_accounts=False)


@pytest.fixture
def register(identity, post):
    async def register(**form):
        started = await identity.http.post(f"{BASE}/registrations", json=MOTHER | form)
        assert started.status_code == 202, started.text
        token = {"registration_token": started.json()["registration_token"]}
        code = (await post.latest()).code
        await identity.http.post(f"{BASE}/registrations/code", json=token | {"code": code})
        both = {"password": PASSWORD, "password_again": PASSWORD}
        made = await identity.http.post(f"{BASE}/registrations/password", json=token | both)
        assert made.status_code == 201, made.text
        return {"Authorization": f"Bearer {made.json()['session']['access_token']}"}

    return register


async def opened(identity, headers):
    answer = await identity.http.get(f"{BASE}/me/access", headers=headers)
    return sorted(item["given_name"] for item in answer.json()["items"] if item["outcome"] == "accept")


async def level(identity):
    async with identity.database.read() as session:
        return await session.scalar(text("SELECT max(level) FROM bindings WHERE state = 'active'"))


async def test_i_21_registering_opens_the_diaries(identity, register):
    assert await opened(identity, await register()) == ["Михаил", "Ольга"]


async def test_i_21_a_proved_mailbox_opens_them_where_the_phone_could_not(identity, register, post):
    """A new phone that the school does not know contradicts; the old mailbox stays unproved until its link."""
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(
            text("UPDATE people SET phone = NULL, phone_index = NULL WHERE source_id = 'usr-mother'")
        )
    headers = await register(phone="+79161234567")
    assert await opened(identity, headers) == []
    letter = await post.latest()
    assert (await identity.http.post(f"{BASE}/contact-links", json={"token": letter.link})).status_code == 200
    assert await opened(identity, headers) == ["Михаил", "Ольга"]


async def test_i_21_a_corrected_name_opens_them(identity, register):
    headers = await register(surname="Сколова")
    assert await opened(identity, headers) == []
    await identity.http.patch(f"{BASE}/me/profile", json={"surname": "Соколова"}, headers=headers)
    assert await opened(identity, headers) == ["Михаил", "Ольга"]


async def test_i_21_a_later_change_of_phone_does_not_cut_them(identity, register, post):
    headers = await register()
    await identity.http.post(f"{BASE}/me/contacts/phone", json={"phone": "+79161234567"}, headers=headers)
    code = (await post.latest()).code
    proved = await identity.http.post(f"{BASE}/me/contacts/phone/code", json={"code": code}, headers=headers)
    assert proved.status_code == 204
    assert await opened(identity, headers) == ["Михаил", "Ольга"]


async def test_i_19_a_closed_account_makes_room_for_the_next_one(identity, register, post, moment):
    """Closed by mistake and registered anew: the record is free, so the diaries open again."""
    headers = await register()
    assert (await identity.http.delete(f"{BASE}/me", headers=headers)).status_code == 204
    assert await level(identity) is None
    moment.passes(seconds=61)
    assert await opened(identity, await register()) == ["Михаил", "Ольга"]
