"""Take the next due message, with all that decides whether and how it goes, and record what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, null, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.audience.queries import NOW, may_know
from notifications.audience.tables import account_cards
from notifications.channels.tables import contacts
from notifications.dispatch.rules import LEASE
from notifications.dispatch.tables import messages
from notifications.inbox.tables import copies, notices
from shared.db import Tx
from shared.http.texts import Language

_DUE = and_(messages.c.status == "pending", messages.c.next_attempt_at <= NOW)
_DUE_UP_TO: Final = select(func.count()).select_from(
    select(messages.c.notice_id).where(_DUE).limit(bindparam("enough")).subquery()
)
_NEXT: Final[Select[Any]] = (
    select(
        messages.c.notice_id,
        messages.c.recipient_id,
        messages.c.channel,
        messages.c.attempts,
        messages.c.expires_at,
        notices.c.kind,
        notices.c.about_id,
        notices.c.template_version,
        notices.c["values"].label("template_values"),
        func.coalesce(messages.c.locale, account_cards.c.locale, "ru").label("locale"),
        account_cards.c.given_name,
        account_cards.c.disabled_at,
        messages.c.sealed_address,
        contacts.c.sealed.label("sealed_contact"),
        or_(
            notices.c.outcome.is_not(None),
            notices.c.superseded_at.is_not(None),
            func.coalesce(copies.c.state == "withdrawn", False),
        ).label("superseded"),
        func.coalesce(copies.c.state.in_(("read", "archived")), False).label("read_already"),
        or_(
            func.coalesce(copies.c.named, true()),
            may_know(
                messages.c.recipient_id,
                pupil_id=notices.c.pupil_id,
                section=notices.c.section,
                circle=notices.c.circle,
            ),
        ).label("may_know"),
    )
    .join(notices, notices.c.id == messages.c.notice_id)
    .outerjoin(account_cards, account_cards.c.account_id == messages.c.recipient_id)
    .outerjoin(contacts, and_(contacts.c.account_id == messages.c.recipient_id, contacts.c.kind == messages.c.channel))
    .outerjoin(
        copies, and_(copies.c.notice_id == messages.c.notice_id, copies.c.recipient_id == messages.c.recipient_id)
    )
    .where(_DUE)
    .order_by(messages.c.next_attempt_at)
    .limit(1)
    .with_for_update(of=messages, skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this sender's until its lease ends."""

    notice_id: UUID
    recipient_id: UUID
    channel: str
    attempt: int
    """1 for the first try. Only who still holds this try may record its result."""
    expires_at: datetime
    kind: str
    template_version: int
    values: dict[str, Any]
    language: Language
    name: str | None
    sealed_address: str | None
    sealed_context: str
    disabled: bool
    superseded: bool
    read_already: bool
    may_know: bool


async def count_due(session: AsyncSession, now: datetime, enough: int) -> int:
    """How many messages are due, counted no further than `enough`; a cheap look before a server is asked."""
    return (await session.execute(_DUE_UP_TO, {"now": now, "enough": enough})).scalar_one()


async def claim_next(tx: Tx) -> Claimed | None:
    """Take the message that is due longest, unless another sender has it."""
    row = (await tx.session.execute(_NEXT, {"now": tx.now})).first()
    if row is None:
        return None
    await tx.session.execute(
        update(messages)
        .where(
            messages.c.notice_id == row.notice_id,
            messages.c.recipient_id == row.recipient_id,
            messages.c.channel == row.channel,
        )
        .values(attempts=row.attempts + 1, next_attempt_at=tx.now + LEASE)
    )
    of_ticket = row.sealed_address is not None
    return Claimed(
        notice_id=row.notice_id,
        recipient_id=row.recipient_id,
        channel=row.channel,
        attempt=row.attempts + 1,
        expires_at=row.expires_at,
        kind=row.kind,
        template_version=row.template_version,
        values=row.template_values,
        language=row.locale,
        name=row.given_name,
        sealed_address=row.sealed_address if of_ticket else row.sealed_contact,
        sealed_context=f"ticket:{row.about_id}" if of_ticket else f"contact:{row.recipient_id}",
        disabled=row.disabled_at is not None,
        superseded=row.superseded,
        read_already=row.read_already,
        may_know=row.may_know,
    )


async def record(
    tx: Tx,
    claimed: Claimed,
    *,
    status: str,
    reason: str | None,
    next_attempt_at: datetime | None = None,
) -> bool:
    """Write down what became of a try. Answers False if the lease was lost to another sender meanwhile."""
    pending = status == "pending"
    result = await tx.session.execute(
        update(messages)
        .where(
            messages.c.notice_id == claimed.notice_id,
            messages.c.recipient_id == claimed.recipient_id,
            messages.c.channel == claimed.channel,
            messages.c.status == "pending",
            messages.c.attempts == claimed.attempt,
        )
        .values(
            status=status,
            reason=reason,
            next_attempt_at=next_attempt_at or messages.c.next_attempt_at,
            done_at=None if pending else tx.now,
            # An address stays no longer than it is needed.
            sealed_address=messages.c.sealed_address if pending else null(),
        )
        .returning(messages.c.notice_id)
    )
    return result.first() is not None
