"""Tickets, what was written in them, how they moved, and what keeps floods out."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from support.schema import metadata
from support.tickets.rules import Status

_STATUSES = ", ".join(f"'{status}'" for status in Status)

tickets = Table(
    "tickets",
    metadata,
    Column("ticket_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    # Keyed hash of the form that was shown and of all that was written in it: sent twice, it is one ticket.
    Column("submission", LargeBinary, unique=True),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_since", TIMESTAMP(timezone=True), nullable=False),
    Column("hold_reason", Text),
    Column("hold_until", TIMESTAMP(timezone=True)),
    # The public answer that counts for resolving; a reopened ticket needs another one.
    Column("answered_at", TIMESTAMP(timezone=True)),
    Column("version", Integer, nullable=False),
    Column("opened_at", TIMESTAMP(timezone=True), nullable=False),
    Column("locale", Text, nullable=False),
    # The requester: an account, if signed in, and contacts that only the master key opens.
    Column("account_id", Uuid),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("email", LargeBinary, nullable=False),
    Column("email_index", LargeBinary, nullable=False),
    Column("phone", LargeBinary),
    Column("phone_index", LargeBinary),
    CheckConstraint("number ~ '^[0-9]{2}-[0-9]{6}-[0-9]$'", name="number_form"),
    # A list in the code, which may grow from release to release: only its form is fixed here.
    CheckConstraint("type ~ '^[a-z_]+$'", name="type_form"),
    CheckConstraint(f"status IN ({_STATUSES})", name="status_known"),
    CheckConstraint("locale IN ('ru', 'en')", name="locale_known"),
    CheckConstraint("version >= 1", name="version_counts"),
    CheckConstraint(
        "(status = 'on_hold') = (hold_reason IS NOT NULL) AND (hold_reason IS NULL) = (hold_until IS NULL)",
        name="hold_whole",
    ),
    CheckConstraint("(phone IS NULL) = (phone_index IS NULL)", name="phone_whole"),
    Index(None, "account_id", "ticket_id"),
    Index(None, "status", "ticket_id"),
    Index(None, "email_index"),
    Index(None, "phone_index"),
)

ticket_messages = Table(
    "ticket_messages",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("tickets.ticket_id"), primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("author", Text, nullable=False),
    Column("account_id", Uuid),
    Column("text", Text, nullable=False),
    Column("written_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint("author IN ('requester', 'agent')", name="author_known"),
)
"""The thread that the requester sees. Internal notes will have a table of their own (S-13)."""

ticket_history = Table(
    "ticket_history",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("tickets.ticket_id"), primary_key=True),
    # The version of the ticket that the move made: 1 is its filing.
    Column("version", Integer, primary_key=True),
    Column("old_status", Text),
    Column("status", Text, nullable=False),
    Column("hold_reason", Text),
    Column("hold_until", TIMESTAMP(timezone=True)),
    Column("agent_id", Uuid),
    Column("moved_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint(f"status IN ({_STATUSES})", name="status_known"),
    CheckConstraint("(old_status IS NULL) = (version = 1)", name="first_is_filing"),
)

ticket_counters = Table(
    "ticket_counters",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""Taken in the transaction of its ticket, so a year has no gaps (S-3)."""

filing_limits = Table(
    "filing_limits",
    metadata,
    Column("kind", Text, primary_key=True),
    # Keyed hash of the account, e-mail or network address.
    Column("subject", LargeBinary, primary_key=True),
    Column("free_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint("kind IN ('account', 'address', 'email')", name="kind_known"),
    Index(None, "free_at"),
)
