"""Whoever changes much of a school takes turns; whoever changes one row of it only waits for those.

An import reads the whole school before it writes: a change that came in between would be lost.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from identity.registry.tables import schools

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('school_import:' || :source_id, 0))")
_BESIDE = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('school_import:' || :source_id, 0))")


async def take_turn(session: AsyncSession, source_id: str) -> None:
    """Be the only one who changes the school of this source id (which may be new) until the transaction ends."""
    await session.execute(_ALONE, {"source_id": source_id})


async def take_turn_in(session: AsyncSession, school_id: UUID, *, beside_others: bool = False) -> Row[Any] | None:
    """The same for a known school: its row, or None if there is none.

    Args:
        session: an open session.
        school_id: which school.
        beside_others: the change touches rows that it locks itself; only whole imports have to wait for it.
    """
    school = (await session.execute(select(schools).where(schools.c.school_id == school_id))).one_or_none()
    if school is not None:
        await session.execute(_BESIDE if beside_others else _ALONE, {"source_id": school.source_id})
    return school
