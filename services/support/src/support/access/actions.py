"""What can be done at the desk and who may do it: whoever has no edge of an agent is refused (S-14)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.access import Action, Object, Relation, Rule, decide, edges_for

CENTRAL_DESK = Object("desk", UUID("5a564f4e-0000-7000-8000-000000000001"))
"""Where all tickets are. An agent's edge keeps the school that named the agent, for the schools' own queues."""

WORK_TICKETS = Action("work_tickets", (Rule(Relation.AGENT, on="desk"),))
"""Read, answer and move tickets."""


async def may_work(session: AsyncSession, account_id: UUID, now: datetime) -> bool:
    """Tell whether an account works at the desk at this instant."""
    edges = await edges_for(session, account_id, CENTRAL_DESK.keys())
    return decide(edges, WORK_TICKETS, CENTRAL_DESK, now).allowed
