"""Tables of access slips. Passwords are kept as hashes only; who printed a slip, and who used it, is kept."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
    text,
)

from identity.schema import metadata

access_slips = Table(
    "access_slips",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("slip_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("printed_by", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("printed_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("spent_by", Uuid, ForeignKey("accounts.account_id")),
    Column("closed_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint("state IN ('open', 'spent', 'void')", name="state"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_whole"),
    CheckConstraint("(state = 'spent') = (spent_by IS NOT NULL)", name="spent_whole"),
    # Printing a new slip voids the old one.
    Index("uq_access_slips_open", "school_id", "person_id", unique=True, postgresql_where=text("state = 'open'")),
)
