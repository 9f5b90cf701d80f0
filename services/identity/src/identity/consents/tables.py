"""Table of consents. A row is never changed: an agreement stays provable after the text has a new version."""

from sqlalchemy import TIMESTAMP, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text, Uuid

from identity.schema import metadata

consents = Table(
    "consents",
    metadata,
    Column("consent_id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    # SHA-256 of the text as it was shown, so that nobody can slip another one under the same version.
    Column("text_hash", LargeBinary, nullable=False),
    Column("given_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint("kind IN ('personal_data', 'diary_application')", name="kind"),
    CheckConstraint("language IN ('ru', 'en')", name="language"),
    Index("ix_consents_account", "account_id"),
)
