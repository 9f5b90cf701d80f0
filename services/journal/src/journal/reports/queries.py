"""Reads that several reports share."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.names import full_name
from journal.roster.tables import staff


async def names_of_staff(session: AsyncSession, school_id: UUID, person_ids: Collection[UUID]) -> list[str]:
    """How some members of staff are called, by name."""
    query = (
        select(staff.c.surname, staff.c.given_name, staff.c.patronymic)
        .where(staff.c.school_id == school_id, staff.c.person_id.in_(list(person_ids)))
        .order_by(staff.c.surname, staff.c.given_name, staff.c.person_id)
    )
    return [full_name(*row) for row in await session.execute(query)]
