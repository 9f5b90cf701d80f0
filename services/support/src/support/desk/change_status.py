"""Move a ticket: its row, its history and its event in one transaction (S-5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from shared.contracts.support import TicketStatusChanged
from shared.db import UnitOfWork
from support.desk.current import lock_as_seen, moves_of, standing_of, state_of
from support.errors import AnswerRequired, HoldNotWanted, HoldOutOfRange, HoldRequired, MoveNotAllowed
from support.tickets.contacts import ContactSafe
from support.tickets.rules import Hold, Obstacle, Status, keeps_answer, obstacle
from support.tickets.tables import ticket_history, tickets
from support.tickets.words import STATUS_TITLES


@dataclass(frozen=True, slots=True)
class Moved:
    """How the ticket stands after the move."""

    number: str
    status: Status
    version: int
    status_since: datetime


async def change_status(
    uow: UnitOfWork, safe: ContactSafe, agent_id: UUID, number: str, *, to: Status, version: int, hold: Hold | None
) -> Moved:
    """Move a ticket to another status.

    Args:
        uow: opens the transaction.
        safe: opens the requester's address and seals it for the event.
        agent_id: account of the agent.
        number: of the ticket.
        to: the new status.
        version: of the ticket as the agent saw it.
        hold: why and until when, for `on_hold` alone.

    Raises:
        NoSuchNumber: wrong form or check digit.
        TicketNotFound: there is none.
        StaleTicket: somebody was faster; tells the current state.
        MoveNotAllowed: tells the allowed ones.
        AnswerRequired: resolving needs a public answer (S-7).
        HoldRequired, HoldNotWanted, HoldOutOfRange: reason and date go with `on_hold`, and the date is within a year.
    """
    async with uow.begin() as tx:
        ticket = await lock_as_seen(tx, number, version)
        old = Status(ticket.status)
        _refuse(obstacle(standing_of(ticket), to, hold, tx.now), ticket, to, moves_of(ticket, tx), state_of(ticket, tx))
        pause = {"hold_reason": hold.reason if hold else None, "hold_until": hold.until if hold else None}
        await tx.session.execute(
            update(tickets)
            .where(tickets.c.ticket_id == ticket.ticket_id)
            .values(
                status=to,
                status_since=tx.now,
                version=version + 1,
                answered_at=ticket.answered_at if keeps_answer(old, to) else None,
                **pause,
            )
        )
        await tx.session.execute(
            insert(ticket_history).values(
                ticket_id=ticket.ticket_id,
                version=version + 1,
                old_status=old,
                status=to,
                agent_id=agent_id,
                moved_at=tx.now,
                **pause,
            )
        )
        tx.emit(
            TicketStatusChanged(
                ticket_id=ticket.ticket_id,
                number=ticket.number,
                account_id=ticket.account_id,
                locale=ticket.locale,
                sealed_email=safe.sealed_email(ticket.ticket_id, safe.email_of(ticket)),
                old_status=old.value,
                status=to.value,
                changed_at=tx.now,
            )
        )
        return Moved(ticket.number, to, version + 1, tx.now)


def _refuse(found: Obstacle | None, ticket: Any, to: Status, allowed: list[Status], current: dict[str, Any]) -> None:
    members = {"allowed": allowed, "current": current}
    match found:
        case None:
            return
        case Obstacle.NOT_ALLOWED:
            raise MoveNotAllowed(
                old_status=STATUS_TITLES[Status(ticket.status)], status=STATUS_TITLES[to], members=members
            )
        case Obstacle.ANSWER_REQUIRED:
            raise AnswerRequired(members=members)
        case Obstacle.HOLD_REQUIRED:
            raise HoldRequired
        case Obstacle.HOLD_NOT_WANTED:
            raise HoldNotWanted
        case Obstacle.HOLD_OUT_OF_RANGE:
            raise HoldOutOfRange
