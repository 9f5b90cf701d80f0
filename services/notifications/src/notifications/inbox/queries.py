"""Reads of the notification centre: one statement each, whatever the length of the list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Row, Select, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.audience.queries import NOW, may_know
from notifications.audience.tables import pupil_cards
from notifications.inbox.rules import (
    ACTIONS,
    ActionKind,
    ActionState,
    Category,
    Kind,
    Outcome,
    State,
    action_state,
)
from notifications.inbox.tables import copies, notices

_ME: Final[BindParameter[UUID]] = bindparam("me", type_=Uuid())
MINE: Final[ColumnElement[bool]] = and_(
    copies.c.recipient_id == _ME,
    copies.c.state != "withdrawn",
    or_(
        copies.c.named,
        may_know(_ME, pupil_id=notices.c.pupil_id, section=notices.c.section, circle=notices.c.circle),
    ),
)
"""The caller's own items that they may still read: lost access hides what was told before (N-6)."""

_ACTIONABLE: Final[ColumnElement[bool]] = and_(
    copies.c.has_actions, notices.c.outcome.is_(None), notices.c.expires_at > NOW
)
_LIST: Final[Select[Any]] = (
    select(
        notices.c.id,
        notices.c.kind,
        notices.c.category,
        notices.c.pupil_id,
        notices.c.about_id,
        notices.c.template_version,
        notices.c["values"].label("template_values"),
        notices.c.occurred_at,
        notices.c.expires_at,
        notices.c.outcome,
        copies.c.seq,
        copies.c.state,
        copies.c.arrived_at,
        copies.c.has_actions,
        pupil_cards.c.label,
    )
    .select_from(copies)
    .join(notices, notices.c.id == copies.c.notice_id)
    .outerjoin(pupil_cards, pupil_cards.c.pupil_id == notices.c.pupil_id)
    .where(MINE)
    .order_by(copies.c.seq.desc())
    .limit(bindparam("rows"))
)
_COUNTS: Final[Select[Any]] = (
    select(
        notices.c.category,
        func.count().filter(copies.c.state == "unread").label("unread"),
        func.count().filter(and_(_ACTIONABLE, copies.c.state != "archived")).label("actionable"),
    )
    .select_from(copies)
    .join(notices, notices.c.id == copies.c.notice_id)
    # The two partial indexes: neither reads the many that are read and done.
    .where(MINE, or_(copies.c.state == "unread", copies.c.has_actions))
    .group_by(notices.c.category)
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the notification centre is wanted."""

    unread: bool = False
    archived: bool = False
    child: UUID | None = None
    category: Category | None = None
    actionable: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One item of one recipient."""

    id: UUID
    seq: int
    kind: Kind
    category: Category
    pupil_id: UUID | None
    child: str | None
    about_id: UUID
    template_version: int
    values: dict[str, Any]
    occurred_at: datetime
    arrived_at: datetime
    state: State
    actions: tuple[ActionKind, ...]
    action_state: ActionState | None
    outcome: Outcome | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Count:
    """Of one category."""

    unread: int
    actionable: int


async def items_of(
    session: AsyncSession,
    account_id: UUID,
    now: datetime,
    filters: Filters,
    *,
    before: int | None,
    limit: int,
    after: int | None = None,
) -> list[Item]:
    """The newest items of an account, at most `limit`, that arrived before the position `before` and after `after`."""
    query = _LIST.where(copies.c.state == "archived" if filters.archived else copies.c.state != "archived")
    if filters.unread:
        query = query.where(copies.c.state == "unread")
    if filters.child is not None:
        query = query.where(notices.c.pupil_id == filters.child)
    if filters.category is not None:
        query = query.where(notices.c.category == filters.category)
    if filters.actionable:
        query = query.where(_ACTIONABLE)
    if before is not None:
        query = query.where(copies.c.seq < before)
    if after is not None:
        query = query.where(copies.c.seq > after)
    rows = await session.execute(query, {"me": account_id, "now": now, "rows": limit})
    return [_item(row, now) for row in rows]


async def counts_of(session: AsyncSession, account_id: UUID, now: datetime) -> dict[Category, Count]:
    """How many of an account's items wait to be read or acted on; categories without any are left out."""
    rows = await session.execute(_COUNTS, {"me": account_id, "now": now})
    return {row.category: Count(row.unread, row.actionable) for row in rows if row.unread or row.actionable}


def _item(row: Row[Any], now: datetime) -> Item:
    kind = cast("Kind", row.kind)
    label = row.template_values.get("child") or row.label
    return Item(
        id=row.id,
        seq=row.seq,
        kind=kind,
        category=row.category,
        pupil_id=row.pupil_id,
        child=label,
        about_id=row.about_id,
        template_version=row.template_version,
        values=row.template_values,
        occurred_at=row.occurred_at,
        arrived_at=row.arrived_at,
        state=row.state,
        actions=ACTIONS.get(kind, ()) if row.has_actions else (),
        action_state=action_state(row.outcome, row.expires_at, now) if row.has_actions else None,
        outcome=row.outcome,
        expires_at=row.expires_at,
    )
