"""Tables of people: identity's word, kept for our own decisions. No phone and no СНИЛС in clear (D-2).

No foreign keys: each row is told in a stream of its own, and a child may well be heard of before the parent.
"""

from sqlalchemy import CheckConstraint, Column, Date, Index, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import TIMESTAMP

from delegation.schema import metadata
from shared.access import access_table

access_edges = access_table(metadata)
"""Who is representative of which pupil at which level; ended ones stay as tombstones."""

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("surname", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("disabled_at", TIMESTAMP(timezone=True)),
)

reachable_accounts = Table(
    "reachable_accounts",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("contact_hash", LargeBinary, primary_key=True),
    Column("surname_hash", LargeBinary, nullable=False),
    CheckConstraint("octet_length(contact_hash) = 32", name="contact_hash_whole"),
    CheckConstraint("octet_length(surname_hash) = 32", name="surname_hash_whole"),
    Index(None, "contact_hash"),
)
"""One row for each proved phone or asserted СНИЛС, as a keyed hash; the kind is hashed along."""

children = Table(
    "children",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("surname", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("left_on", Date),
    Index(None, "pupil_id"),
)

schools = Table(
    "schools",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("time_zone", Text, nullable=False),
)
