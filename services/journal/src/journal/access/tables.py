"""The access edges, and the assignments they were made from."""

from sqlalchemy import TIMESTAMP, BigInteger, Column, Date, Index, Integer, Table, Text, Uuid

from journal.schema import metadata
from shared.access import access_table

access_edges = access_table(metadata)

assignment_terms = Table(
    "assignment_terms",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("assignment_id", Uuid, primary_key=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("edge_version", BigInteger, nullable=False),
)
"""First and last day of assignments: they become instants by the school's time zone, which may be told later."""

diary_views = Table(
    "diary_views",
    metadata,
    # A pupil's list is read by the key, the newest days first.
    Column("school_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("relation", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_at", TIMESTAMP(timezone=True), nullable=False),
    Column("last_at", TIMESTAMP(timezone=True), nullable=False),
    # What is old is dropped.
    Index(None, "day"),
    # Rows are counted up in place.
    postgresql_with={"fillfactor": 80},
)
"""Who looked into whose diary: one row a day, account and relation, however often."""
