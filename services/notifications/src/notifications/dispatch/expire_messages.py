"""What nobody could send in its useful life ends, whether its server answers or not: no code outlives its use (N-7).

Usually the sender sees for itself that a message is too late. This is for the time when a server is away.
"""

from typing import Final

from sqlalchemy import bindparam, literal_column, null, select, tuple_, update
from sqlalchemy.dialects.postgresql import TIMESTAMP

from notifications.dispatch.claim import PENDING
from notifications.dispatch.rules import LEASE, message_id
from notifications.dispatch.tables import messages
from shared.contracts.notifications import MessageFailed
from shared.db import UnitOfWork

AT_ONCE: Final = 500
"""Messages of one transaction."""
_KEY: Final = (messages.c.event_id, messages.c.recipient_id, messages.c.channel, messages.c.target)
_overdue = (
    select(*_KEY)
    # Whoever is sending one just now has ended by then.
    .where(PENDING, messages.c.expires_at <= bindparam("ended", type_=TIMESTAMP(timezone=True)))
    .order_by(messages.c.expires_at)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)
    .cte("overdue")
)
_EXPIRE: Final = (
    update(messages)
    .where(tuple_(*_KEY) == tuple_(*_overdue.c))
    .values(
        status=literal_column("'failed'"),
        reason=literal_column("'useful_life_over'"),
        sealed=null(),
        sealed_context=null(),
        done_at=bindparam("done", type_=TIMESTAMP(timezone=True)),
    )
    .returning(*_KEY)
)


async def expire_messages(uow: UnitOfWork) -> int:
    """End what is over and say so. Answers how many that were."""
    ended = 0
    while True:
        async with uow.begin() as tx:
            rows = (await tx.session.execute(_EXPIRE, {"ended": tx.now - LEASE, "done": tx.now})).all()
            for row in rows:
                tx.emit(
                    MessageFailed(
                        recipient_id=row.recipient_id,
                        message_id=message_id(row.event_id, row.recipient_id, row.channel, row.target),
                        cause_event_id=row.event_id,
                        channel=row.channel,
                        reason="useful_life_over",
                        failed_at=tx.now,
                    )
                )
        ended += len(rows)
        if len(rows) < AT_ONCE:
            return ended
