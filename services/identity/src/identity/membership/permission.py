"""Who admits and releases: the administrator and the director of the school, today."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from identity.errors import AdmissionForbidden
from identity.registry.authority import authority_in_school


async def require_administrator(session: AsyncSession, account_id: UUID, school_id: UUID, now: datetime) -> None:
    """Refuse everybody but director and administrator; a school that is not there is refused alike.

    Raises:
        AdmissionForbidden: the account administrates no such school.
    """
    authority = await authority_in_school(session, account_id, school_id, now)
    if not authority.administrates_school:
        raise AdmissionForbidden
