"""Tables of the room: edges between accounts and pupils, and the little that is known of either."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Table, Text, Uuid
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
    Column("class_id", Uuid, nullable=False),
    Column("label", Text, nullable=False),
    Column("left_on", Date),
    # What a class is told, its pupils and their families are told.
    Index("pupil_card_class_idx", "class_id"),
)
"""«Анна К.»: given name and initial, no surname (N-10). PupilEnrolled replaces it whole."""

school_cards = Table(
    "school_card",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("time_zone", Text, nullable=False),
)
"""Where it is night and where it is day: nobody is woken because a child is not at school."""

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
