"""Take the next due message, with all that decides whether and how it goes, and record what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.audience.queries import NOW, may_know
from notifications.audience.rules import BEFORE_IT_IS_TOLD, UNKNOWN_CHILD
from notifications.audience.tables import account_cards, pupil_cards, school_cards
from notifications.channels.rules import CONTACT_OF, Channel
from notifications.channels.tables import contacts
from notifications.dispatch.rules import CODE_LEASE, CODES, LEASE, Priority, Target
from notifications.dispatch.tables import messages
from notifications.inbox.tables import copies, notices
from shared.db import Tx
from shared.http.texts import Language

PENDING: Final = messages.c.status == literal_column("'pending'")
"""Written out and not as a parameter: only so may a prepared plan use the partial indexes."""
# Not «channel»: an UPDATE takes a parameter of a column's name for a value to set.
_DUE = and_(messages.c.channel == bindparam("of_channel"), PENDING, messages.c.next_attempt_at <= NOW)
_DUE_UP_TO: Final = select(func.count()).select_from(
    select(messages.c.event_id).where(_DUE).limit(bindparam("enough")).subquery()
)
_KEY: Final = (messages.c.event_id, messages.c.recipient_id, messages.c.channel, messages.c.target)
NEXT: Final = (
    select(*_KEY)
    .where(_DUE)
    # The order of the index: one-time codes first, however many others wait (N-13).
    .order_by(messages.c.priority, messages.c.next_attempt_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
"""The message at the head of a channel's queue that nobody else has."""
_next = NEXT.cte("next")
_taken = (
    update(messages)
    .where(tuple_(*_KEY) == tuple_(*_next.c))
    .values(
        attempts=messages.c.attempts + 1,
        next_attempt_at=case(
            (messages.c.priority == CODES, bindparam("code_lease", type_=TIMESTAMP(timezone=True))),
            else_=bindparam("lease", type_=TIMESTAMP(timezone=True)),
        ),
    )
    .returning(messages)
    .cte("taken")
)
_newer = messages.alias("newer")
_CLAIM: Final[Select[Any]] = (
    select(
        *(_taken.c[name] for name in ("event_id", "recipient_id", "channel", "target", "kind", "template_version")),
        *(_taken.c[name] for name in ("attempts", "priority", "expires_at", "sealed", "sealed_context")),
        # The column «values» must not meet the method of the same name.
        _taken.c["values"].label("template_values"),
        func.coalesce(_taken.c.locale, account_cards.c.locale, "ru").label("locale"),
        account_cards.c.given_name,
        account_cards.c.disabled_at,
        contacts.c.sealed.label("sealed_contact"),
        pupil_cards.c.label.label("child"),
        school_cards.c.time_zone,
        or_(
            func.coalesce(notices.c.outcome.is_not(None), False),
            func.coalesce(notices.c.superseded_at.is_not(None), False),
            func.coalesce(copies.c.state == "withdrawn", False),
            # A newer code for the same purpose makes an older one worthless; ids of events grow with time.
            and_(
                _taken.c.target == "code",
                exists().where(
                    _newer.c.recipient_id == _taken.c.recipient_id,
                    _newer.c.channel == _taken.c.channel,
                    _newer.c.kind == _taken.c.kind,
                    _newer.c["values"] == _taken.c["values"],
                    _newer.c.target == "code",
                    _newer.c.event_id > _taken.c.event_id,
                ),
            ),
        ).label("superseded"),
        func.coalesce(copies.c.state.in_(("read", "archived")), False).label("read_already"),
        or_(
            # Who has no copy was not told because of a pupil.
            func.coalesce(copies.c.named, true()),
            may_know(
                _taken.c.recipient_id,
                pupil_id=notices.c.pupil_id,
                section=notices.c.section,
                circle=notices.c.circle,
            ),
        ).label("may_know"),
    )
    .select_from(_taken)
    .outerjoin(notices, notices.c.id == _taken.c.event_id)
    .outerjoin(pupil_cards, pupil_cards.c.pupil_id == notices.c.pupil_id)
    .outerjoin(school_cards, school_cards.c.school_id == pupil_cards.c.school_id)
    .outerjoin(account_cards, account_cards.c.account_id == _taken.c.recipient_id)
    .outerjoin(
        contacts, and_(contacts.c.account_id == _taken.c.recipient_id, contacts.c.kind == bindparam("contact_kind"))
    )
    .outerjoin(copies, and_(copies.c.notice_id == _taken.c.event_id, copies.c.recipient_id == _taken.c.recipient_id))
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this sender's until its lease ends."""

    event_id: UUID
    recipient_id: UUID
    channel: Channel
    target: Target
    priority: Priority
    attempt: int
    """1 for the first try. Only who still holds this try may record its result."""
    expires_at: datetime
    kind: str
    template_version: int
    values: dict[str, Any]
    language: Language
    zone: ZoneInfo
    """Of the pupil's school."""
    name: str | None
    """Of the account; no other address is told it."""
    sealed: str | None
    sealed_context: str
    disabled: bool
    superseded: bool
    read_already: bool
    may_know: bool


async def count_due(session: AsyncSession, channel: Channel, now: datetime, enough: int) -> int:
    """How many messages are due, counted no further than `enough`; a cheap look before a server is asked."""
    return (await session.execute(_DUE_UP_TO, {"of_channel": channel, "now": now, "enough": enough})).scalar_one()


async def claim_next(tx: Tx, channel: Channel) -> Claimed | None:
    """Take the message at the head of a channel's queue, unless another sender has it: one statement."""
    row = (
        await tx.session.execute(
            _CLAIM,
            {
                "of_channel": channel,
                "contact_kind": CONTACT_OF[channel],
                "now": tx.now,
                "lease": tx.now + LEASE,
                "code_lease": tx.now + CODE_LEASE,
            },
        )
    ).first()
    if row is None:
        return None
    language: Language = row.locale
    of_account = row.target == "account"
    return Claimed(
        event_id=row.event_id,
        recipient_id=row.recipient_id,
        channel=row.channel,
        target=row.target,
        priority=row.priority,
        attempt=row.attempts,
        expires_at=row.expires_at,
        kind=row.kind,
        template_version=row.template_version,
        # As in the notification centre: an event that names the child itself knows best.
        values={"child": row.child or UNKNOWN_CHILD[language]} | row.template_values,
        language=language,
        zone=ZoneInfo(row.time_zone) if row.time_zone else BEFORE_IT_IS_TOLD,
        name=row.given_name if row.target in {"account", "requester"} else None,
        sealed=row.sealed_contact if of_account else row.sealed,
        sealed_context=f"contact:{row.recipient_id}" if of_account else row.sealed_context,
        # An account that was closed right after its contact was changed: the old contact hears of it all the same.
        disabled=row.disabled_at is not None and row.target != "old_contact",
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
            messages.c.event_id == claimed.event_id,
            messages.c.recipient_id == claimed.recipient_id,
            messages.c.channel == claimed.channel,
            messages.c.target == claimed.target,
            messages.c.status == "pending",
            messages.c.attempts == claimed.attempt,
        )
        .values(
            status=status,
            reason=reason,
            next_attempt_at=next_attempt_at or messages.c.next_attempt_at,
            done_at=None if pending else tx.now,
            # Neither an address nor a code stays longer than it is needed.
            sealed=messages.c.sealed if pending else null(),
            sealed_context=messages.c.sealed_context if pending else null(),
        )
        .returning(messages.c.event_id)
    )
    return result.first() is not None
