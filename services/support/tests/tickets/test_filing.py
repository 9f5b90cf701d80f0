"""S-1, S-2, S-3: filing, with an account and without, in bad order and under load."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.contracts.identity import SessionsRevoked
from shared.contracts.support import TicketOpened
from shared.crypto import check_number, parse_check_number, unseal
from support.tickets.file_ticket import Requester, file_ticket
from support.tickets.limits import LIMITS
from support.tickets.new_ticket import NewTicket
from support.worker import forget


def counter_of(number):
    return int(number[3:9])


async def test_somebody_without_an_account_gets_number_and_status_at_once(support):
    """S-1, S-2, S-3."""
    filed = await support.filed()
    assert parse_check_number(filed["number"]) == filed["number"]
    assert filed["number"].startswith(f"{datetime.now(UTC) + timedelta(hours=3):%y}-000001-")
    assert (filed["status"], filed["status_title"]) == ("new", "Принято")
    assert filed["link"] == f"/support/tickets/{filed['number']}?token={filed['token']}"
    english = await support.filed(options={"headers": {"Accept-Language": "en"}})
    assert english["status_title"] == "Accepted"


async def test_notifications_learns_the_address_and_nobody_else(support):
    """S-2, law 7: sealed, for this ticket."""
    filed = await support.filed(support.mother, options={"headers": {"Accept-Language": "en"}})
    (event,) = await support.says()
    assert isinstance(event, TicketOpened)
    assert (event.number, event.ticket_type, event.locale) == (filed["number"], "access", "en")
    assert event.account_id == support.mother
    address = unseal(support.notifications_key, event.sealed_email, f"ticket:{event.ticket_id}")
    assert address == "sokolova@zvonok.example"


async def test_no_contact_is_readable_in_the_database(desk):
    """Law 7: rows, outbox, inbox, limits, idempotency answers."""
    key = {"headers": {"Idempotency-Key": "k1"}}
    filed = await desk.filed(desk.mother, email="Sokolova@Zvonok.Example", options=key)
    await desk.answer(filed["number"], 1)
    await desk.move(filed["number"], "resolved", 2)
    dump = (await desk.whole_database()).lower()
    assert filed["number"] in dump
    for secret in ("sokolova", "zvonok.example", "79000000002", "900 000-00-02", "198.51.100.7"):
        assert secret not in dump, secret


async def test_fifty_at_once_get_fifty_consecutive_numbers(support):
    """S-3."""
    answers = await asyncio.gather(
        *(support.file(email=f"p{i}@zvonok.example", address=f"203.0.113.{i}") for i in range(50))
    )
    assert {answer.status_code for answer in answers} == {201}
    numbers = sorted(answer.json()["number"] for answer in answers)
    assert [counter_of(number) for number in numbers] == list(range(1, 51))
    assert all(parse_check_number(number) == number for number in numbers)
    assert len(await support.says()) == 50


async def test_a_filing_that_fails_takes_no_number_with_it(support):
    """S-3: no gaps, and nothing half-written."""
    await support.filed()
    before = await support.counts()
    async with support.database.engine.begin() as connection:
        await connection.execute(
            text("ALTER TABLE ticket_history ADD CONSTRAINT broken CHECK (version <> 1) NOT VALID")
        )
    new = NewTicket.model_validate(support.ticket())
    with pytest.raises(IntegrityError):
        await file_ticket(support.database.uow, support.container.contacts, Requester(None, None, "ru"), new)
    assert await support.counts() == before
    async with support.database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE ticket_history DROP CONSTRAINT broken"))
    assert counter_of((await support.filed())["number"]) == 2


async def test_numbers_begin_anew_with_the_year_of_moscow(support):
    """S-3, S-9."""
    support.clock.now = datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC)
    assert (await support.filed())["number"] == check_number(2026, 1)
    support.clock.now = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
    assert (await support.filed())["number"] == check_number(2027, 1)


async def test_the_millionth_ticket_is_refused_plainly(support):
    year = (support.clock.now + timedelta(hours=3)).year
    async with support.database.engine.begin() as connection:
        await connection.execute(text("INSERT INTO ticket_counters VALUES (:year, 999998)"), {"year": year})
    assert (await support.filed())["number"] == check_number(year, 999_999)
    answer = await support.file()
    assert (answer.status_code, answer.json()["code"]) == (503, "numbers_exhausted")


async def test_an_address_is_not_flooded_with_letters(support):
    """S-1: limits per e-mail, whoever files from wherever; case does not help."""
    burst = LIMITS["email"].burst
    for i in range(burst):
        await support.filed(address=f"203.0.113.{i}")
    before = await support.counts()
    refused = await support.file(email="SOKOLOVA@zvonok.example", address="203.0.113.99")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_tickets")
    assert int(refused.headers["Retry-After"]) == LIMITS["email"].pause.total_seconds()
    assert await support.counts() == before
    support.clock.advance(seconds=int(refused.headers["Retry-After"]))
    await support.filed()
    assert (await support.file()).status_code == 429


async def test_a_network_and_an_account_have_limits_too(support):
    """S-1."""
    for i in range(LIMITS["account"].burst):
        await support.filed(support.mother, email=f"a{i}@zvonok.example", address=f"203.0.113.{i}")
    refused = await support.file(support.mother, email="new@zvonok.example", address="203.0.113.200")
    assert refused.status_code == 429
    for i in range(LIMITS["address"].burst):
        await support.filed(email=f"b{i}@zvonok.example", address=f"2001:db8::{i:x}")
    assert (await support.file(email="c@zvonok.example", address="2001:db8::ffff:1")).status_code == 429
    await support.filed(email="c@zvonok.example", address="2001:db8:0:1::1")


async def test_a_flood_at_once_does_not_slip_through(support):
    """S-1: the limit is in the database, not in a process."""
    answers = await asyncio.gather(*(support.file(address=f"203.0.113.{i}") for i in range(20)))
    statuses = sorted(answer.status_code for answer in answers)
    burst = LIMITS["email"].burst
    assert statuses == [201] * burst + [429] * (20 - burst)
    assert len(await support.rows("tickets")) == burst


async def test_paid_off_limits_are_forgotten(support):
    await support.filed(support.mother)
    assert len(await support.rows("filing_limits")) == 3
    await forget(support.database)
    assert len(await support.rows("filing_limits")) == 3
    support.clock.advance(days=2)
    await forget(support.database)
    assert await support.rows("filing_limits") == []


async def test_the_same_key_files_once(support):
    key = {"headers": {"Idempotency-Key": "once"}}
    first = await support.filed(options=key)
    again = await support.file(options=key)
    assert (again.status_code, again.json()) == (201, first)
    assert len(await support.rows("tickets")) == 1
    other = await support.file(subject="Другое", options=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


BAD_INPUT = [
    ({"email": "нет"}, "email"),
    ({"email": "a@b.ru\r\nBcc: everybody@zvonok.example"}, "email"),
    ({"email": "a" * 250 + "@b.ru"}, "email"),
    ({"email": 5}, "email"),
    ({"email": ["a@b.ru"]}, "email"),
    ({"phone": "позвоните"}, "phone"),
    ({"phone": 79000000002}, "phone"),
    ({"type": "everything"}, "type"),
    ({"type": {"a": 1}}, "type"),
    ({"subject": "   "}, "subject"),
    ({"subject": "\u202e\x07"}, "subject"),
    ({"subject": "я" * 201}, "subject"),
    ({"text": ""}, "text"),
    ({"text": "я" * 10_001}, "text"),
    ({"text": "a\x00b"}, "body"),
    ({"status": "closed"}, "status"),
    ({"account_id": str(uuid4())}, "account_id"),
]


async def test_bad_input_is_named_by_field_and_keeps_nothing(support):
    before = await support.counts()
    for changes, field in BAD_INPUT:
        answer = await support.file(**changes)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["code"] == "validation_failed"
        assert any(error["field"].removeprefix("body.").startswith(field) for error in problem["errors"]), changes
    assert await support.counts() == before


async def test_malformed_surrogates_and_oversize_are_refused(support):
    before = await support.counts()
    path, kind = "/tickets", {"Content-Type": "application/json"}
    broken = await support.call(None, "POST", path, content=b'{"type": "access",', headers=kind)
    assert (broken.status_code, broken.json()["code"]) == (400, "malformed_json")
    lone = json.dumps(support.ticket()).replace("\\u041d", "\\ud800", 1)
    assert "\\ud800" in lone
    answer = await support.call(None, "POST", path, content=lone.encode(), headers=kind)
    assert answer.status_code == 422
    big = await support.file(text="x" * 1_100_000)
    assert (big.status_code, big.json()["code"]) == (413, "body_too_large")
    array = await support.call(None, "POST", path, json=[1, 2])
    assert array.status_code == 422
    assert await support.counts() == before


async def test_a_subject_is_one_line_and_a_text_keeps_its_lines(support):
    filed = await support.filed(subject="Bcc:\r\n x\u202ey", text="раз\r\n\r\nдва <b>\x1b[31m")
    ticket = (await support.call(None, "GET", f"/tickets/{filed['number']}", params={"token": filed["token"]})).json()
    assert ticket["subject"] == "Bcc: xy"
    assert ticket["messages"][0]["text"] == "раз\n\nдва <b>[31m"


async def test_a_wrong_token_is_refused_and_not_taken_for_nobody(support, signing):
    for header in ("Bearer x.y.z", "Basic YTpi", f"Bearer {signing.token(uuid4(), aud='other')}"):
        answer = await support.file(options={"headers": {"Authorization": header}})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert await support.rows("tickets") == []


async def test_tokens_of_ended_sessions_file_nothing(support):
    """I-9: SessionsRevoked."""
    session_id = uuid4()
    bearer = support.signing.bearer(support.mother, session_id=session_id)
    await support.hears(
        SessionsRevoked(
            account_id=support.mother, session_id=session_id, not_before=datetime.now(UTC) + timedelta(minutes=1)
        )
    )
    answer = await support.call(None, "GET", "/tickets", headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert (await support.call(support.mother, "GET", "/tickets")).status_code == 200


async def test_types_are_listed_in_both_languages(support):
    russian = (await support.call(None, "GET", "/ticket-types")).json()["items"]
    english = (await support.call(None, "GET", "/ticket-types", headers={"Accept-Language": "en"})).json()["items"]
    assert [item["code"] for item in russian] == [item["code"] for item in english]
    assert russian[0] == {"code": "access", "title": "Вход и доступ к дневнику"}
    assert english[0] == {"code": "access", "title": "Signing in and access to the diary"}
