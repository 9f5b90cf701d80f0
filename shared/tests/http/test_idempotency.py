"""Architecture §4: same key and body → the same answer and one effect; another body → 422."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text, update

from shared.http import purge_idempotency
from shared.http.idempotency import _table

NOTE = {"text": "Сдать тетради"}
KEY = {"Idempotency-Key": "2d4f-1"}


async def count(container) -> int:
    async with container.database.read() as session:
        return await session.scalar(text("SELECT count(*) FROM note"))


async def claims(container) -> int:
    async with container.database.read() as session:
        return await session.scalar(text("SELECT count(*) FROM idempotency"))


async def test_without_a_key_each_request_counts(client, container, bearer):
    for _ in range(2):
        assert (await client.post("/notes", json=NOTE, headers=bearer)).status_code == 201
    assert await count(container) == 2
    assert await claims(container) == 0


async def test_the_same_request_is_carried_out_once_and_answered_alike(client, container, bearer):
    first = await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    second = await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["content-type"] == second.headers["content-type"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert await count(container) == 1


async def test_another_body_is_422(client, container, bearer):
    await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    other = await client.post("/notes", json={"text": "Другое"}, headers={**bearer, **KEY})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await count(container) == 1


async def test_keys_of_different_people_and_addresses_do_not_meet(client, container, bearer, signing):
    other = signing.bearer(UUID(int=2))
    for path, headers in (("/notes", bearer), ("/notes", other), ("/open-notes", bearer), ("/open-notes", {})):
        answer = await client.post(path, json=NOTE, headers={**headers, **KEY})
        assert (answer.status_code, answer.headers.get("idempotent-replayed")) == (201, None)
    assert await count(container) == 4


async def test_an_anonymous_request_too(client, container):
    for _ in range(3):
        assert (await client.post("/open-notes", json=NOTE, headers=KEY)).json()["count"] == 1
    assert await count(container) == 1


async def test_a_refused_request_claims_nothing(client, container, bearer):
    refused = await client.post("/notes", json={}, headers={**bearer, **KEY})
    assert refused.status_code == 422
    assert await claims(container) == 0
    assert (await client.post("/notes", json=NOTE, headers={**bearer, **KEY})).status_code == 201


async def test_without_a_token_it_stays_401(client, container, bearer):
    assert (await client.post("/notes", json=NOTE, headers={**bearer, **KEY})).status_code == 201
    assert (await client.post("/notes", json=NOTE, headers=KEY)).status_code == 401
    forged = {"Authorization": "Bearer " + bearer["Authorization"][7:-6] + "AAAAAA"}
    assert (await client.post("/notes", json=NOTE, headers={**forged, **KEY})).status_code == 401


async def test_a_failed_transaction_takes_the_claim_back(client, container, bearer):
    async def fail() -> None:
        raise RuntimeError("in the middle")

    container.hooks["in_transaction"] = fail
    assert (await client.post("/notes", json=NOTE, headers={**bearer, **KEY})).status_code == 500
    assert (await count(container), await claims(container)) == (0, 0)
    container.hooks.clear()
    assert (await client.post("/notes", json=NOTE, headers={**bearer, **KEY})).status_code == 201
    assert await count(container) == 1


async def test_parallel_requests_have_one_effect(client, container, bearer):
    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        entered.set()
        await leave.wait()

    container.hooks["in_transaction"] = hold
    first = asyncio.create_task(client.post("/notes", json=NOTE, headers={**bearer, **KEY}))
    async with asyncio.timeout(10):
        await entered.wait()
        second = await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    assert (second.status_code, second.json()["code"]) == (409, "idempotency_in_progress")
    assert second.headers["retry-after"] == "1"
    leave.set()
    assert (await first).status_code == 201
    third = await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    assert third.content == (await first).content
    assert await count(container) == 1


async def test_a_storm_of_one_request_has_one_effect(client, container, bearer):
    storm = [client.post("/notes", json=NOTE, headers={**bearer, **KEY}) for _ in range(20)]
    statuses = {answer.status_code for answer in await asyncio.gather(*storm)}
    assert statuses <= {201, 409, 503}
    assert await count(container) == 1


async def test_between_commit_and_answer_it_is_in_progress_then_lost(client, container, bearer, clock):
    """A process that ends after the commit leaves a claim without an answer: carried out, never again."""

    async def die() -> None:
        raise asyncio.CancelledError

    container.hooks["after_commit"] = die
    with suppress(asyncio.CancelledError):
        await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    container.hooks.clear()
    soon = await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    assert (soon.status_code, soon.json()["code"]) == (409, "idempotency_in_progress")
    clock.advance(seconds=20)
    later = await client.post("/notes", json=NOTE, headers={**bearer, **KEY})
    assert (later.status_code, later.json()["code"]) == (409, "idempotency_answer_lost")
    assert await count(container) == 1


async def test_a_use_case_of_two_transactions_claims_once(client, container):
    first = await client.post("/two-transactions", json=NOTE, headers=KEY)
    assert first.json()["count"] == 2
    assert (await client.post("/two-transactions", json=NOTE, headers=KEY)).json()["count"] == 2
    assert (await count(container), await claims(container)) == (2, 1)


async def test_after_a_day_the_key_is_free(client, container, clock):
    assert (await client.post("/open-notes", json=NOTE, headers=KEY)).json()["count"] == 1
    clock.advance(hours=23)
    assert (await client.post("/open-notes", json=NOTE, headers=KEY)).json()["count"] == 1
    clock.advance(hours=2)
    assert (await client.post("/open-notes", json={"text": "Другое"}, headers=KEY)).json()["count"] == 2
    async with container.database.uow.begin() as tx:
        await purge_idempotency(tx.session, clock() + timedelta(days=2))
    assert await claims(container) == 0


async def test_a_kept_answer_is_not_readable_in_the_database(client, container):
    await client.post("/open-notes", json=NOTE, headers=KEY)
    async with container.database.read() as session:
        row = (await session.execute(select(_table))).one()
    for part in (row.answer, row.key_hash, row.fingerprint):
        assert "тетради".encode() not in part
        assert KEY["Idempotency-Key"].encode() not in part


async def test_a_changed_answer_counts_as_lost(client, container):
    await client.post("/open-notes", json=NOTE, headers=KEY)
    async with container.database.uow.begin() as tx:
        await tx.session.execute(update(_table).values(answer=b"0" * 60))
    answer = await client.post("/open-notes", json=NOTE, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_answer_lost")


async def test_wrong_keys_are_400(client, bearer):
    for key in ("", " ", "a b", "x" * 256):
        answer = await client.post("/notes", json=NOTE, headers={**bearer, "Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid"), key


async def test_a_read_ignores_the_key(client, container):
    assert (await client.get("/notes", headers=KEY)).status_code == 200
    assert await claims(container) == 0
