"""Lessons: one class, or a group of it, one place in a day; and how a lesson came to differ from its plan."""

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)

from journal.schema import metadata

lessons = Table(
    "lessons",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, primary_key=True),
    Column("class_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("teacher_id", Uuid, nullable=False),
    Column("date", Date, nullable=False),
    Column("number", SmallInteger, nullable=False),
    # Local to the school: bells ring by the clock on the wall, in summer and in winter.
    Column("starts_at", Time, nullable=False),
    Column("ends_at", Time, nullable=False),
    Column("room", Text, nullable=False),
    Column("topic", Text, nullable=False),
    # It follows the thematic plan until somebody writes another (J-7).
    Column("topic_from_plan", Boolean, nullable=False, server_default=text("false")),
    # Whether marks, absences or points ever stood in it; from then on it stays a lesson of its subject.
    Column("has_marks", Boolean, nullable=False, server_default=text("false")),
    # Counts what people change in one lesson: its topic, who holds it and where, whether it is held.
    Column("version", Integer, nullable=False, server_default=text("1")),
    # «Замена»: who and where it was planned, while teacher and room above are another's (J-4).
    Column("planned_teacher_id", Uuid),
    Column("planned_room", Text),
    # A cancelled lesson stays, takes no marks and clashes with nothing.
    Column("cancelled_at", TIMESTAMP(timezone=True)),
    Column("cancelled_because", Text),
    # Only of this part of the class; null: of all of it. A group's lesson stays that group's (J-4).
    Column("group_id", Uuid),
    # Made from this weekly timetable, which may be gone meanwhile; null: from a file.
    Column("weekly_timetable_id", Uuid),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    ForeignKeyConstraint(["school_id", "teacher_id"], ["staff.school_id", "staff.person_id"]),
    ForeignKeyConstraint(["school_id", "planned_teacher_id"], ["staff.school_id", "staff.person_id"]),
    ForeignKeyConstraint(["school_id", "group_id"], ["class_groups.school_id", "class_groups.group_id"]),
    CheckConstraint("(planned_teacher_id IS NULL) = (planned_room IS NULL)", name="plan_is_whole"),
    CheckConstraint("(cancelled_at IS NULL) = (cancelled_because IS NULL)", name="cancelled_for_a_reason"),
    CheckConstraint("number BETWEEN 0 AND 15", name="number"),
    CheckConstraint("starts_at < ends_at", name="starts_before_end"),
    # A class's week is read by this index too.
    UniqueConstraint("school_id", "class_id", "date", "number", "group_id", postgresql_nulls_not_distinct=True),
    Index(None, "school_id", "teacher_id", "date"),
    # What a teacher has given away.
    Index(
        "lessons_substituted_idx",
        "school_id",
        "planned_teacher_id",
        "date",
        postgresql_where=text("planned_teacher_id IS NOT NULL"),
    ),
    # A page of the class journal.
    Index(None, "school_id", "class_id", "subject_id", "date"),
    # What a school had in some days, in order.
    Index(None, "school_id", "date", "number", "lesson_id"),
    # Addresses have the lesson alone.
    Index(None, "lesson_id"),
)

lesson_changes = Table(
    "lesson_changes",
    metadata,
    # Who changed a lesson, and into what (J-4): the row of a version is how the lesson has been since.
    Column("school_id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("teacher_id", Uuid, nullable=False),
    Column("room", Text, nullable=False),
    Column("reason", Text),
    Column("changed_by", Uuid, nullable=False),
    Column("changed_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["lessons.school_id", "lessons.lesson_id"]),
    CheckConstraint("operation IN ('substituted', 'restored', 'cancelled', 'reinstated')", name="operation"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("seats", SmallInteger),
    Column("purpose", Text, nullable=False),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
)
