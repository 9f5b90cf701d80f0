"""Imports that the worker carries out. Three tables, because three transactions write them.

The order is claimed by locking its row for as long as the work lasts; how far it is must be seen meanwhile; and the
outcome stands in the transaction of the import itself: imported and done are one fact.
"""

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
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
from sqlalchemy.dialects.postgresql import JSONB

from identity.schema import metadata

import_orders = Table(
    "import_orders",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("ordered_at", TIMESTAMP(timezone=True), nullable=False),
    # A bundle is personal data from end to end: encrypted under a key of its own, and both gone once it is done.
    Column("data_key", LargeBinary),
    Column("archive", LargeBinary),
    CheckConstraint("(data_key IS NULL) = (archive IS NULL)", name="archive_whole"),
    Index("ix_import_orders_open", "import_id", postgresql_where=text("archive IS NOT NULL")),
    Index("ix_import_orders_account", "account_id", "import_id"),
)

import_progress = Table(
    "import_progress",
    metadata,
    Column("import_id", Uuid, ForeignKey("import_orders.import_id", ondelete="CASCADE"), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
)

import_outcomes = Table(
    "import_outcomes",
    metadata,
    Column("import_id", Uuid, ForeignKey("import_orders.import_id", ondelete="CASCADE"), primary_key=True),
    Column("outcome", Text, nullable=False),
    # What was changed, or what is wrong; never a value of the bundle.
    Column("report", JSONB, nullable=False),
    Column("finished_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint("outcome IN ('done', 'refused', 'forbidden', 'failed')", name="outcome"),
    Index("ix_import_outcomes_finished", "finished_at"),
)
