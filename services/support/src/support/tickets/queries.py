"""Reads of tickets, as their requesters may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.crypto import InvalidNumber, parse_check_number
from support.errors import NoSuchNumber, TicketNotFound
from support.tickets.links import LinkSigner
from support.tickets.tables import ticket_messages, tickets


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the thread; which agent wrote it is not the requester's business."""

    author: str
    text: str
    written_at: datetime


def number_meant(written: str) -> str:
    """The number in its written form, dashes or not.

    Raises:
        NoSuchNumber: wrong form or check digit.
    """
    try:
        return parse_check_number(written[:40])
    except InvalidNumber:
        raise NoSuchNumber from None


async def find_readable(
    session: AsyncSession, links: LinkSigner, number: str, account_id: UUID | None, token: str | None, now: datetime
) -> Row[Any]:
    """A ticket for its signed-in owner or for whoever has its signed link; never by number alone (S-3).

    Raises:
        NoSuchNumber: wrong form or check digit.
        TicketNotFound: there is none, or it is not for this caller.
    """
    found = (await session.execute(select(tickets).where(tickets.c.number == number_meant(number)))).first()
    by_link = links.ticket_of(token, now) if token else None
    if found is None:
        raise TicketNotFound
    owned = account_id is not None and found.account_id == account_id
    if not owned and by_link != found.ticket_id:
        raise TicketNotFound
    return found


async def thread_of(session: AsyncSession, ticket_id: UUID) -> list[Message]:
    """What was written, oldest first."""
    rows = await session.execute(
        select(ticket_messages)
        .where(ticket_messages.c.ticket_id == ticket_id)
        .order_by(ticket_messages.c.written_at, ticket_messages.c.message_id)
    )
    return [Message(row.author, row.text, row.written_at) for row in rows]


async def own_tickets(
    session: AsyncSession, account_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """The account's tickets, newest first; ids are ordered by time."""
    query = select(tickets).where(tickets.c.account_id == account_id)
    if before is not None:
        query = query.where(tickets.c.ticket_id < before)
    return (await session.execute(query.order_by(tickets.c.ticket_id.desc()).limit(limit))).all()
