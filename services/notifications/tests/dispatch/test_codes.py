"""One-time codes of identity, against the real SMS gateway of a laptop and a real mail server (N-13)."""

import json
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from notifications.channels.errors import ProviderDown
from notifications.consumers import subscriptions
from notifications.dispatch.claim import NEXT, claim_next
from notifications.dispatch.consumers import send_code
from notifications.dispatch.expire_messages import expire_messages
from notifications.dispatch.rules import message_id
from notifications.dispatch.send_messages import Sender
from notifications.dispatch.tables import messages
from shared.bus.subscriptions import Received
from shared.contracts import Envelope
from shared.contracts.identity import CodeIssued
from shared.contracts.notifications import MessageDelivered, MessageFailed
from shared.db import Database
from shared.ops.ids import new_id

PHONE = "+79000000001"


async def sealed_left(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).where(messages.c.sealed.is_not(None)))).scalar_one()


async def test_a_code_goes_by_sms_and_leaves_nothing(
    family: Any, tell: Any, texter: Sender, gateway: Any, reader: Any, database: Database, emitted: Any
) -> None:
    """N-13: under its reference, past the notification centre; afterwards the row knows neither code nor number."""
    (event_id,) = await tell(family.code(family.mother))
    assert await texter.send_due() == 1
    (sms,) = gateway.kept
    assert (sms.to, sms.text) == (PHONE, "Код 123456. Никому его не сообщайте. Звонок: вход")
    assert len(sms.text) <= 70, "one part of an SMS"
    assert sms.reference == str(message_id(event_id, family.mother, "sms", "code"))
    assert await reader(family.mother).items() == []
    assert await sealed_left(database) == 0
    (said,) = await emitted(database)
    assert isinstance(said, MessageDelivered)
    assert (said.channel, str(said.message_id)) == ("sms", sms.reference)
    assert await texter.send_due() == 0


@pytest.mark.parametrize(
    ("purpose", "page"),
    [("registration", "confirm"), ("contact_change", "confirm"), ("recovery", "new-password"), ("sign_in", "sign-in")],
)
async def test_a_mail_carries_the_link_with_the_secret_behind_the_hash(
    family: Any, tell: Any, sender: Sender, sink: Any, purpose: str, page: str
) -> None:
    """I-2: to a page of the portal; what stands behind `#` reaches no server."""
    address = "mother@zvonok.example"
    await tell(family.account(family.mother))
    await tell(family.code(family.mother, address, purpose=purpose, code=None, link="se-cret", locale="en"))
    await sender.send_due()
    (mail,) = sink.kept
    assert mail["To"] == address
    assert f"https://portal.zvonok.example/{page}#se-cret\r\n" in mail.get_content()
    assert "se-cret" not in str(mail["Subject"])
    assert "Ольга" not in mail.get_content(), "whoever reads that mailbox is not told whose account it is"


async def test_a_mail_may_carry_both(family: Any, tell: Any, sender: Sender, sink: Any) -> None:
    await tell(family.code(family.mother, "mother@zvonok.example", link="s", purpose="registration"))
    await sender.send_due()
    (mail,) = sink.kept
    assert "Код 123456.\r\nПерейдите по ссылке:\r\nhttps://portal.zvonok.example/confirm#s" in mail.get_content()
    assert str(mail["Subject"]) == "Звонок: регистрация"


async def test_the_owner_of_a_taken_contact_is_told(
    family: Any, tell: Any, sender: Sender, texter: Sender, sink: Any, gateway: Any
) -> None:
    """I-3: without any code."""
    taken: dict[str, Any] = {"purpose": "already_registered", "code": None}
    await tell(family.code(family.mother, **taken), family.code(family.mother, "mother@zvonok.example", **taken))
    await texter.send_due()
    await sender.send_due()
    assert "номер телефона указали при регистрации" in gateway.kept[0].text
    assert str(sink.kept[0]["Subject"]) == "Ваш адрес электронной почты уже зарегистрирован"


async def test_a_code_goes_before_two_thousand_mails(family: Any, tell: Any, database: Database, clock: Any) -> None:
    """N-13: first in every queue, read from the head of the index."""
    clock.advance(hours=-1)
    waiting = [
        {
            "event_id": new_id(),
            "recipient_id": family.father,
            "channel": "email",
            "target": "account",
            "kind": "ticket_opened",
            "template_version": 1,
            "values": {"number": "1"},
            "priority": 2,
            "status": "pending",
            "attempts": 0,
            "next_attempt_at": clock(),
            "expires_at": clock.now.replace(year=2027),
            "created_at": clock(),
        }
        for _ in range(2000)
    ]
    async with database.uow.begin() as tx:
        await tx.session.execute(insert(messages), waiting)
    async with database.uow.begin() as tx:
        control = await claim_next(tx, "email")
        assert control is not None
        assert control.kind == "ticket_opened"
    clock.advance(hours=1)
    await tell(family.security(family.mother, "password_changed"))
    await tell(family.code(family.mother, "mother@zvonok.example"))
    kinds = []
    for _ in range(3):
        async with database.uow.begin() as tx:
            claimed = await claim_next(tx, "email")
            assert claimed is not None
            kinds.append(claimed.kind)
    assert kinds == ["one_time_code", "security_password_changed", "ticket_opened"]
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE message"))
        bound = NEXT.params(of_channel="email", now=clock())
        query = str(bound.compile(database.engine.sync_engine, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(row[0] for row in await connection.execute(text(f"EXPLAIN {query}")))
    assert "Index Scan using message_due_idx" in plan, plan
    assert "Sort" not in plan, plan


async def test_taking_a_message_is_one_statement(family: Any, tell: Any, database: Database, statements: Any) -> None:
    await tell(*(family.code(new_id()) for _ in range(3)))
    with statements() as seen:
        async with database.uow.begin() as tx:
            assert await claim_next(tx, "sms") is not None
    assert len(seen) == 1


async def test_a_hundred_codes_are_queued_in_one_statement(family: Any, tell: Any, statements: Any) -> None:
    with statements() as of_one:
        await tell(family.code(new_id()))
    with statements() as of_many:
        await tell(*(family.code(new_id()) for _ in range(100)))

    def inserted(seen: list[str]) -> int:
        return sum("INSERT INTO message" in statement for statement in seen)

    # Sixteen lanes are pumped each for itself.
    assert inserted(of_one) == 1
    assert inserted(of_many) <= 16


async def test_a_failed_code_is_tried_again_within_seconds(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any, clock: Any
) -> None:
    """N-13: 2 s, 5 s, 10 s … within its life; not the pauses of mails."""
    gateway.will({"status": 503}, {"status": 500})
    await tell(family.code(family.mother))
    await texter.send_due()
    clock.advance(seconds=2)
    assert await texter.send_due() == 1
    clock.advance(seconds=4)
    assert await texter.send_due() == 0
    clock.advance(seconds=1)
    assert await texter.send_due() == 1
    assert await rows() == [("delivered", None, 3)]
    assert len(gateway.kept) == 1


async def test_retry_after_is_kept(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any, clock: Any, database: Database
) -> None:
    """N-8: 429 with Retry-After; the gateway is left alone in this pass."""
    gateway.will({"status": 429, "retry_after": 40})
    await tell(family.code(family.mother), family.code(family.father))
    assert await texter.send_due() == 1
    assert set(await rows()) == {("pending", None, 0), ("pending", "rate_limited", 1)}
    assert await texter.send_due() == 1
    clock.advance(seconds=39)
    assert await texter.send_due() == 0
    clock.advance(seconds=1)
    assert await texter.send_due() == 1
    assert len(gateway.kept) == 2


async def test_a_code_that_could_only_come_too_late_ends_at_once(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any, database: Database, emitted: Any
) -> None:
    """N-7: and leaves nothing behind."""
    gateway.will({"status": 429, "retry_after": 600})
    await tell(family.code(family.mother))
    await texter.send_due()
    assert await rows() == [("failed", "useful_life_over", 1)]
    assert await sealed_left(database) == 0
    (said,) = await emitted(database)
    assert isinstance(said, MessageFailed)


async def test_a_refused_code_leaves_nothing(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any, database: Database
) -> None:
    """N-8: 4xx is final."""
    gateway.will({"status": 400})
    await tell(family.code(family.mother))
    await texter.send_due()
    assert await rows() == [("failed", "message_refused", 1)]
    assert await sealed_left(database) == 0


async def test_a_gateway_that_is_away_costs_no_try(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any
) -> None:
    await gateway.close()
    await tell(family.code(family.mother))
    for _ in range(3):
        with pytest.raises(ProviderDown):
            await texter.send_due()
    assert await rows() == [("pending", None, 0)]
    await gateway.open()
    assert await texter.send_due() == 1
    assert len(gateway.kept) == 1


async def test_a_code_ends_with_its_life_also_while_the_gateway_is_away(
    family: Any, tell: Any, database: Database, rows: Any, clock: Any, emitted: Any
) -> None:
    """N-7, N-13: nobody could send it, nobody will; the code does not wait in the row."""
    await tell(family.code(family.mother), family.code(family.father, expires_at=clock.now.replace(hour=20)))
    clock.advance(minutes=6)
    assert await expire_messages(database.uow) == 0, "somebody might be sending it just now"
    clock.advance(minutes=1)
    assert await expire_messages(database.uow) == 1
    assert sorted(await rows()) == [("failed", "useful_life_over", 0), ("pending", None, 0)]
    assert await sealed_left(database) == 1
    (said,) = await emitted(database)
    assert (said.reason, said.recipient_id) == ("useful_life_over", family.mother)


async def test_an_answer_that_got_lost_sends_again_under_the_same_reference(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any, clock: Any
) -> None:
    """N-8: the gateway took it and could not say so; by the reference it knows the second one."""
    gateway.will({"status": 500, "keep": True})
    await tell(family.code(family.mother))
    await texter.send_due()
    clock.advance(seconds=2)
    await texter.send_due()
    assert await rows() == [("delivered", None, 2)]
    assert [sms.times for sms in gateway.kept] == [2]


async def test_a_sender_that_is_killed_leaves_a_code_for_half_a_minute(
    family: Any, tell: Any, texter: Sender, gateway: Any, database: Database, clock: Any
) -> None:
    """Killed between taking and recording: the code goes again while it still lives."""
    await tell(family.code(family.mother))
    async with database.uow.begin() as tx:
        assert await claim_next(tx, "sms") is not None
    clock.advance(seconds=29)
    assert await texter.send_due() == 0
    clock.advance(seconds=1)
    assert await texter.send_due() == 1
    assert len(gateway.kept) == 1


async def test_a_newer_code_makes_a_waiting_one_worthless(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any, clock: Any
) -> None:
    """N-6: of the same purpose; one for something else goes all the same."""
    gateway.will({"status": 500})
    await tell(family.code(family.mother, code="111111"))
    await texter.send_due()
    await tell(family.code(family.mother, code="222222"), family.code(family.mother, code="333333", purpose="recovery"))
    clock.advance(seconds=2)
    await texter.send_due()
    assert sorted(sms.text[4:10] for sms in gateway.kept) == ["222222", "333333"]
    assert ("dropped", "superseded", 2) in await rows()


async def test_an_event_that_comes_again_sends_nothing_again(
    family: Any, tell: Any, texter: Sender, gateway: Any, database: Database
) -> None:
    """N-6: unique by event, recipient, channel and target, beneath the inbox's own check."""
    event = family.code(family.mother)
    await tell(event)
    async with database.read() as session:
        body = (await session.execute(text("SELECT body FROM inbox"))).scalar_one()
    await texter.send_due()
    async with database.uow.begin() as tx:
        await send_code(tx, [Received(event, Envelope.parse(body))])
    assert await texter.send_due() == 0
    assert [sms.times for sms in gateway.kept] == [1]


async def test_a_code_moved_to_another_event_does_not_open(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any
) -> None:
    """Law 7."""
    stolen = family.code(family.mother).sealed
    await tell(family.code(family.father, sealed=stolen))
    await texter.send_due()
    assert gateway.kept == []
    assert await rows() == [("failed", "address_unreadable", 1)]


@pytest.mark.parametrize("link", ["https://evil.example/", "a b", "../x", "x#y", ""])
async def test_a_link_is_a_secret_and_never_an_address(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, link: str
) -> None:
    """N-3: addresses are ours, not of data."""
    await tell(family.code(family.mother, "mother@zvonok.example", link=link))
    await sender.send_due()
    assert sink.kept == []
    assert await rows() == [("failed", "unwritable", 1)]


@pytest.mark.parametrize("secret", ["no json", json.dumps(["x"]), json.dumps({"address": PHONE}), json.dumps(None)])
async def test_what_is_not_of_the_agreed_shape_fails_and_holds_up_nobody(
    family: Any, tell: Any, texter: Sender, gateway: Any, rows: Any, sealed: Any, secret: str
) -> None:
    code_id = new_id()
    await tell(
        family.code(family.mother, code_id=code_id, sealed=sealed(secret, f"code:{code_id}")),
        family.code(family.father),
    )
    await texter.send_due()
    assert sorted(await rows()) == [("delivered", None, 1), ("failed", "address_unreadable", 1)]


async def test_a_code_that_was_not_sealed_for_us_is_no_use(family: Any, tell: Any, rows: Any) -> None:
    await tell(family.code(family.mother, sealed={"support": "x" * 16}))
    assert await rows() == []


async def test_neither_code_nor_number_stands_in_the_database_or_a_log(
    family: Any, tell: Any, texter: Sender, gateway: Any, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Law 7: not while it waits, not when it fails, not when it went; the control: the same search finds ids."""
    caplog.set_level("DEBUG")
    gateway.will({"status": 400}, {"status": 500})
    await tell(*(family.code(family.mother, purpose=purpose) for purpose in ("sign_in", "recovery", "registration")))

    async def everything() -> str:
        async with database.engine.connect() as connection:
            tables = ("message", "notice", "notice_copy", "inbox", "outbox_event")
            found = [
                str((await connection.execute(text(f"SELECT {t}::text FROM {t}"))).all())  # noqa: S608 -- ours
                for t in tables
            ]
            raw = (await connection.execute(text("SELECT body FROM inbox UNION SELECT body FROM outbox_event"))).all()
            return "".join(found) + "".join(bytes(row[0]).decode() for row in raw)

    before = await everything()
    await texter.send_due()
    written = before + await everything() + "".join(record.getMessage() for record in caplog.records)
    assert str(family.mother) in written
    assert "delivered" in written
    for secret in ("123456", PHONE, PHONE[1:]):
        assert secret not in written


def test_codes_are_listened_to() -> None:
    assert [handler.many for handler in subscriptions.handlers(CodeIssued.type)] == [True]
