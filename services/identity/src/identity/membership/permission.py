"""Who admits and releases: the administrator and the director of the school, today."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.errors import AdmissionForbidden
from identity.registry.authority import in_force
from identity.registry.tables import schools, staff_assignments

_ADMINISTRATING = ("director", "school_administrator")


async def require_administrator(session: AsyncSession, account_id: UUID, school_id: UUID, now: datetime) -> None:
    """Refuse everybody but director and administrator; a school that is not there is refused alike.

    Raises:
        AdmissionForbidden: the account administrates no such school.
    """
    duty = staff_assignments.c
    found = await session.scalar(
        select(duty.assignment_id)
        .join(schools, schools.c.school_id == duty.school_id)
        .where(
            duty.account_id == account_id,
            duty.school_id == school_id,
            duty.role.in_(_ADMINISTRATING),
            in_force(now),
        )
        .limit(1)
    )
    if found is None:
        raise AdmissionForbidden
