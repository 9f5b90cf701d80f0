"""Tables of matching: what was decided about an account in a school, who was told so, what waits for a teacher."""

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKey,
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

match_outcomes = Table(
    "match_outcomes",
    metadata,
    # The decision of I-19 about one account in one school that knows a contact the account has proved.
    # A school that knows none has no row: nobody can learn from its absence or presence what a school knows.
    Column("school_id", Uuid, ForeignKey("schools.school_id"), primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("level", SmallInteger),
    # The record it is about; none if the account itself lacks something.
    Column("person_id", Uuid),
    Column("differing", ARRAY(Text), nullable=False),
    Column("decided_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint(
        "outcome IN ('accept', 'review', 'conflict', 'ambiguous', 'pass_data_to_teacher', 'missing_own_data',"
        " 'contact_not_proved', 'rejected')",
        name="outcome",
    ),
    CheckConstraint("level IN (1, 2)", name="level"),
    CheckConstraint("version >= 1", name="version"),
    Index("ix_match_outcomes_account", "account_id"),
    Index("ix_match_outcomes_person", "school_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
)

access_claims = Table(
    "access_claims",
    metadata,
    # Every acceptance that was announced. Its secret lets whoever hears the announcement say «Это не я» (I-21);
    # an undone one keeps the account from being accepted on the record again without a teacher's word.
    Column("school_id", Uuid, primary_key=True),
    Column("claim_id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("accepted_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("undone_at", TIMESTAMP(timezone=True)),
    # A teacher who accepts the account after all lifts the bar.
    Column("lifted_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint("level IN (1, 2)", name="level"),
    CheckConstraint("lifted_at IS NULL OR undone_at IS NOT NULL", name="lifted_after_undone"),
    Index("ix_access_claims_record", "school_id", "person_id", "account_id"),
    Index(
        "ix_access_claims_barred",
        "account_id",
        postgresql_where=text("undone_at IS NOT NULL AND lifted_at IS NULL"),
    ),
)

reviews = Table(
    "reviews",
    metadata,
    # What waits for the class teacher (I-22), and what became of it.
    Column("school_id", Uuid, ForeignKey("schools.school_id"), primary_key=True),
    Column("review_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    # None until the teacher names it: a person may have passed data that fit no record.
    Column("person_id", Uuid),
    # What the person said who passed data: in which class the child is, and the child's names.
    Column("class_id", Uuid),
    Column("class_name", Text),
    Column("child_name", Text),
    Column("reason", Text, nullable=False),
    Column("differing", ARRAY(Text), nullable=False),
    Column("proposed_level", SmallInteger, nullable=False),
    # Keyed hash of both sides as they were: the same facts are not asked about twice.
    Column("facts", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_at", TIMESTAMP(timezone=True), nullable=False),
    Column("settled_at", TIMESTAMP(timezone=True)),
    Column("settled_by", Uuid),
    Column("note", Text),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    CheckConstraint("kind IN ('review', 'conflict', 'ambiguous', 'pass_data_to_teacher', 'undone')", name="kind"),
    CheckConstraint("state IN ('open', 'accepted', 'corrected', 'rejected', 'lapsed')", name="state"),
    CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_whole"),
    CheckConstraint("proposed_level IN (1, 2)", name="proposed_level"),
    CheckConstraint("version >= 1", name="version"),
    # One question about one account and one record at a time.
    Index(
        "uq_reviews_open",
        "school_id",
        "account_id",
        "person_id",
        unique=True,
        postgresql_where=text("settled_at IS NULL"),
    ),
    # The queue of a school, oldest first.
    Index("ix_reviews_queue", "school_id", "review_id", postgresql_where=text("settled_at IS NULL")),
    Index("ix_reviews_account", "account_id", "school_id", "person_id", "requested_at"),
    Index("ix_reviews_person", "school_id", "person_id", postgresql_where=text("settled_at IS NULL")),
    # A route names a review alone.
    Index("ix_reviews_id", "review_id"),
)
