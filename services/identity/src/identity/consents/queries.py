"""Reads of consents."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.consents.tables import consents


async def consents_of(session: AsyncSession, account_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """What an account agreed to, the newest first."""
    found = await session.execute(
        select(consents)
        .where(consents.c.account_id == account_id)
        .order_by(consents.c.given_at.desc(), consents.c.consent_id.desc())
        .limit(100)
    )
    return found.all()
