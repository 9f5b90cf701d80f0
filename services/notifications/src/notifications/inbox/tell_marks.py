"""Telling of marks, many at once: most of what happens in a school day, so one statement takes all that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, column, false, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, insert

from notifications.audience.queries import NOW, in_circle, is_open
from notifications.audience.tables import access_edges
from notifications.inbox.rules import CATEGORY
from notifications.inbox.tables import copies, notices
from notifications.templates.catalogue import newest
from shared.db import Tx

_marks = (
    func.jsonb_to_recordset(bindparam("marks", type_=JSONB))
    .table_valued(
        column("id", Uuid),
        column("pupil_id", Uuid),
        column("about_id", Uuid),
        column("shown", JSONB),
        column("occurred_at", TIMESTAMP(timezone=True)),
        name="marks",
    )
    .render_derived(with_types=True)
)
_told = (
    insert(notices)
    .from_select(
        (
            "id",
            "kind",
            "category",
            "circle",
            "pupil_id",
            "section",
            "about_id",
            "template_version",
            "values",
            "occurred_at",
        ),
        select(
            _marks.c.id,
            literal("grade_posted", Text),
            literal(CATEGORY["grade_posted"], Text),
            literal("readers", Text),
            _marks.c.pupil_id,
            literal("marks", Text),
            _marks.c.about_id,
            literal(newest("grade_posted"), notices.c.template_version.type),
            _marks.c.shown,
            _marks.c.occurred_at,
        ),
    )
    .on_conflict_do_nothing(index_elements=[notices.c.id])
    .returning(notices.c.id, notices.c.pupil_id, notices.c.section, notices.c.circle)
    .cte("told")
)
_TELL: Final = (
    insert(copies)
    .from_select(
        ("notice_id", "recipient_id", "named", "has_actions", "state", "arrived_at", "changed_at"),
        select(_told.c.id, access_edges.c.account_id, false(), false(), literal("unread", Text), NOW, NOW)
        .select_from(_told)
        .join(access_edges, in_circle(pupil_id=_told.c.pupil_id, section=_told.c.section, circle=_told.c.circle))
        .where(is_open(access_edges.c.account_id))
        # Ids of events grow with time: who gets several at once gets them in their order.
        .order_by(_told.c.id),
    )
    .on_conflict_do_nothing()
)


@dataclass(frozen=True, slots=True)
class NewMark:
    """What is told of one posted mark."""

    event_id: UUID
    pupil_id: UUID
    mark_id: UUID
    posted_at: datetime
    values: dict[str, Any]
    """Of the template `grade_posted`."""


async def tell_of_marks(tx: Tx, marks: Sequence[NewMark]) -> None:
    """Tell all who may read these pupils' marks."""
    rows = [
        {
            "id": str(mark.event_id),
            "pupil_id": str(mark.pupil_id),
            "about_id": str(mark.mark_id),
            "shown": mark.values,
            "occurred_at": mark.posted_at.isoformat(),
        }
        for mark in marks
    ]
    await tx.session.execute(_TELL, {"marks": rows, "now": tx.now})
