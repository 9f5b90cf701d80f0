"""Tables of sessions. Tokens and logins are kept as hashes only."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from identity.schema import metadata

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("started_at", TIMESTAMP(timezone=True), nullable=False),
    # When the password was last given: what the step-up rule looks at.
    Column("authenticated_at", TIMESTAMP(timezone=True), nullable=False),
    Column("last_used_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("device", Text, nullable=False),
    # By which device, see `known_devices`.
    Column("device_hash", LargeBinary, nullable=False),
    Column("ended_at", TIMESTAMP(timezone=True)),
    Column("end_reason", Text),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_whole"),
    CheckConstraint(
        "end_reason IN ('signed_out', 'ended_by_owner', 'token_reused', 'password_changed', 'account_closed')",
        name="end_reason",
    ),
    Index("ix_sessions_account", "account_id", postgresql_where=text("ended_at IS NULL")),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    # The family of a token is its session. Used ones stay until the session expires: meeting one again is theft.
    Column("token_hash", LargeBinary, primary_key=True),
    Column("session_id", Uuid, ForeignKey("sessions.session_id", ondelete="CASCADE"), nullable=False),
    Column("issued_at", TIMESTAMP(timezone=True), nullable=False),
    Column("used_at", TIMESTAMP(timezone=True)),
    # At most one unused token in a family.
    Index("uq_refresh_tokens_unused", "session_id", unique=True, postgresql_where=text("used_at IS NULL")),
    Index("ix_refresh_tokens_session", "session_id"),
)

sign_in_throttles = Table(
    "sign_in_throttles",
    metadata,
    # Keyed hash of what was typed as login: nobody can read from it who tried to sign in.
    Column("subject", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_attempt_at", TIMESTAMP(timezone=True), nullable=False),
    Column("blocked_until", TIMESTAMP(timezone=True), nullable=False),
)

address_throttles = Table(
    "address_throttles",
    metadata,
    # Keyed hash of a network; nobody can read from it where somebody was.
    Column("subject", LargeBinary, primary_key=True),
    Column("clear_at", TIMESTAMP(timezone=True), nullable=False),
)

known_devices = Table(
    "known_devices",
    metadata,
    # A device on which this account has signed in: strangers' failures do not lock it out (I-8). One device may be
    # known to several accounts: a family has one computer.
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("device_hash", LargeBinary, primary_key=True),
    Column("first_used_at", TIMESTAMP(timezone=True), nullable=False),
    Column("last_used_at", TIMESTAMP(timezone=True), nullable=False),
    Index("ix_known_devices_device", "device_hash"),
    Index("ix_known_devices_last_used", "last_used_at"),
)

used_assertions = Table(
    "used_assertions",
    metadata,
    # Hash of client and jti: an assertion is good once (I-11).
    Column("assertion", LargeBinary, primary_key=True),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Index("ix_used_assertions_expires", "expires_at"),
)
