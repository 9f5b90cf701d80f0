"""Table of registrations in progress: they reserve nothing, and nobody is registered by them (I-2)."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from identity.schema import metadata

registrations = Table(
    "registrations",
    metadata,
    Column("registration_id", Uuid, primary_key=True),
    # What the browser that filled in the form holds; kept as its hash.
    Column("token_hash", LargeBinary, nullable=False),
    # The id that the account will have.
    Column("account_id", Uuid, nullable=False),
    # The representative who registers a child.
    Column("registered_by", Uuid, ForeignKey("accounts.account_id")),
    Column("locale", Text, nullable=False),
    Column("consent_version", Text, nullable=False),
    # The whole form as one ciphertext: nobody is looked up by a form.
    Column("data_key", LargeBinary, nullable=False),
    Column("form", LargeBinary, nullable=False),
    Column("phone_proved_at", TIMESTAMP(timezone=True)),
    Column("started_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    UniqueConstraint("token_hash"),
    CheckConstraint("locale IN ('ru', 'en')", name="locale"),
    Index("ix_registrations_expires_at", "expires_at"),
)
