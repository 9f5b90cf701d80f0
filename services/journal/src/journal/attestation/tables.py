"""Marks of periods and of years, and what they were before."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from journal.attestation.rules import VALUES
from journal.schema import metadata

_KNOWN_VALUE = "value IN ({})".format(", ".join(f"'{value}'" for value in VALUES))

attestation_marks = Table(
    "attestation_marks",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("attestation_mark_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("class_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("year_starts_on", Date, nullable=False),
    # None: the mark of the year.
    Column("period_id", Uuid),
    # None: taken back; the version goes on.
    Column("value", Text),
    Column("reason", Text),
    # What the marks proposed when it was set (J-17); None: nothing.
    Column("by_average", SmallInteger),
    Column("by_priority", SmallInteger),
    Column("author_id", Uuid, nullable=False),
    Column("set_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    ForeignKeyConstraint(["school_id", "period_id"], ["periods.school_id", "periods.period_id"]),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
    CheckConstraint(_KNOWN_VALUE, name="value"),
    # One for a pupil, subject and period or year; a family's table is read by it too.
    UniqueConstraint(
        "school_id",
        "pupil_id",
        "year_starts_on",
        "subject_id",
        "period_id",
        name="attestation_marks_place_key",
        postgresql_nulls_not_distinct=True,
    ),
    # A page of the journal.
    Index("attestation_marks_page_idx", "school_id", "class_id", "subject_id", "year_starts_on"),
    # A period that is planned anew, and a school's anomalies.
    Index(None, "school_id", "period_id"),
)

attestation_history = Table(
    "attestation_history",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("attestation_mark_id", Uuid, primary_key=True),
    # The version that was replaced, as it was.
    Column("version", Integer, primary_key=True),
    Column("value", Text),
    Column("reason", Text),
    Column("author_id", Uuid, nullable=False),
    Column("set_at", TIMESTAMP(timezone=True), nullable=False),
    Column("replaced_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["school_id", "attestation_mark_id"],
        ["attestation_marks.school_id", "attestation_marks.attestation_mark_id"],
    ),
)
"""Nothing is silently replaced (J-11)."""
