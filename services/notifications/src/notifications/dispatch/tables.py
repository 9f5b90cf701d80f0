"""Messages to be sent: a row for each event, recipient, channel and target."""

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from notifications.schema import metadata

messages = Table(
    "message",
    metadata,
    # Nothing goes out twice however often the event comes (N-6).
    Column("event_id", Uuid, primary_key=True),
    # The account; the ticket or the school's person of somebody without one.
    Column("recipient_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    # Whose address it is: the account's own, or one that came sealed with the event.
    Column("target", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("template_version", SmallInteger, nullable=False),
    # Of the template's variables, without those that are secret.
    Column("values", JSONB, nullable=False),
    # What came sealed with the event: an address, also with a one-time code or a secret link. Opened in the moment
    # of sending, deleted when the message is done with.
    Column("sealed", Text),
    Column("sealed_context", Text),
    # Of who has no account; otherwise the account's, as it is when the message goes.
    Column("locale", Text),
    # 0 before 1 before 2, whenever they became due.
    Column("priority", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("attempts", SmallInteger, nullable=False),
    # Also the lease of who is sending it just now: after a crash it becomes due again.
    Column("next_attempt_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False),
    Column("done_at", TIMESTAMP(timezone=True)),
    CheckConstraint("channel IN ('email', 'sms', 'push')", name="channel_known"),
    CheckConstraint("target IN ('account', 'requester', 'code', 'old_contact', 'record')", name="target_known"),
    CheckConstraint("locale IN ('ru', 'en')", name="locale_known"),
    CheckConstraint("priority BETWEEN 0 AND 2", name="priority_known"),
    CheckConstraint("status IN ('pending', 'delivered', 'failed', 'dropped')", name="status_known"),
    CheckConstraint("(done_at IS NULL) = (status = 'pending')", name="done_when_not_pending"),
    CheckConstraint("status = 'pending' OR sealed IS NULL", name="nothing_sealed_after_use"),
    CheckConstraint("(sealed IS NULL) = (sealed_context IS NULL)", name="sealed_with_context"),
    CheckConstraint("reason IS NOT NULL OR status IN ('pending', 'delivered')", name="reason_given"),
    # Each channel's queue, as it is worked off.
    Index("message_due_idx", "channel", "priority", "next_attempt_at", postgresql_where=text("status = 'pending'")),
    Index("message_expiry_idx", "expires_at", postgresql_where=text("status = 'pending'")),
    Index("message_recipient_idx", "recipient_id"),
)
