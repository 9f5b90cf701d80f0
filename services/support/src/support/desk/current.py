"""The ticket that an agent is about to change: locked, and as the agent saw it (S-7)."""

from typing import Any

from sqlalchemy import Row, select

from shared.db import Tx
from support.errors import StaleTicket, TicketNotFound
from support.tickets.queries import number_meant
from support.tickets.rules import Standing, Status, allowed_moves
from support.tickets.tables import tickets


async def lock_as_seen(tx: Tx, number: str, version: int) -> Row[Any]:
    """Lock a ticket for the rest of the transaction.

    Raises:
        NoSuchNumber: wrong form or check digit.
        TicketNotFound: there is none.
        StaleTicket: the agent saw another version; tells the current state.
    """
    found = (
        await tx.session.execute(select(tickets).where(tickets.c.number == number_meant(number)).with_for_update())
    ).first()
    if found is None:
        raise TicketNotFound
    if found.version != version:
        raise StaleTicket(base=version, version=found.version, members={"current": state_of(found, tx)})
    return found


def standing_of(ticket: Any) -> Standing:
    """What the ticket's next move depends on."""
    return Standing(Status(ticket.status), ticket.status_since, answered=ticket.answered_at is not None)


def moves_of(ticket: Any, tx: Tx) -> list[Status]:
    """Statuses that an agent can set now; merging needs another ticket and has a route of its own."""
    standing = standing_of(ticket)
    return [to for to in allowed_moves(standing.status, standing.since, tx.now) if to is not Status.MERGED]


def state_of(ticket: Any, tx: Tx) -> dict[str, Any]:
    """The current state as a conflict tells it."""
    return {
        "number": ticket.number,
        "status": ticket.status,
        "version": ticket.version,
        "status_since": ticket.status_since,
        "answered": ticket.answered_at is not None,
        "allowed": moves_of(ticket, tx),
    }
