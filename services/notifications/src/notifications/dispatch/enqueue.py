"""Put messages into the queues: one statement for however many recipients and channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, String, Text, Uuid, bindparam, column, func, literal, select, true
from sqlalchemy.dialects.postgresql import insert

from notifications.audience.queries import NOW
from notifications.audience.tables import account_cards
from notifications.channels.rules import Channel
from notifications.dispatch.rules import OTHERS, Priority, Target
from notifications.dispatch.tables import messages
from notifications.inbox.tables import copies, notices
from notifications.templates.catalogue import newest
from shared.db import Tx
from shared.http.texts import Language

_channels = (
    func.unnest(bindparam("channels", type_=ARRAY(Text)))
    .table_valued(column("channel", Text), name="c")
    .render_derived()
)
_TO_ALL_WHO_WERE_TOLD: Final = (
    insert(messages)
    .from_select(
        (
            "event_id",
            "recipient_id",
            "channel",
            "target",
            "kind",
            "template_version",
            "values",
            "priority",
            "status",
            "attempts",
            "next_attempt_at",
            "expires_at",
            "created_at",
        ),
        select(
            copies.c.notice_id,
            copies.c.recipient_id,
            _channels.c.channel,
            literal("account", String),
            notices.c.kind,
            notices.c.template_version,
            notices.c["values"],
            bindparam("priority", type_=SmallInteger),
            literal("pending", String),
            literal(0),
            NOW,
            bindparam("expires", type_=messages.c.expires_at.type),
            NOW,
        )
        .join(notices, notices.c.id == copies.c.notice_id)
        .join(_channels, true())
        .where(copies.c.notice_id == bindparam("notice")),
    )
    .on_conflict_do_nothing()
)
_LOCALES: Final = select(account_cards.c.account_id, account_cards.c.locale).where(
    account_cards.c.account_id == func.any(bindparam("accounts", type_=ARRAY(Uuid)))
)
_SEALED: Final = insert(messages).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """A message to an address that came sealed with its event."""

    event_id: UUID
    recipient_id: UUID
    channel: Channel
    target: Target
    kind: str
    values: dict[str, Any]
    sealed: str
    sealed_context: str
    expires_at: datetime
    locale: Language | None = None
    priority: Priority = OTHERS


async def send_to_all_who_were_told(
    tx: Tx, channels: Sequence[Channel], *, expires_at: datetime, priority: Priority = OTHERS
) -> None:
    """To everybody who has just got a copy in the notification centre, at the address that their account has."""
    assert tx.cause is not None
    await tx.session.execute(
        _TO_ALL_WHO_WERE_TOLD,
        {
            "notice": tx.cause.id,
            "channels": list(channels),
            "priority": priority,
            "now": tx.now,
            "expires": expires_at,
        },
    )


async def send_sealed(tx: Tx, wanted: Sequence[SealedMessage]) -> None:
    """To addresses that came sealed with their events."""
    if not wanted:
        return
    await tx.session.execute(
        _SEALED,
        [
            {
                "event_id": one.event_id,
                "recipient_id": one.recipient_id,
                "channel": one.channel,
                "target": one.target,
                "kind": one.kind,
                "template_version": newest(one.kind),
                "values": one.values,
                "sealed": one.sealed,
                "sealed_context": one.sealed_context,
                "locale": one.locale,
                "priority": one.priority,
                "status": "pending",
                "attempts": 0,
                "next_attempt_at": tx.now,
                "expires_at": one.expires_at,
                "created_at": tx.now,
            }
            for one in wanted
        ],
    )


async def locales_of(tx: Tx, account_ids: Sequence[UUID]) -> dict[UUID, Language]:
    """The languages of accounts, of those that are known already."""
    rows = await tx.session.execute(_LOCALES, {"accounts": list(account_ids)})
    return {row.account_id: row.locale for row in rows}
