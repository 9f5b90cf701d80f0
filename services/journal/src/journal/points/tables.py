"""Points, and what they were before they were changed or ended."""

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
    Uuid,
    text,
)

from journal.schema import metadata

points = Table(
    "points",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("point_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("lesson_id", Uuid, nullable=False),
    # The lesson's, which keeps both once something stands in it.
    Column("subject_id", Uuid, nullable=False),
    Column("date", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("control_form_id", Uuid, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("comment", Text),
    Column("state", Text, nullable=False),
    Column("settled_by_mark", Uuid),
    Column("author_id", Uuid, nullable=False),
    Column("set_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_at", TIMESTAMP(timezone=True)),
    Column("ended_at", TIMESTAMP(timezone=True)),
    # When the family was reminded of this due date.
    Column("reminded_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["lessons.school_id", "lessons.lesson_id"]),
    ForeignKeyConstraint(
        ["school_id", "control_form_id"], ["control_forms.school_id", "control_forms.control_form_id"]
    ),
    ForeignKeyConstraint(["school_id", "settled_by_mark"], ["marks.school_id", "marks.mark_id"]),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
    CheckConstraint("kind IN ('debt', 'retake', 'planned')", name="kind"),
    CheckConstraint("state IN ('open', 'settled', 'vanished', 'withdrawn')", name="state"),
    CheckConstraint("(state = 'settled') = (settled_by_mark IS NOT NULL)", name="settled_by_a_mark"),
    CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when_not_open"),
    # One open point in a cell; a column of the journal is read by it too.
    Index(
        "points_open_cell_key",
        "school_id",
        "lesson_id",
        "pupil_id",
        unique=True,
        postgresql_where=text("state = 'open'"),
    ),
    Index(None, "school_id", "lesson_id"),
    # A pupil's page.
    Index(None, "school_id", "pupil_id", "date"),
    # What is due, for the worker.
    Index("points_open_due_idx", "due_on", "school_id", postgresql_where=text("state = 'open'")),
)

point_history = Table(
    "point_history",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("point_id", Uuid, primary_key=True),
    # The version that was replaced, as it was.
    Column("version", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("control_form_id", Uuid, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("comment", Text),
    Column("state", Text, nullable=False),
    Column("author_id", Uuid, nullable=False),
    Column("written_at", TIMESTAMP(timezone=True), nullable=False),
    # What became of it, who did it (nobody: its time was over), when, and why.
    Column("operation", Text, nullable=False),
    Column("replaced_by", Uuid),
    Column("replaced_at", TIMESTAMP(timezone=True), nullable=False),
    Column("reason", Text),
    ForeignKeyConstraint(["school_id", "point_id"], ["points.school_id", "points.point_id"]),
    CheckConstraint("operation IN ('changed', 'settled', 'vanished', 'withdrawn')", name="operation"),
)
"""Nothing is silently deleted (J-15: the journal keeps what vanished)."""
