"""The access edges, and the assignments they were made from."""

from sqlalchemy import BigInteger, Column, Date, Table, Uuid

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
