"""Registrations that nobody has finished are forgotten."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from identity.registration.tables import registrations


async def purge_registrations(session: AsyncSession, now: datetime) -> None:
    """Drop what has lapsed, with everything that was typed."""
    await session.execute(delete(registrations).where(registrations.c.expires_at < now))
