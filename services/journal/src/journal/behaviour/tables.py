"""Notes on behaviour: one for a pupil, a week and a subject, or the class teacher's own."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from journal.behaviour.rules import RATINGS
from journal.schema import metadata

_KNOWN_RATING = "rating IN ({})".format(", ".join(f"'{rating}'" for rating in RATINGS))

behaviour_notes = Table(
    "behaviour_notes",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("note_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("class_id", Uuid, nullable=False),
    Column("monday", Date, nullable=False),
    # None: the class teacher's, about the whole week.
    Column("subject_id", Uuid),
    Column("rating", Text, nullable=False),
    Column("note", Text),
    Column("author_id", Uuid, nullable=False),
    Column("written_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
    # A pupil's weeks are read by this index too.
    UniqueConstraint("school_id", "pupil_id", "monday", "subject_id", postgresql_nulls_not_distinct=True),
    CheckConstraint(_KNOWN_RATING, name="rating"),
    Index(None, "school_id", "class_id", "monday"),
)
