"""Who of the agents has read which ticket (S-14)."""

from sqlalchemy import TIMESTAMP, Column, ForeignKey, Index, Table, Uuid

from support.schema import metadata

ticket_reads = Table(
    "ticket_reads",
    metadata,
    Column("read_id", Uuid, primary_key=True),
    Column("ticket_id", Uuid, ForeignKey("tickets.ticket_id"), nullable=False),
    Column("agent_id", Uuid, nullable=False),
    Column("read_at", TIMESTAMP(timezone=True), nullable=False),
    Index(None, "ticket_id", "read_id"),
)
