"""A new reader of a pupil finds what happened since their access began.

Marks and bindings come by different streams, in any order. A mark that was handled before the binding finds no
reader, so the binding looks for such marks. And when both are handled in the same moment, neither sees the other:
a minute later, when both are long committed, the worker looks once more.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, delete, false, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from notifications.audience.queries import NOW, in_circle, is_open
from notifications.audience.tables import access_edges
from notifications.inbox.tables import copies, late_comers, notices
from shared.db import Tx, UnitOfWork

SETTLED_AFTER: Final = timedelta(minutes=1)
"""Longer than any chunk of the pump is open (its handlers have 30 s)."""

_COPY: Final = ("notice_id", "recipient_id", "named", "has_actions", "state", "arrived_at", "changed_at")
_MISSED = (
    select(
        notices.c.id,
        access_edges.c.account_id,
        false(),
        false(),
        literal("unread", Text),
        NOW,
        NOW,
    )
    .join(
        access_edges,
        in_circle(pupil_id=notices.c.pupil_id, section=notices.c.section, circle=notices.c.circle),
    )
    .where(notices.c.superseded_at.is_(None), ~notices.c.closed, is_open(access_edges.c.account_id))
    .order_by(notices.c.occurred_at)
)
_CATCH_UP: Final = (
    insert(copies)
    .from_select(
        _COPY,
        _MISSED.where(
            notices.c.pupil_id == bindparam("pupil"),
            notices.c.occurred_at >= bindparam("since"),
            access_edges.c.account_id == bindparam("account"),
        ),
    )
    .on_conflict_do_nothing()
)
_settled = delete(late_comers).where(late_comers.c.recorded_at < bindparam("before")).returning(late_comers).cte()
_CATCH_UP_AGAIN: Final = (
    insert(copies)
    .from_select(
        _COPY,
        _MISSED.join(
            _settled,
            (_settled.c.pupil_id == notices.c.pupil_id)
            & (_settled.c.account_id == access_edges.c.account_id)
            & (_settled.c.since <= notices.c.occurred_at),
        ),
    )
    .on_conflict_do_nothing()
    .returning(copies.c.notice_id)
)


async def catch_up(tx: Tx, *, account_id: UUID, pupil_id: UUID, since: datetime) -> None:
    """Tell an account what happened since its access began but was handled before its access was known."""
    await tx.session.execute(_CATCH_UP, {"account": account_id, "pupil": pupil_id, "since": since, "now": tx.now})
    comer = insert(late_comers).values(account_id=account_id, pupil_id=pupil_id, since=since, recorded_at=tx.now)
    await tx.session.execute(
        comer.on_conflict_do_update(
            index_elements=[late_comers.c.account_id, late_comers.c.pupil_id],
            set_={
                "since": func.least(late_comers.c.since, comer.excluded.since),
                "recorded_at": comer.excluded.recorded_at,
            },
        )
    )


async def catch_up_again(uow: UnitOfWork) -> int:
    """The second look, for all whose access has been known for a minute. Answers how many copies it made."""
    async with uow.begin() as tx:
        found = await tx.session.execute(_CATCH_UP_AGAIN, {"before": tx.now - SETTLED_AFTER, "now": tx.now})
        return len(found.all())
