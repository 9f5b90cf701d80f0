"""Tables of membership."""

from sqlalchemy import TIMESTAMP, CheckConstraint, Column, ForeignKey, Integer, Table, Uuid

from identity.schema import metadata

platform_agents = Table(
    "platform_agents",
    metadata,
    # Agents of the central desk: people of the platform, not of a school. Those of a school are its staff.
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("appointed_at", TIMESTAMP(timezone=True), nullable=False),
    Column("dismissed_at", TIMESTAMP(timezone=True)),
    Column("edge_version", Integer, nullable=False),
    CheckConstraint("edge_version >= 1", name="edge_version"),
)
