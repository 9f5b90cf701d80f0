"""Which events also go out by e-mail. Runs after the notification centre's handlers, in the same transaction.

Whoever got a copy in the notification centre also gets the mail; an account without a proved address drops out
when it is sent.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import String, bindparam, literal, null, select, update
from sqlalchemy.dialects.postgresql import insert

from notifications.audience.queries import NOW
from notifications.dispatch.rules import USEFUL_LIFE
from notifications.dispatch.tables import messages
from notifications.events import subscriptions
from notifications.inbox import consumers as before_us
from notifications.inbox.tables import copies
from shared.contracts.delegation import DelegationRevoked, InvitationAccepted, InvitationSent
from shared.contracts.identity import AccountDisabled
from shared.contracts.support import TicketOpened, TicketStatusChanged
from shared.db import Tx

BEFORE_US: Final = before_us
"""Handlers run in the order of binding: a mail goes to whoever has just got a copy."""
_COLUMNS: Final = (
    "notice_id",
    "recipient_id",
    "channel",
    "status",
    "attempts",
    "next_attempt_at",
    "expires_at",
    "created_at",
)
_MAIL_TO_ALL: Final = (
    insert(messages)
    .from_select(
        _COLUMNS,
        select(
            copies.c.notice_id,
            copies.c.recipient_id,
            literal("email", String),
            literal("pending", String),
            literal(0),
            NOW,
            bindparam("expires", type_=messages.c.expires_at.type),
            NOW,
        ).where(copies.c.notice_id == bindparam("notice")),
    )
    .on_conflict_do_nothing()
)


@subscriptions.on(InvitationSent)
async def mail_invitation(tx: Tx, event: InvitationSent) -> None:
    """Useful until it lapses (N-7)."""
    await _mail_to_all(tx, event.expires_at)


@subscriptions.on(InvitationAccepted)
async def mail_acceptance(tx: Tx, event: InvitationAccepted) -> None:
    """To the level-2 representatives (D-9)."""
    del event
    await _mail_to_all(tx, tx.now + USEFUL_LIFE)


@subscriptions.on(DelegationRevoked)
async def mail_lost_access(tx: Tx, event: DelegationRevoked) -> None:
    """To all who got the item."""
    del event
    await _mail_to_all(tx, tx.now + USEFUL_LIFE)


@subscriptions.on(TicketOpened)
async def mail_ticket(tx: Tx, event: TicketOpened) -> None:
    """To the address that the ticket was filed with, account or not."""
    await _mail_to_requester(tx, event)


@subscriptions.on(TicketStatusChanged)
async def mail_ticket_status(tx: Tx, event: TicketStatusChanged) -> None:
    """The same, when a ticket moves."""
    await _mail_to_requester(tx, event)


@subscriptions.on(AccountDisabled)
async def drop_messages(tx: Tx, event: AccountDisabled) -> None:
    """Nothing goes to a closed account any more, and no address of it stays."""
    await tx.session.execute(
        update(messages)
        .where(messages.c.recipient_id == event.account_id, messages.c.status == "pending")
        .values(status="dropped", reason="account_disabled", sealed_address=null(), done_at=tx.now)
    )


async def _mail_to_all(tx: Tx, expires_at: datetime) -> None:
    assert tx.cause is not None
    await tx.session.execute(_MAIL_TO_ALL, {"notice": tx.cause.id, "now": tx.now, "expires": expires_at})


async def _mail_to_requester(tx: Tx, event: TicketOpened | TicketStatusChanged) -> None:
    assert tx.cause is not None
    await tx.session.execute(
        insert(messages)
        .values(
            notice_id=tx.cause.id,
            recipient_id=event.account_id or event.ticket_id,
            channel="email",
            sealed_address=event.sealed_email,
            locale=event.locale,
            status="pending",
            attempts=0,
            next_attempt_at=tx.now,
            expires_at=tx.now + USEFUL_LIFE,
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
    )
