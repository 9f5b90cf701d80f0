"""File a ticket: with an account or without, once per form, not too many in a row (S-1, S-2, S-3)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from shared.contracts.support import TicketOpened
from shared.db import Tx, UnitOfWork, take_number
from shared.http import Language
from support.errors import NumbersExhausted
from support.tickets.contacts import ContactSafe
from support.tickets.limits import count_against_limits, network_of
from support.tickets.new_ticket import NewTicket
from support.tickets.rules import Status
from support.tickets.tables import ticket_counters, ticket_history, ticket_messages, tickets


@dataclass(frozen=True, slots=True)
class Requester:
    """Who files, as far as it is known."""

    account_id: UUID | None
    address: str | None
    """Network address, for the limits; kept as a keyed hash only."""
    language: Language


@dataclass(frozen=True, slots=True)
class Filed:
    """What the requester is told at once."""

    ticket_id: UUID
    number: str
    status: Status
    opened_at: datetime


async def file_ticket(
    uow: UnitOfWork, safe: ContactSafe, requester: Requester, new: NewTicket, *, form_id: UUID | None = None
) -> Filed:
    """Keep the ticket, give it its number, and let notifications tell it by e-mail.

    Args:
        uow: opens the transaction.
        safe: keeps the contacts.
        requester: who files.
        new: what was written.
        form_id: of the form, if one was filled in: sent twice as it is, it is filed once; corrected, it is another.

    Raises:
        TooManyTickets: nothing is kept; says when the next one is welcome.
        NumbersExhausted: nothing is kept.
    """
    async with uow.begin() as tx:
        submission = safe.trace("submission", f"{form_id} {new.model_dump_json()}") if form_id else None
        if submission is not None and (known := await _filed_before(tx, submission)):
            return known
        # All that takes time stands before the number: from there on everybody else waits.
        ticket_id = tx.new_id()
        contacts = safe.keep(ticket_id, new.email, new.phone)
        sealed_email = safe.sealed_email(ticket_id, new.email)
        await count_against_limits(tx, _subjects(safe, requester, new))
        number = await take_number(tx, ticket_counters, NumbersExhausted)
        await tx.session.execute(
            insert(tickets).values(
                ticket_id=ticket_id,
                number=number,
                submission=submission,
                type=new.type,
                subject=new.subject,
                status=Status.NEW,
                status_since=tx.now,
                version=1,
                opened_at=tx.now,
                locale=requester.language,
                account_id=requester.account_id,
                **asdict(contacts),
            )
        )
        await tx.session.execute(
            insert(ticket_messages).values(
                ticket_id=ticket_id,
                message_id=tx.new_id(),
                author="requester",
                account_id=requester.account_id,
                text=new.text,
                written_at=tx.now,
            )
        )
        await tx.session.execute(
            insert(ticket_history).values(ticket_id=ticket_id, version=1, status=Status.NEW, moved_at=tx.now)
        )
        tx.emit(
            TicketOpened(
                ticket_id=ticket_id,
                number=number,
                ticket_type=new.type.value,
                account_id=requester.account_id,
                locale=requester.language,
                sealed_email=sealed_email,
                opened_at=tx.now,
            )
        )
        return Filed(ticket_id, number, Status.NEW, tx.now)


def _subjects(safe: ContactSafe, requester: Requester, new: NewTicket) -> dict[str, bytes]:
    subjects = {
        "address": safe.trace("address", network_of(requester.address)),
        "email": safe.trace_email(new.email),
    }
    if requester.account_id is not None:
        subjects["account"] = safe.trace("account", str(requester.account_id))
    return subjects


async def _filed_before(tx: Tx, submission: bytes) -> Filed | None:
    """The ticket of this very form; the lock lets a double click wait for the first one."""
    await tx.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(submission[:8], signed=True))))
    query = select(tickets.c.ticket_id, tickets.c.number, tickets.c.status, tickets.c.opened_at)
    found = (await tx.session.execute(query.where(tickets.c.submission == submission))).first()
    return Filed(found.ticket_id, found.number, Status(found.status), found.opened_at) if found else None
