"""Events of the city. They belong to no school, so they carry none; every school's database has its own copy."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    Date,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from journal.city_events.rules import KINDS
from journal.schema import metadata

_KNOWN_KIND = "kind IN ({})".format(", ".join(f"'{kind}'" for kind in KINDS))

city_events = Table(
    "city_events",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    # The id in the system that the file comes from: a repeated import finds its events by it.
    Column("source_id", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("place", Text, nullable=False),
    # The school subject it belongs to; empty: none.
    Column("subject", Text, nullable=False),
    Column("organiser", Text, nullable=False),
    # Of an organisation, published by itself: an address or telephone, not a person's.
    Column("contact", Text, nullable=False),
    Column("imported_at", TIMESTAMP(timezone=True), nullable=False),
    UniqueConstraint("source_id"),
    CheckConstraint(_KNOWN_KIND, name="kind"),
    CheckConstraint("starts_on <= ends_on", name="starts_before_end"),
    # What is to come, soonest first.
    Index(None, "ends_on", "starts_on", "event_id"),
)
