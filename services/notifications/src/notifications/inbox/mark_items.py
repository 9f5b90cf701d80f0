"""A recipient reads, keeps unread, or archives items of their own."""

from uuid import UUID

from sqlalchemy import bindparam, update

from notifications.audience.queries import NOW
from notifications.errors import ItemNotFound
from notifications.inbox.queries import MINE
from notifications.inbox.rules import State
from notifications.inbox.tables import copies, notices
from shared.db import UnitOfWork
from shared.http import Caller

_MARK = (
    update(copies)
    .where(copies.c.notice_id == notices.c.id, notices.c.id == bindparam("item_id"), MINE)
    .values(state=bindparam("new_state"), changed_at=NOW)
)
_MARK_ALL = (
    update(copies)
    .where(copies.c.notice_id == notices.c.id, copies.c.state == "unread", copies.c.seq <= bindparam("upto"), MINE)
    .values(state="read", changed_at=NOW)
)


async def mark_item(uow: UnitOfWork, caller: Caller, item_id: UUID, state: State) -> None:
    """Set the state of one item; setting it again changes nothing.

    Raises:
        ItemNotFound: not among the caller's.
    """
    async with uow.begin() as tx:
        found = await tx.session.execute(
            _MARK.returning(copies.c.notice_id),
            {"me": caller.account_id, "item_id": item_id, "new_state": state, "now": tx.now},
        )
        if found.first() is None:
            raise ItemNotFound(item_id=item_id)


async def mark_all_read(uow: UnitOfWork, caller: Caller, upto: int) -> int:
    """Mark everything read that had arrived when the caller last looked; what came since stays unread."""
    async with uow.begin() as tx:
        marked = await tx.session.execute(
            _MARK_ALL.returning(copies.c.notice_id), {"me": caller.account_id, "upto": upto, "now": tx.now}
        )
        return len(marked.all())
