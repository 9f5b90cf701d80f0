"""Mails against a real SMTP server of this process, which can be told to refuse, to break off, and to be away."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from notifications.channels.errors import ProviderDown
from notifications.channels.tables import contacts
from notifications.dispatch.claim import claim_next
from notifications.dispatch.rules import message_id
from notifications.dispatch.send_messages import Sender
from notifications.dispatch.tables import messages
from shared.contracts.identity import AccountDisabled
from shared.contracts.notifications import MessageDelivered, MessageFailed
from shared.contracts.support import TicketStatusChanged
from shared.db import Database
from shared.ops.ids import new_id


async def test_a_ticket_gets_its_number_by_mail(
    family: Any, tell: Any, sender: Sender, sink: Any, database: Database, emitted: Any
) -> None:
    """S-2: at once, to an address that only the worker can open; the address does not stay."""
    ticket = new_id()
    (event_id,) = await tell(family.ticket(ticket))
    assert await sender.send_due() == 1
    (mail,) = sink.kept
    assert sink.recipients == ["asker@zvonok.example"]
    assert str(mail["Subject"]) == "Обращение 26-000123-4 принято"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{message_id(event_id, ticket, 'email', 'requester')}@zvonok.example>"
    assert mail.get_content_charset() == "utf-8"
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("Здравствуйте!\n")
    assert "26-000123-4" in text
    async with database.read() as session:
        assert (await session.execute(select(messages.c.sealed))).scalar_one() is None
    (said,) = await emitted(database)
    assert isinstance(said, MessageDelivered)
    assert (said.recipient_id, said.cause_event_id) == (ticket, event_id)
    assert await sender.send_due() == 0


async def test_mails_are_written_in_the_language_of_the_recipient(
    family: Any, tell: Any, sender: Sender, sink: Any
) -> None:
    await tell(family.ticket(new_id(), locale="en"), family.account(family.grandmother, "Vera", "en"))
    await tell(family.contact(family.grandmother, "vera@zvonok.example"), family.invited(new_id()))
    assert await sender.send_due() == 2
    by_subject = {str(mail["Subject"]): mail.get_content() for mail in sink.kept}
    assert set(by_subject) == {"Ticket 26-000123-4 received", "Invitation to a diary: Анна К."}
    assert by_subject["Invitation to a diary: Анна К."].startswith("Hello Vera,\r\n")


async def test_who_got_an_item_also_gets_the_mail(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any
) -> None:
    """N-4: invitation, acceptance, end of access; the father has proved no address and drops out."""
    await tell(*family.everything(), family.granted(family.father, level=2, edge_version=2))
    invitation, grant = new_id(), new_id()
    await tell(family.invited(invitation))
    await sender.send_due()
    await tell(family.accepted(invitation, grant))
    await sender.send_due()
    await tell(family.activated(grant), family.revoked(grant, revoked_by_account_id=family.father))
    await sender.send_due()
    assert sorted(sink.recipients) == [
        "grandmother@zvonok.example",
        "grandmother@zvonok.example",
        "mother@zvonok.example",
        "mother@zvonok.example",
    ]
    clock.advance(seconds=15)
    await sender.send_due()
    assert ("dropped", "no_address", 2) in await rows()
    assert len(sink.kept) == 4


async def test_an_address_that_comes_after_the_event_is_used(
    family: Any, tell: Any, sender: Sender, sink: Any, clock: Any
) -> None:
    """Accounts and invitations are different streams."""
    await tell(family.invited(new_id()))
    await sender.send_due()
    await tell(family.contact(family.grandmother, "vera@zvonok.example"))
    clock.advance(seconds=15)
    await sender.send_due()
    assert sink.recipients == ["vera@zvonok.example"]


async def test_mail_server_down_then_up(family: Any, tell: Any, sender: Sender, sink: Any, rows: Any) -> None:
    """A server that is away costs no try; when it is back, the mail goes once."""
    await sink.close()
    await tell(family.ticket(new_id()))
    for _ in range(3):
        with pytest.raises(ProviderDown):
            await sender.send_due()
    assert await rows() == [("pending", None, 0)]
    await sink.open()
    assert await sender.send_due() == 1
    assert await sender.send_due() == 0
    assert len(sink.kept) == 1
    assert await rows() == [("delivered", None, 1)]


@pytest.mark.parametrize("at", ["to_recipient", "to_text"])
async def test_451_then_250(family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any, at: str) -> None:
    """N-8: transient, again after 15 s."""
    getattr(sink, at).append("451 4.3.0 come again")
    await tell(family.ticket(new_id()))
    await sender.send_due()
    assert await rows() == [("pending", "temporarily_refused", 1)]
    clock.advance(seconds=14)
    assert await sender.send_due() == 0
    clock.advance(seconds=1)
    assert await sender.send_due() == 1
    assert await rows() == [("delivered", None, 2)]
    assert len(sink.kept) == 1


async def test_550_is_final(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any, emitted: Any, database: Database
) -> None:
    """N-8: permanent, none; the reason is a code and says nothing of the address."""
    sink.to_recipient.append("550 5.1.1 asker@zvonok.example unknown")
    await tell(family.ticket(new_id()))
    await sender.send_due()
    assert await rows() == [("failed", "address_refused", 1)]
    (said,) = await emitted(database)
    assert isinstance(said, MessageFailed)
    assert said.reason == "address_refused"
    clock.advance(hours=1)
    assert await sender.send_due() == 0


async def test_a_refusal_does_not_hold_up_the_next_mail(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any
) -> None:
    sink.to_recipient.append("550 no")
    sink.to_text.append("554 no")
    await tell(*(family.ticket(new_id(), address=f"asker{n}@zvonok.example") for n in range(4)))
    await sender.send_due()
    assert sorted(status for status, _, _ in await rows()) == ["delivered", "delivered", "failed", "failed"]


async def test_twelve_tries_and_no_more(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any
) -> None:
    """N-8: at most 12 — and, here before that, not past the useful life (N-7)."""
    sink.to_recipient.extend(["451 no"] * 40)
    await tell(family.ticket(new_id()))
    while (await rows())[0][0] == "pending":
        await sender.send_due()
        clock.advance(hours=4)
    ((status, reason, attempts),) = await rows()
    assert (status, reason, attempts) == ("failed", "attempts_exhausted", 12)


async def test_a_mail_past_its_useful_life_does_not_go(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any
) -> None:
    """N-7: ticket 72 h."""
    await tell(family.ticket(new_id()))
    clock.advance(hours=72)
    await sender.send_due()
    assert await rows() == [("failed", "useful_life_over", 1)]
    assert sink.kept == []


async def test_a_connection_that_breaks_sends_again_under_the_same_id(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any
) -> None:
    """The server took it but could not say so: twice at most, and recognisable."""
    sink.break_off = 1
    await tell(family.ticket(new_id()))
    await sender.send_due()
    assert await rows() == [("pending", "network", 1)]
    clock.advance(seconds=15)
    await sender.send_due()
    assert await rows() == [("delivered", None, 2)]
    assert len(sink.kept) == 2
    assert len({mail["Message-ID"] for mail in sink.kept}) == 1


async def test_a_killed_sender_leaves_one_leased_mail(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any, database: Database
) -> None:
    """Killed between taking and recording: the others go on, that one goes after the lease."""
    await tell(family.ticket(new_id()), family.ticket(new_id()))
    async with database.uow.begin() as tx:
        assert await claim_next(tx, "email") is not None
    assert await sender.send_due() == 1
    clock.advance(seconds=119)
    assert await sender.send_due() == 0
    clock.advance(seconds=1)
    assert await sender.send_due() == 1
    assert [status for status, _, _ in await rows()] == ["delivered", "delivered"]
    assert len(sink.kept) == 2


async def test_many_senders_send_each_mail_once(
    family: Any, tell: Any, sender: Sender, sink: Any, emitted: Any, database: Database
) -> None:
    """SKIP LOCKED: replicas need no coordination."""
    await tell(*(family.ticket(new_id(), address=f"asker{n}@zvonok.example") for n in range(30)))
    done = await asyncio.gather(sender.send_due(), sender.send_due())
    assert sum(done) == 30
    assert sorted(sink.recipients) == sorted(f"asker{n}@zvonok.example" for n in range(30))
    assert len(await emitted(database)) == 30


async def test_what_became_pointless_is_dropped(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, reader: Any
) -> None:
    """N-6: looked at again just before sending: answered, read, lost access."""
    answered, grant = new_id(), new_id()
    await tell(*family.everything(), family.contact(family.father, "father@zvonok.example"))
    await tell(family.granted(family.father, level=2, edge_version=2))
    await tell(family.invited(answered), family.accepted(answered, grant))
    (item,) = await reader(family.mother).items()
    await reader(family.mother).post(f"/inbox/{item['id']}/read")
    await tell(family.unbound(family.father, version=3))
    await sender.send_due()
    assert sink.kept == []
    assert sorted(reason for _, reason, _ in await rows()) == ["access_lost", "already_read", "superseded"]


async def test_ticket_mail_goes_even_if_read(family: Any, tell: Any, sender: Sender, sink: Any, reader: Any) -> None:
    """N-4: locked."""
    await tell(family.ticket(new_id(), account_id=family.mother))
    (item,) = await reader(family.mother).items()
    await reader(family.mother).post(f"/inbox/{item['id']}/read")
    await sender.send_due()
    assert sink.recipients == ["asker@zvonok.example"]


async def test_a_closed_account_loses_addresses_and_mails(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, database: Database
) -> None:
    await tell(
        family.contact(family.mother, "mother@zvonok.example"), family.ticket(new_id(), account_id=family.mother)
    )
    await tell(AccountDisabled(account_id=family.mother))
    await sender.send_due()
    assert sink.kept == []
    assert await rows() == [("dropped", "account_disabled", 0)]
    async with database.read() as session:
        assert (await session.execute(select(contacts))).all() == []
        assert (await session.execute(select(messages.c.sealed))).scalar_one() is None


@pytest.mark.parametrize("address", ["nobody", "a@b\r\nBcc: all@zvonok.example", "Иван <ivan@zvonok.example>", ""])
async def test_what_is_no_address_fails_and_holds_up_nobody(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, address: str
) -> None:
    await tell(family.ticket(new_id(), address=address), family.ticket(new_id()))
    await sender.send_due()
    assert sorted(await rows()) == [("delivered", None, 1), ("failed", "address_unreadable", 1)]
    assert sink.recipients == ["asker@zvonok.example"]


async def test_an_address_sealed_for_another_ticket_does_not_open(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any
) -> None:
    """Law 7: a sealed value moved into another event is noise."""
    stolen = family.ticket(new_id()).sealed_email
    await tell(family.ticket(new_id(), sealed_email=stolen))
    await sender.send_due()
    assert sink.kept == []
    assert await rows() == [("failed", "address_unreadable", 1)]


async def test_a_ticket_that_moves_is_told(family: Any, tell: Any, sender: Sender, sink: Any) -> None:
    ticket = family.ticket(new_id())
    moved = TicketStatusChanged(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        account_id=None,
        locale="ru",
        sealed_email=ticket.sealed_email,
        old_status="new",
        status="resolved",
        changed_at=ticket.opened_at + timedelta(minutes=1),
    )
    await tell(ticket, moved)
    await sender.send_due()
    assert {str(mail["Subject"]) for mail in sink.kept} == {
        "Обращение 26-000123-4 принято",
        "Обращение 26-000123-4: решено",
    }


async def test_no_address_reaches_a_log(
    family: Any, tell: Any, sender: Sender, sink: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Law 7."""
    caplog.set_level("DEBUG")
    sink.to_recipient.extend(["550 asker@zvonok.example unknown", "451 asker@zvonok.example later"])
    await tell(family.ticket(new_id()), family.ticket(new_id()), family.ticket(new_id()))
    await sender.send_due()
    # The sink of this process writes to `mail.log` whom it was told of; it is not ours.
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    logged = "\n".join(ours)
    assert "address_refused" in logged
    assert "asker" not in logged


async def test_a_mail_that_cannot_be_written_holds_up_nobody(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, database: Database
) -> None:
    await tell(family.ticket(new_id()), family.ticket(new_id()))
    async with database.uow.begin() as tx:
        broken = select(messages.c.event_id).limit(1).scalar_subquery()
        await tx.session.execute(update(messages).where(messages.c.event_id == broken).values(template_version=99))
    await sender.send_due()
    assert sorted(await rows()) == [("delivered", None, 1), ("failed", "unwritable", 1)]


@pytest.mark.parametrize("at", range(40, 90, 7))
async def test_a_long_subject_arrives_letter_by_letter(
    family: Any, tell: Any, sender: Sender, sink: Any, at: int
) -> None:
    """Wherever it has to be broken."""
    child = "й " * at + "Анна К."
    await tell(family.contact(family.grandmother, "vera@zvonok.example"), family.invited(new_id(), child_label=child))
    await sender.send_due()
    assert str(sink.kept[0]["Subject"]) == f"Приглашение в дневник: {child}"
