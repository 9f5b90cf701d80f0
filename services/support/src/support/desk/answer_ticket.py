"""Answer the requester: an entry of the thread that the requester sees (S-7)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update

from shared.db import UnitOfWork
from support.desk.current import lock_as_seen, moves_of, state_of
from support.errors import TicketNotAnswerable
from support.tickets.rules import ANSWERABLE, Status
from support.tickets.tables import ticket_messages, tickets


@dataclass(frozen=True, slots=True)
class Answered:
    """The entry, and how the ticket stands after it."""

    message_id: UUID
    number: str
    status: Status
    version: int
    written_at: datetime


async def answer_ticket(uow: UnitOfWork, agent_id: UUID, number: str, *, text: str, version: int) -> Answered:
    """Write a public answer; the status stays as it is.

    Args:
        uow: opens the transaction.
        agent_id: account of the agent; kept, not shown to the requester.
        number: of the ticket.
        text: the answer.
        version: of the ticket as the agent saw it.

    Raises:
        NoSuchNumber: wrong form or check digit.
        TicketNotFound: there is none.
        StaleTicket: somebody was faster; tells the current state.
        TicketNotAnswerable: closed, merged or spam.
    """
    async with uow.begin() as tx:
        ticket = await lock_as_seen(tx, number, version)
        status = Status(ticket.status)
        if status not in ANSWERABLE:
            raise TicketNotAnswerable(members={"allowed": moves_of(ticket, tx), "current": state_of(ticket, tx)})
        message_id = tx.new_id()
        await tx.session.execute(
            insert(ticket_messages).values(
                ticket_id=ticket.ticket_id,
                message_id=message_id,
                author="agent",
                account_id=agent_id,
                text=text,
                written_at=tx.now,
            )
        )
        await tx.session.execute(
            update(tickets)
            .where(tickets.c.ticket_id == ticket.ticket_id)
            .values(version=version + 1, answered_at=tx.now)
        )
        return Answered(message_id, ticket.number, status, version + 1, tx.now)
