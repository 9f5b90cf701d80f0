"""Who may import a school over HTTP: those who administrate it today, and operators of the platform."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import accounts
from identity.errors import ImportForbidden
from identity.registry.authority import ADMINISTRATING, authority_in_school
from identity.registry.tables import staff_assignments
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class CallerPermission:
    """The permission of an account, asked inside the import's own transaction."""

    account_id: UUID

    async def __call__(self, tx: Tx, school_id: UUID | None) -> None:
        """Raise `ImportForbidden` unless the account administrates this school or works for the platform."""
        if await is_operator(tx.session, self.account_id):
            return
        if school_id is None:
            raise ImportForbidden
        authority = await authority_in_school(tx.session, self.account_id, school_id, tx.now)
        if not authority.administrates_school:
            raise ImportForbidden


async def require_any_school(session: AsyncSession, account_id: UUID) -> None:
    """Refuse at the door whoever has administrated no school at all, before the archive is unpacked."""
    duty = staff_assignments.c
    administrates = select(duty.school_id).where(duty.account_id == account_id, duty.role.in_(ADMINISTRATING))
    if await session.scalar(administrates.limit(1)) is None:
        raise ImportForbidden


async def is_operator(session: AsyncSession, account_id: UUID) -> bool:
    """Whether an account works for the platform."""
    found = await session.scalar(
        select(accounts.c.is_operator).where(accounts.c.account_id == account_id, accounts.c.status == "active")
    )
    return bool(found)
