"""Telling of many things at once: a lesson's marks or absences, a day's reminders. One statement takes all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    SmallInteger,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, insert

from notifications.audience.queries import NOW, in_circle, is_open
from notifications.audience.rules import Circle
from notifications.audience.tables import access_edges
from notifications.inbox.rules import CATEGORY, Kind
from notifications.inbox.tables import copies, notices
from notifications.templates.catalogue import newest
from shared.db import Tx

_FROM_EVENT: Final = (
    ("id", Uuid),
    ("kind", Text),
    ("category", Text),
    ("circle", Text),
    ("pupil_id", Uuid),
    ("section", Text),
    ("about_id", Uuid),
    ("template_version", SmallInteger),
    ("shown", JSONB),
    ("occurred_at", TIMESTAMP(timezone=True)),
    ("besides", Uuid),
    ("correction", Boolean),
)
_new = (
    func.jsonb_to_recordset(bindparam("new", type_=JSONB))
    .table_valued(*(column(name, type_) for name, type_ in _FROM_EVENT), name="new")
    .render_derived(with_types=True)
)
_told = (
    insert(notices)
    .from_select(
        (
            *("id", "kind", "category", "circle", "pupil_id", "section", "about_id", "template_version", "values"),
            *("occurred_at", "closed"),
        ),
        select(
            *(_new.c[name] for name, _ in _FROM_EVENT[:-2]),
            # A binding that comes later does not catch up on what is put right.
            _new.c.correction,
        ),
    )
    .on_conflict_do_nothing(index_elements=[notices.c.id])
    .returning(notices.c.id, notices.c.pupil_id, notices.c.section, notices.c.circle, notices.c.about_id)
    .cte("told")
)
_earlier, _seen = notices.alias("earlier"), copies.alias("seen")
_has_seen = exists().where(
    _earlier.c.about_id == _told.c.about_id,
    _seen.c.notice_id == _earlier.c.id,
    _seen.c.recipient_id == access_edges.c.account_id,
    _seen.c.state.in_(("read", "archived")),
)
_TELL: Final = (
    insert(copies)
    .from_select(
        ("notice_id", "recipient_id", "named", "has_actions", "state", "arrived_at", "changed_at"),
        select(_told.c.id, access_edges.c.account_id, false(), false(), literal("unread", Text), NOW, NOW)
        .select_from(_told)
        .join(_new, _new.c.id == _told.c.id)
        .join(access_edges, in_circle(pupil_id=_told.c.pupil_id, section=_told.c.section, circle=_told.c.circle))
        .where(
            is_open(access_edges.c.account_id),
            access_edges.c.account_id.is_distinct_from(_new.c.besides),
            or_(~_new.c.correction, _has_seen),
        )
        # Ids of events grow with time: who gets several at once gets them in their order.
        .order_by(_told.c.id),
    )
    .on_conflict_do_nothing()
)

_superseded = (
    update(notices)
    .where(
        notices.c.about_id == func.any(bindparam("about", type_=ARRAY(Uuid))),
        notices.c.superseded_at.is_(None),
    )
    .values(superseded_at=NOW)
    .returning(notices.c.id)
    .cte("superseded")
)
_WITHDRAW: Final = (
    update(copies)
    .where(and_(copies.c.notice_id == _superseded.c.id, copies.c.state == "unread"))
    .values(state="withdrawn", changed_at=NOW)
)


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What is told of one event about one pupil."""

    event_id: UUID
    kind: Kind
    pupil_id: UUID
    about_id: UUID
    """The mark, point, absence …: what is told of it later takes the place of this."""
    occurred_at: datetime
    values: dict[str, Any]
    """Of the kind's template."""
    section: str | None
    """Of the diary, for trusted persons."""
    circle: Circle = "readers"
    besides: UUID | None = None
    """Who need not be told: who did it."""
    correction: bool = False
    """Only for those who have read what was told of the thing before."""


async def tell_many(tx: Tx, told: Sequence[NewNotice]) -> None:
    """Tell everybody concerned of things that nothing was told of before: one statement."""
    if not told:
        return
    rows = [
        {
            "id": str(one.event_id),
            "kind": one.kind,
            "category": CATEGORY[one.kind],
            "circle": one.circle,
            "pupil_id": str(one.pupil_id),
            "section": one.section,
            "about_id": str(one.about_id),
            "template_version": newest(one.kind),
            "shown": one.values,
            "occurred_at": one.occurred_at.isoformat(),
            "besides": None if one.besides is None else str(one.besides),
            "correction": one.correction,
        }
        for one in told
    ]
    await tx.session.execute(_TELL, {"new": rows, "now": tx.now})


async def tell_instead(tx: Tx, told: Sequence[NewNotice]) -> None:
    """Tell of things that changed: what nobody has read of them yet gives way (N-6). Two statements.

    Of several changes of one thing only the last is told.
    """
    await supersede_many(tx, [one.about_id for one in told])
    await tell_many(tx, list({one.about_id: one for one in told}.values()))


async def supersede_many(tx: Tx, about_ids: Sequence[UUID]) -> None:
    """Withdraw unread copies of what was told about things before: one statement."""
    if about_ids:
        await tx.session.execute(_WITHDRAW, {"about": list(about_ids), "now": tx.now})
