"""Who may import a school over HTTP: those who answer for it, and operators of the platform."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Date, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import accounts
from identity.errors import ImportForbidden
from identity.registry.tables import staff_assignments
from shared.db import Tx

_LEADING = ("director", "school_administrator")


@dataclass(frozen=True, slots=True)
class CallerPermission:
    """The permission of an account, asked inside the import's own transaction."""

    account_id: UUID

    async def __call__(self, tx: Tx, school_id: UUID | None) -> None:
        """Raise `ImportForbidden` unless the account leads this school or works for the platform."""
        if await is_operator(tx.session, self.account_id):
            return
        if school_id is None or school_id not in await _leads(tx, self.account_id):
            raise ImportForbidden


async def require_any_school(session: AsyncSession, account_id: UUID) -> None:
    """Refuse at the door whoever leads no school at all, before the archive is unpacked."""
    leads = select(staff_assignments.c.school_id).where(
        staff_assignments.c.account_id == account_id, staff_assignments.c.role.in_(_LEADING)
    )
    if await session.scalar(leads.limit(1)) is None:
        raise ImportForbidden


async def is_operator(session: AsyncSession, account_id: UUID) -> bool:
    """Whether an account works for the platform."""
    found = await session.scalar(
        select(accounts.c.is_operator).where(accounts.c.account_id == account_id, accounts.c.status == "active")
    )
    return bool(found)


async def _leads(tx: Tx, account_id: UUID) -> set[UUID]:
    """Schools that an account leads today."""
    today = cast(tx.now.date(), Date)
    duty = staff_assignments.c
    found = await tx.session.scalars(
        select(duty.school_id)
        .join(accounts, accounts.c.account_id == duty.account_id)
        .where(
            duty.account_id == account_id,
            accounts.c.status == "active",
            duty.role.in_(_LEADING),
            duty.released_on.is_(None),
            duty.valid_from <= today,
            or_(duty.valid_until.is_(None), duty.valid_until >= today),
        )
    )
    return set(found)
