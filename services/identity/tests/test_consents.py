"""What people agree to is kept with version and hash (I-1, I-24)."""

from hashlib import sha256

import pytest
from sqlalchemy import select

from identity.accounts.tables import accounts
from identity.consents.give_consent import give_consent
from identity.consents.tables import consents
from identity.consents.texts import TEXTS
from identity.errors import ConsentOutdated

URL = "/api/identity/v1/consents"


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_i_24_the_text_that_was_shown_is_the_text_that_is_kept(identity, bundle, language):
    await identity.load(bundle)
    shown = (await identity.http.get(f"{URL}/diary_application", headers={"Accept-Language": language})).json()
    assert shown["sha256"] == sha256(shown["text"].encode()).hexdigest()
    async with identity.database.uow.begin() as tx:
        account_id = await tx.session.scalar(select(accounts.c.account_id).limit(1))
        consent_id = await give_consent(tx, account_id, "diary_application", shown["version"], shown["language"])
    async with identity.database.read() as session:
        (kept,) = (await session.execute(select(consents))).all()
    assert (kept.consent_id, kept.account_id, kept.version, kept.language, kept.given_at) == (
        consent_id, account_id, shown["version"], language, tx.now,
    )  # fmt: skip
    assert kept.text_hash.hex() == shown["sha256"]


async def test_i_24_everybody_sees_the_own_consents(identity, bundle, known):
    await identity.load(bundle)
    async with identity.database.uow.begin() as tx:
        account_id = await identity.account_id("mother")
        await give_consent(tx, account_id, "personal_data", TEXTS["personal_data"][-1].version, "ru")
    mine, others = [
        (await identity.http.get("/api/identity/v1/me/consents", headers=await identity.bearer(who, known.password)))
        for who in ("mother", "father")
    ]
    assert [item["kind"] for item in mine.json()["items"]] == ["personal_data"]
    assert others.json()["items"] == []


async def test_i_24_an_old_text_is_not_agreed_to(identity, bundle):
    await identity.load(bundle)
    with pytest.raises(ConsentOutdated) as refused:
        async with identity.database.uow.begin() as tx:
            account_id = await tx.session.scalar(select(accounts.c.account_id).limit(1))
            await give_consent(tx, account_id, "personal_data", "2020-01-01", "ru")
    assert refused.value.members == {"current_version": TEXTS["personal_data"][-1].version}


async def test_unknown_kinds_are_refused(identity):
    assert (await identity.http.get(f"{URL}/anything")).status_code == 422
