"""Mails to be sent, one row for each recipient of a notice."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import TIMESTAMP

from notifications.schema import metadata

messages = Table(
    "message",
    metadata,
    # Event, recipient, channel: nothing goes out twice however often the event comes (N-6).
    Column("notice_id", Uuid, ForeignKey("notice.id"), primary_key=True),
    # The account; the ticket of somebody without one.
    Column("recipient_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    # An address that came with the event itself (tickets). Deleted when the message is done with.
    Column("sealed_address", Text),
    # Of who has no account; otherwise the account's, as it is when the message goes.
    Column("locale", Text),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("attempts", SmallInteger, nullable=False),
    # Also the lease of who is sending it just now: after a crash it becomes due again.
    Column("next_attempt_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False),
    Column("done_at", TIMESTAMP(timezone=True)),
    CheckConstraint("channel IN ('email', 'sms', 'push')", name="channel_known"),
    CheckConstraint("locale IN ('ru', 'en')", name="locale_known"),
    CheckConstraint("status IN ('pending', 'delivered', 'failed', 'dropped')", name="status_known"),
    CheckConstraint("(done_at IS NULL) = (status = 'pending')", name="done_when_not_pending"),
    CheckConstraint("status = 'pending' OR sealed_address IS NULL", name="no_address_after_use"),
    CheckConstraint("reason IS NOT NULL OR status IN ('pending', 'delivered')", name="reason_given"),
    Index("message_due_idx", "next_attempt_at", postgresql_where=text("status = 'pending'")),
    Index("message_recipient_idx", "recipient_id"),
)
