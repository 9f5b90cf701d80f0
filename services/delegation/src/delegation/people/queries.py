"""Reads of people, and the locks that keep two decisions about one person or child apart.

Whoever needs several locks takes them in this order: contact, account, child, then rows of invitations and grants.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from delegation.people.rules import PUPIL, acts_for, child_label
from delegation.people.tables import accounts, children, reachable_accounts, schools
from shared.access import Edge, edges_for, edges_of

BEFORE_IT_IS_TOLD = "Europe/Moscow"
"""The time zone that counts until the school's own is known."""


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil as delegation knows one."""

    school_id: UUID
    pupil_id: UUID
    label: str
    """«Анна К.»"""
    time_zone: str


async def hold_contacts(session: AsyncSession, contact_hashes: Collection[bytes]) -> None:
    """Keep others from looking for or moving these contacts until the end of the transaction.

    Without it an invitation and the account it is for could miss each other, each not yet seeing the other.
    """
    for contact_hash in sorted(contact_hashes):
        await session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(contact_hash[:8], signed=True))))


async def hold_accounts(session: AsyncSession, account_ids: Collection[UUID]) -> frozenset[UUID]:
    """Keep accounts to this transaction. Answers those that are in use and whose names are known."""
    held = await session.execute(
        select(accounts.c.account_id, accounts.c.disabled_at)
        .where(accounts.c.account_id.in_(account_ids))
        .order_by(accounts.c.account_id)
        .with_for_update()
    )
    return frozenset(row.account_id for row in held if row.disabled_at is None)


async def hold_children(session: AsyncSession, pupil_ids: Collection[UUID]) -> dict[UUID, Child]:
    """Keep children to this transaction. Answers those that go to school."""
    rows = await session.execute(
        select(children, schools.c.time_zone)
        .outerjoin(schools, schools.c.school_id == children.c.school_id)
        .where(children.c.pupil_id.in_(pupil_ids))
        .order_by(children.c.school_id, children.c.pupil_id)
        .with_for_update(of=children)
    )
    return {
        row.pupil_id: Child(
            row.school_id,
            row.pupil_id,
            child_label(row.surname, row.given_name),
            row.time_zone or BEFORE_IT_IS_TOLD,
        )
        for row in rows
        if row.left_on is None
    }


async def edges_on(session: AsyncSession, account_id: UUID, pupil_ids: Collection[UUID]) -> tuple[Edge, ...]:
    """An account's edges on some pupils."""
    return await edges_for(session, account_id, [(PUPIL, pupil_id) for pupil_id in pupil_ids])


async def may_act_for(session: AsyncSession, account_id: UUID, pupil_id: UUID, now: datetime) -> bool:
    """Whether an account is a level-2 representative of a pupil at this instant."""
    return acts_for(await edges_on(session, account_id, [pupil_id]), pupil_id, now)


async def children_acted_for(session: AsyncSession, account_id: UUID, now: datetime) -> Sequence[UUID]:
    """Whose level-2 representative an account is."""
    edges = await edges_of(session, account_id, now, object_type=PUPIL)
    return [edge.object_id for edge in edges if acts_for([edge], edge.object_id, now)]


async def is_reachable_as(session: AsyncSession, account_id: UUID, contact_hash: bytes, surname_hash: bytes) -> bool:
    """Whether the account has proved this contact and bears this surname (D-4)."""
    return account_id in await accounts_reachable_as(session, contact_hash, surname_hash)


async def accounts_reachable_as(session: AsyncSession, contact_hash: bytes, surname_hash: bytes) -> Sequence[UUID]:
    """Accounts in use that have proved this contact and bear this surname (D-2)."""
    found = await session.scalars(
        select(reachable_accounts.c.account_id)
        .join(accounts, accounts.c.account_id == reachable_accounts.c.account_id)
        .where(
            reachable_accounts.c.contact_hash == contact_hash,
            reachable_accounts.c.surname_hash == surname_hash,
            accounts.c.disabled_at.is_(None),
        )
    )
    return found.all()
