"""Reads of invitations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from delegation.invitations.rules import DAY, InvitationState
from delegation.invitations.tables import invitations
from delegation.people.tables import accounts, children

Direction = Literal["sent", "received"]
_inviter = accounts.alias("inviter")
_invitee = accounts.alias("invitee")


def with_names() -> Select[Any]:
    """Invitations with everybody's names."""
    return (
        select(
            invitations,
            children.c.surname.label("child_surname"),
            children.c.given_name.label("child_given_name"),
            _inviter.c.surname.label("inviter_surname"),
            _inviter.c.given_name.label("inviter_given_name"),
            _inviter.c.patronymic.label("inviter_patronymic"),
            _invitee.c.surname.label("invitee_surname"),
            _invitee.c.given_name.label("invitee_given_name"),
            _invitee.c.patronymic.label("invitee_patronymic"),
        )
        .join(
            children,
            and_(children.c.school_id == invitations.c.school_id, children.c.pupil_id == invitations.c.pupil_id),
        )
        .join(_inviter, _inviter.c.account_id == invitations.c.inviter_account_id)
        .outerjoin(_invitee, _invitee.c.account_id == invitations.c.invitee_account_id)
    )


async def invitations_seen_by(
    session: AsyncSession,
    account_id: UUID,
    pupil_ids: Collection[UUID],
    *,
    direction: Direction | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Sent by this account or about these children, and received by this account; newest first."""
    received = invitations.c.invitee_account_id == account_id
    sent = or_(invitations.c.inviter_account_id == account_id, invitations.c.pupil_id.in_(pupil_ids))
    wanted = {"sent": sent, "received": received, None: or_(sent, received)}[direction]
    query = with_names().where(wanted)
    if before is not None:
        query = query.where(invitations.c.invitation_id < before)
    rows: Sequence[Row[Any]] = (
        await session.execute(query.order_by(invitations.c.invitation_id.desc()).limit(limit))
    ).all()
    return rows


async def invitations_named(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """These invitations, in the order they were made."""
    query = with_names().where(invitations.c.invitation_id.in_(ids))
    rows: Sequence[Row[Any]] = (await session.execute(query.order_by(invitations.c.invitation_id))).all()
    return rows


async def invitation_for_update(session: AsyncSession, invitation_id: UUID) -> Row[Any] | None:
    """An invitation, kept to this transaction."""
    query = with_names().where(invitations.c.invitation_id == invitation_id).with_for_update(of=invitations)
    row: Row[Any] | None = (await session.execute(query)).one_or_none()
    return row


async def child_and_inviter(session: AsyncSession, invitation_id: UUID) -> tuple[UUID, UUID] | None:
    """Whose diary an invitation offers, and who offers it: what never changes of it."""
    found = await session.execute(
        select(invitations.c.pupil_id, invitations.c.inviter_account_id).where(
            invitations.c.invitation_id == invitation_id
        )
    )
    row = found.one_or_none()
    return (row.pupil_id, row.inviter_account_id) if row else None


async def sent_in_a_day(session: AsyncSession, inviter: UUID, now: datetime) -> Sequence[datetime]:
    """When this inviter's invitations of the last 24 hours were sent, oldest first (D-8)."""
    found = await session.scalars(
        select(invitations.c.sent_at)
        .where(invitations.c.inviter_account_id == inviter, invitations.c.sent_at > now - DAY)
        .order_by(invitations.c.sent_at)
    )
    return found.all()


async def is_waiting(
    session: AsyncSession,
    inviter: UUID,
    pupil_ids: Collection[UUID],
    contact_hash: bytes,
    surname_hash: bytes,
    now: datetime,
) -> bool:
    """Whether this inviter has invited the same addressee to one of these children and waits for the answer."""
    found = await session.scalars(
        select(invitations.c.invitation_id)
        .where(
            invitations.c.inviter_account_id == inviter,
            invitations.c.pupil_id.in_(pupil_ids),
            invitations.c.contact_hash == contact_hash,
            invitations.c.surname_hash == surname_hash,
            invitations.c.state == InvitationState.PENDING.value,
            invitations.c.expires_at > now,
        )
        .limit(1)
    )
    return found.first() is not None
