"""A proposal that no second member of staff has looked at for two weeks is void: what it was made from has aged."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from identity.class_contacts.tables import proposed_corrections

WAITS = timedelta(days=14)


async def lapse_proposals(session: AsyncSession, now: datetime) -> None:
    """Take what has waited too long out of the list; the teacher may propose it again."""
    proposal = proposed_corrections.c
    await session.execute(
        update(proposed_corrections)
        .where(proposal.state == "waiting", proposal.proposed_at < now - WAITS)
        .values(state="lapsed", settled_at=now)
    )
