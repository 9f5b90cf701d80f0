"""Table of contacts that wait to be proved. The one that is in force stays in force until then."""

from sqlalchemy import TIMESTAMP, CheckConstraint, Column, ForeignKey, LargeBinary, Table, Text, UniqueConstraint, Uuid

from identity.schema import metadata

contact_changes = Table(
    "contact_changes",
    metadata,
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    # A new one for each value: a code for the value before proves nothing of this one.
    Column("change_id", Uuid, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("asked_at", TIMESTAMP(timezone=True), nullable=False),
    UniqueConstraint("change_id"),
    CheckConstraint("kind IN ('phone', 'email')", name="kind"),
)
