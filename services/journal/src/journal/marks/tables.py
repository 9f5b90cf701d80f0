"""Control forms, marks, and what marks were before they were changed."""

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

from journal.marks.rules import VALUES
from journal.schema import metadata

_KNOWN_VALUE = "value IN ({})".format(", ".join(f"'{value}'" for value in VALUES))

control_forms = Table(
    "control_forms",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("control_form_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("weight", SmallInteger, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    # No longer offered; marks that were given for it keep it.
    Column("archived_at", TIMESTAMP(timezone=True)),
    UniqueConstraint("school_id", "name"),
    CheckConstraint("category IN ('control', 'class', 'home')", name="category"),
    CheckConstraint("weight >= 1", name="weight"),
)

marks = Table(
    "marks",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("mark_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("lesson_id", Uuid, nullable=False),
    # The lesson's, which keeps both once it has a mark: averages and weeks are read without the lessons.
    Column("subject_id", Uuid, nullable=False),
    Column("date", Date, nullable=False),
    Column("value", Text, nullable=False),
    Column("control_form_id", Uuid, nullable=False),
    Column("comment", Text),
    # Why it stands beside «н» (J-13).
    Column("reason", Text),
    Column("author_id", Uuid, nullable=False),
    Column("posted_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_at", TIMESTAMP(timezone=True)),
    Column("removed_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["lessons.school_id", "lessons.lesson_id"]),
    ForeignKeyConstraint(
        ["school_id", "control_form_id"], ["control_forms.school_id", "control_forms.control_form_id"]
    ),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
    CheckConstraint(_KNOWN_VALUE, name="value"),
    # A pupil's marks of a week or a period. They were written on as many pages as there were lessons: whatever a
    # family sees of them stands here side by side. A comment fits: 500 characters are 2,000 bytes, a row of an index
    # may have 2,700.
    Index(
        "marks_school_id_pupil_id_date_idx",
        "school_id",
        "pupil_id",
        "date",
        postgresql_include=[
            "mark_id",
            "lesson_id",
            "subject_id",
            "value",
            "control_form_id",
            "author_id",
            "posted_at",
            "changed_at",
            "comment",
        ],
        postgresql_where=text("removed_at IS NULL"),
    ),
    # A pupil's marks in a subject.
    Index(
        "marks_school_id_pupil_id_subject_id_date_idx",
        "school_id",
        "pupil_id",
        "subject_id",
        "date",
        # An average is read from the index alone.
        postgresql_include=["value", "control_form_id"],
        postgresql_where=text("removed_at IS NULL"),
    ),
    # A column of the journal, and a cell.
    Index(None, "school_id", "lesson_id", "pupil_id"),
    # Addresses have the mark alone.
    Index(None, "mark_id"),
)

mark_history = Table(
    "mark_history",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("mark_id", Uuid, primary_key=True),
    # The version that was replaced, as it was.
    Column("version", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    Column("control_form_id", Uuid, nullable=False),
    Column("comment", Text),
    Column("author_id", Uuid, nullable=False),
    Column("written_at", TIMESTAMP(timezone=True), nullable=False),
    # Who replaced it, when, and why.
    Column("operation", Text, nullable=False),
    Column("replaced_by", Uuid, nullable=False),
    Column("replaced_at", TIMESTAMP(timezone=True), nullable=False),
    Column("reason", Text),
    ForeignKeyConstraint(["school_id", "mark_id"], ["marks.school_id", "marks.mark_id"]),
    CheckConstraint("operation IN ('changed', 'removed')", name="operation"),
)
"""Nothing is silently deleted (J-11)."""
