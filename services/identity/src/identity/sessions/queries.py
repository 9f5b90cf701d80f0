"""Reads of sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.sessions.tables import sessions


async def open_sessions(session: AsyncSession, account_id: UUID, now: datetime) -> list[Row[Any]]:
    """Where an account is signed in, the last used first."""
    found = await session.execute(
        select(sessions)
        .where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
        .order_by(sessions.c.last_used_at.desc(), sessions.c.session_id)
        .limit(100)
    )
    return list(found.all())
