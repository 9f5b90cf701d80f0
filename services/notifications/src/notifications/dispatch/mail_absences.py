"""A child who is not at school and nobody had said so: the family hears of it by mail, at once (J-21).

Whoever was mailed also hears by mail when it turns out otherwise. Not the child, and no trusted person: this is for
those who have to do something about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Text, Uuid, and_, bindparam, column, exists, false, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, insert

from notifications.audience.queries import NOW, may_know
from notifications.dispatch.rules import ABSENCE_LIFE, OTHERS
from notifications.dispatch.tables import messages
from notifications.inbox.tables import copies, notices
from shared.db import Tx

_rows = (
    func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
    .table_valued(
        column("event_id", Uuid),
        column("due_at", TIMESTAMP(timezone=True)),
        column("reason", Text),
        column("to_all", Boolean),
        name="rows",
    )
    .render_derived(with_types=True)
)
_earlier, _sent = notices.alias("earlier"), messages.alias("sent")
_was_sent = and_(
    _sent.c.event_id == _earlier.c.id,
    _earlier.c.about_id == notices.c.about_id,
    _earlier.c.id != notices.c.id,
    # One that is under way just now may arrive.
    or_(_sent.c.status == "delivered", and_(_sent.c.status == "pending", _sent.c.attempts > 0)),
)
_COPIES_FOR_WHO_WAS_MAILED: Final = (
    insert(copies)
    .from_select(
        ("notice_id", "recipient_id", "named", "has_actions", "state", "arrived_at", "changed_at"),
        select(notices.c.id, _sent.c.recipient_id, false(), false(), literal("unread", Text), NOW, NOW)
        .distinct()
        .select_from(_rows)
        .join(notices, notices.c.id == _rows.c.event_id)
        .join(_earlier, _earlier.c.about_id == notices.c.about_id)
        .join(_sent, _was_sent),
    )
    .on_conflict_do_nothing()
)
_MAIL: Final = (
    insert(messages)
    .from_select(
        (
            *("event_id", "recipient_id", "channel", "target", "kind", "template_version", "values", "priority"),
            *("status", "reason", "attempts", "next_attempt_at", "expires_at", "created_at"),
        ),
        select(
            copies.c.notice_id,
            copies.c.recipient_id,
            literal("email", Text),
            literal("account", Text),
            notices.c.kind,
            notices.c.template_version,
            notices.c["values"],
            literal(OTHERS, messages.c.priority.type),
            literal("pending", Text),
            _rows.c.reason,
            literal(0, messages.c.attempts.type),
            _rows.c.due_at,
            bindparam("expires", type_=TIMESTAMP(timezone=True)),
            NOW,
        )
        .select_from(_rows)
        .join(copies, copies.c.notice_id == _rows.c.event_id)
        .join(notices, notices.c.id == copies.c.notice_id)
        .where(
            or_(
                and_(
                    _rows.c.to_all,
                    may_know(
                        copies.c.recipient_id,
                        pupil_id=notices.c.pupil_id,
                        section=notices.c.section,
                        circle=literal("families", Text),
                    ),
                ),
                exists().where(_was_sent, _sent.c.recipient_id == copies.c.recipient_id),
            )
        ),
    )
    .on_conflict_do_nothing()
)


@dataclass(frozen=True, slots=True)
class AbsenceMail:
    """An event about a pupil's attendance that may go out by mail."""

    event_id: UUID
    due_at: datetime
    """Now, or when the quiet hours are over."""
    reason: str | None
    """Why it waits."""
    to_all: bool
    """To all representatives; else only to those who were mailed about this lesson before."""


async def mail_absences(tx: Tx, wanted: Sequence[AbsenceMail]) -> None:
    """Put the mails of a whole class into the queue: two statements."""
    if not wanted:
        return
    rows = [
        {
            "event_id": str(one.event_id),
            "due_at": one.due_at.isoformat(),
            "reason": one.reason,
            "to_all": one.to_all,
        }
        for one in wanted
    ]
    told: dict[str, Any] = {"rows": rows, "now": tx.now}
    await tx.session.execute(_COPIES_FOR_WHO_WAS_MAILED, told)
    await tx.session.execute(_MAIL, told | {"expires": tx.now + ABSENCE_LIFE})
