"""Tables of the class teacher's register."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from identity.schema import metadata

contact_reads = Table(
    "contact_reads",
    metadata,
    # Who has looked at the contacts of a class, in clear, and when.
    Column("school_id", Uuid, primary_key=True),
    Column("read_id", Uuid, primary_key=True),
    Column("class_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("people", SmallInteger, nullable=False),
    Column("read_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    Index("ix_contact_reads_class", "school_id", "class_id", "read_id"),
)

proposed_corrections = Table(
    "proposed_corrections",
    metadata,
    # A change that waits for a second member of staff; what it says is encrypted under the person's key.
    Column("school_id", Uuid, primary_key=True),
    Column("proposal_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("person_version", Integer, nullable=False),
    Column("changes", LargeBinary, nullable=False),
    Column("proposed_by", Uuid, nullable=False),
    Column("proposed_at", TIMESTAMP(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_by", Uuid),
    Column("settled_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    # Overtaken: the record has changed since, so nobody has looked at what would stand now. Lapsed: nobody came.
    CheckConstraint("state IN ('waiting', 'confirmed', 'declined', 'overtaken', 'lapsed')", name="state"),
    CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_whole"),
    # A second wish for the same person replaces the first: two pairs of eyes look at one thing.
    Index(
        "uq_proposed_corrections_waiting",
        "school_id",
        "person_id",
        unique=True,
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_proposed_corrections_waiting", "school_id", "proposal_id", postgresql_where=text("state = 'waiting'")),
    Index("ix_proposed_corrections_lapsing", "proposed_at", postgresql_where=text("state = 'waiting'")),
)
