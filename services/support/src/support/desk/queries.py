"""The list of the desk."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from support.accounts.tables import accounts
from support.tickets.rules import Status
from support.tickets.tables import tickets


async def waiting_tickets(
    session: AsyncSession, statuses: Collection[Status], *, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Tickets in some statuses, who waits longest first; contacts are not among what is read."""
    query: Select[Any] = (
        select(
            tickets.c.ticket_id,
            tickets.c.number,
            tickets.c.type,
            tickets.c.subject,
            tickets.c.status,
            tickets.c.status_since,
            tickets.c.version,
            tickets.c.opened_at,
            tickets.c.account_id,
            accounts.c.surname,
            accounts.c.given_name,
            accounts.c.patronymic,
        )
        .outerjoin(accounts, accounts.c.account_id == tickets.c.account_id)
        .where(tickets.c.status.in_(sorted(statuses)))
    )
    if after is not None:
        query = query.where(tickets.c.ticket_id > after)
    rows: Sequence[Row[Any]] = (await session.execute(query.order_by(tickets.c.ticket_id).limit(limit))).all()
    return rows
