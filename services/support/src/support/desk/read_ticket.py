"""Read a ticket at the desk: the reading itself is kept (S-14)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from shared.db import UnitOfWork
from support.accounts.tables import accounts
from support.desk.current import moves_of
from support.desk.tables import ticket_reads
from support.errors import TicketNotFound
from support.tickets.queries import Message, number_meant, thread_of
from support.tickets.rules import Status
from support.tickets.tables import tickets


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """All that an agent is shown."""

    row: Row[Any]
    """Of `tickets`, with the names of the account, if there is one."""
    messages: list[Message]
    allowed: list[Status]


async def read_ticket(uow: UnitOfWork, agent_id: UUID, number: str) -> ReadTicket:
    """Answer a ticket and note who has read it.

    Raises:
        NoSuchNumber: wrong form or check digit.
        TicketNotFound: there is none.
    """
    async with uow.begin() as tx:
        query = select(tickets, accounts.c.surname, accounts.c.given_name, accounts.c.patronymic).outerjoin(
            accounts, accounts.c.account_id == tickets.c.account_id
        )
        row = (await tx.session.execute(query.where(tickets.c.number == number_meant(number)))).first()
        if row is None:
            raise TicketNotFound
        await tx.session.execute(
            insert(ticket_reads).values(read_id=tx.new_id(), ticket_id=row.ticket_id, agent_id=agent_id, read_at=tx.now)
        )
        return ReadTicket(row, await thread_of(tx.session, row.ticket_id), moves_of(row, tx))
