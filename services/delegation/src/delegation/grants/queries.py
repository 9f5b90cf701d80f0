"""Reads of grants."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from delegation.grants.rules import GrantState
from delegation.grants.tables import grants
from delegation.people.tables import accounts, children

_trusted = accounts.alias("trusted")
_grantor = accounts.alias("grantor")


def in_force(now: datetime) -> ColumnElement[bool]:
    """The grants that count at an instant."""
    return and_(grants.c.state == GrantState.ACTIVE.value, grants.c.valid_until > now)


def with_names() -> Select[Any]:
    """Grants with everybody's names."""
    return (
        select(
            grants,
            children.c.surname.label("child_surname"),
            children.c.given_name.label("child_given_name"),
            _trusted.c.surname.label("trusted_surname"),
            _trusted.c.given_name.label("trusted_given_name"),
            _trusted.c.patronymic.label("trusted_patronymic"),
            _grantor.c.surname.label("grantor_surname"),
            _grantor.c.given_name.label("grantor_given_name"),
            _grantor.c.patronymic.label("grantor_patronymic"),
        )
        .join(
            children,
            and_(children.c.school_id == grants.c.school_id, children.c.pupil_id == grants.c.pupil_id),
        )
        .join(_trusted, _trusted.c.account_id == grants.c.account_id)
        .join(_grantor, _grantor.c.account_id == grants.c.granted_by_account_id)
    )


async def grants_seen_by(
    session: AsyncSession,
    account_id: UUID,
    pupil_ids: Collection[UUID],
    *,
    state: GrantState | None,
    now: datetime,
    before: UUID | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Granted to this account or on these children, newest first."""
    query = with_names().where(or_(grants.c.account_id == account_id, grants.c.pupil_id.in_(pupil_ids)))
    if state is GrantState.ACTIVE:
        query = query.where(in_force(now))
    elif state is GrantState.EXPIRED:
        lapsed = and_(grants.c.state == GrantState.ACTIVE.value, grants.c.valid_until <= now)
        query = query.where(or_(grants.c.state == state.value, lapsed))
    elif state is not None:
        query = query.where(grants.c.state == state.value)
    if before is not None:
        query = query.where(grants.c.grant_id < before)
    rows: Sequence[Row[Any]] = (await session.execute(query.order_by(grants.c.grant_id.desc()).limit(limit))).all()
    return rows


async def pupil_of_grant(session: AsyncSession, grant_id: UUID) -> UUID | None:
    """Whose diary a grant opens."""
    return await session.scalar(select(grants.c.pupil_id).where(grants.c.grant_id == grant_id))


async def grant_for_update(session: AsyncSession, grant_id: UUID) -> Row[Any] | None:
    """A grant, kept to this transaction."""
    found = await session.execute(select(grants).where(grants.c.grant_id == grant_id).with_for_update())
    return found.one_or_none()


async def count_in_force(session: AsyncSession, pupil_id: UUID, now: datetime) -> int:
    """How many trusted persons a child has at this instant (D-8)."""
    counted = await session.scalar(
        select(func.count()).select_from(grants).where(grants.c.pupil_id == pupil_id, in_force(now))
    )
    return counted or 0


async def has_in_force(session: AsyncSession, pupil_id: UUID, account_id: UUID, now: datetime) -> bool:
    """Whether an account reads this child's diary by a grant at this instant."""
    found = await session.scalar(
        select(grants.c.grant_id).where(grants.c.pupil_id == pupil_id, grants.c.account_id == account_id, in_force(now))
    )
    return found is not None
