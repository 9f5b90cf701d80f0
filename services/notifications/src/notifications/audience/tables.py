"""Tables of the room: edges between accounts and pupils, and the little that is known of either."""

from sqlalchemy import CheckConstraint, Column, Date, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import TIMESTAMP

from notifications.schema import metadata
from shared.access import access_table

access_edges = access_table(metadata)
"""Representatives and pupils themselves (by identity), trusted persons (by delegation); tombstones stay (J-2)."""

pupil_cards = Table(
    "pupil_card",
    metadata,
    Column("pupil_id", Uuid, primary_key=True),
    Column("school_id", Uuid, nullable=False),
    Column("label", Text, nullable=False),
    Column("left_on", Date),
)
"""«Анна К.»: given name and initial, no surname (N-10). PupilEnrolled replaces it whole."""

account_cards = Table(
    "account_card",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("given_name", Text),
    Column("locale", Text, nullable=False),
    Column("disabled_at", TIMESTAMP(timezone=True)),
    CheckConstraint("locale IN ('ru', 'en')", name="locale_known"),
    CheckConstraint("disabled_at IS NULL OR given_name IS NULL", name="disabled_is_nameless"),
)
"""How to address an account. A closed one stays as a nameless tombstone, so that nothing late revives it."""
