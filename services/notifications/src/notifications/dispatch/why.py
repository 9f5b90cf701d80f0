"""«Why did I (not) get this?»: one reason code for a recipient and an event, and what became of each way (N-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.dispatch.tables import messages
from notifications.inbox.queries import MINE
from notifications.inbox.tables import copies, notices

Result = Literal["delivered", "waiting", "not_sent"]
NOT_ADDRESSED: Final = "not_addressed"
"""Nothing of this event was for the caller; also the answer about an event that does not exist."""

_RESULT: Final[dict[str, Result]] = {"delivered": "delivered", "pending": "waiting"}
_EVENT = bindparam("event", type_=Uuid())
_COPY: Final[Select[Any]] = select(
    copies.c.state,
    copies.c.arrived_at,
    select(MINE).where(notices.c.id == copies.c.notice_id).correlate(copies).scalar_subquery().label("mine"),
).where(copies.c.notice_id == _EVENT, copies.c.recipient_id == bindparam("me", type_=Uuid()))
_MESSAGES: Final[Select[Any]] = (
    select(messages.c.channel, messages.c.status, messages.c.reason, messages.c.created_at, messages.c.done_at)
    # Not what was sent to an address that is the caller's no more.
    .where(
        messages.c.event_id == _EVENT,
        messages.c.recipient_id == bindparam("me", type_=Uuid()),
        messages.c.target != "old_contact",
    )
    .order_by(messages.c.channel)
)


@dataclass(frozen=True, slots=True)
class Way:
    """What became of an event on one way to its recipient."""

    channel: str
    """`inbox`, `email`, `sms`, `push`."""
    result: Result
    reason: str
    at: datetime


async def ways_of(session: AsyncSession, account_id: UUID, event_id: UUID, now: datetime) -> list[Way]:
    """All ways that an event took to an account: two statements."""
    told = {"event": event_id, "me": account_id, "now": now}
    ways = []
    copy = (await session.execute(_COPY, told)).first()
    if copy is not None and copy.mine:
        ways.append(Way("inbox", "delivered", "delivered", copy.arrived_at))
    elif copy is not None:
        reason = "superseded" if copy.state == "withdrawn" else "access_lost"
        ways.append(Way("inbox", "not_sent", reason, copy.arrived_at))
    for row in await session.execute(_MESSAGES, told):
        result = _RESULT.get(row.status, "not_sent")
        ways.append(Way(row.channel, result, row.reason or result, row.done_at or row.created_at))
    return ways


def one_reason(ways: Sequence[Way]) -> str:
    """The one code: it came, or is under way, or why it did not go."""
    for result in ("delivered", "waiting", "not_sent"):
        for way in ways:
            if way.result == result:
                return "delivered" if result == "delivered" else way.reason
    return NOT_ADDRESSED
