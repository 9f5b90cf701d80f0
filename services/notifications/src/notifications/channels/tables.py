"""Addresses, as identity sealed them for this service: opened only in the moment of sending."""

from sqlalchemy import CheckConstraint, Column, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import TIMESTAMP

from notifications.schema import metadata

contacts = Table(
    "contact",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    # A JWE for this service's key; the key is in the worker's environment, never in the database.
    Column("sealed", Text, nullable=False),
    Column("verified_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint("kind IN ('email', 'phone')", name="kind_known"),
)
