"""What an event stream says: first the counts, then each new item and the counts after it (N-2, N-3).

Places in the order of arrival are given out before a transaction commits, so a lower one may become visible after a
higher one. A stream therefore looks again at what arrived within the last minute, and an event's id names the place up
to which nothing can come any more: after a break an item may be said twice, and none is left out.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from notifications.inbox.catch_up import SETTLED_AFTER
from notifications.inbox.queries import Count, Filters, Item, counts_of, items_of
from notifications.inbox.rules import Category
from shared.access.cutoffs import is_cut_off
from shared.db import Database, driver_of
from shared.http.tokens import VerifiedToken

MOST_AT_ONCE: Final = 100
"""Items that a stream says one by one; when more came, the client reads the list."""
LOOK_AGAIN: Final = timedelta(seconds=30)
"""So often a stream on which nothing happens looks whether it may go on."""


@dataclass(frozen=True, slots=True)
class News:
    """What has changed."""

    items: list[Item]
    """New ones, in the order of their arrival."""
    reload: bool
    """More than a stream says one by one."""
    counts: dict[Category, Count]
    place: int
    """To come back to after a break."""


async def news_of(
    database: Database, token: VerifiedToken, changed: asyncio.Event, *, after: int | None
) -> AsyncIterator[News]:
    """News of an account until its token ends or is void; the first at once.

    Args:
        database: to read from.
        token: of the caller; its end is the stream's end.
        changed: set by the watch.
        after: the place of a stream before this one; None: the client has just read the list.
    """
    account_id, place = token.caller.account_id, after
    said: set[tuple[UUID, int]] = set()
    counts: dict[Category, Count] | None = None
    while (now := database.clock()) < token.expires_at:
        changed.clear()
        async with database.read() as session:
            connection = await driver_of(session)
            if await is_cut_off(connection, account_id, token.caller.session_id, token.issued_at):
                return
            found = await items_of(
                session, account_id, now, Filters(), before=None, after=place, limit=MOST_AT_ONCE + 1
            )
            now_counted = await counts_of(session, account_id, now)
        reload = len(found) > MOST_AT_ONCE and place is not None
        new = [] if place is None or reload else [item for item in found if (item.id, item.seq) not in said]
        said = {(item.id, item.seq) for item in found}
        settled = [item.seq for item in found if item.arrived_at <= now - SETTLED_AFTER]
        place = max([place or 0, *(settled if not reload else (item.seq for item in found))])
        if new or reload or now_counted != counts:
            counts = now_counted
            yield News(new[::-1], reload, counts, place)
        try:
            async with asyncio.timeout(LOOK_AGAIN.total_seconds()):
                await changed.wait()
        except TimeoutError:
            continue
