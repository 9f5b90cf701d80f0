"""Lessons: one class, one place in a day."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
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
    # Whether marks, absences or points ever stood in it; from then on it stays a lesson of its subject.
    Column("has_marks", Boolean, nullable=False, server_default=text("false")),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    ForeignKeyConstraint(["school_id", "teacher_id"], ["staff.school_id", "staff.person_id"]),
    CheckConstraint("number BETWEEN 0 AND 15", name="number"),
    CheckConstraint("starts_at < ends_at", name="starts_before_end"),
    # A class's week is read by this index too.
    UniqueConstraint("school_id", "class_id", "date", "number"),
    Index(None, "school_id", "teacher_id", "date"),
    # A page of the class journal.
    Index(None, "school_id", "class_id", "subject_id", "date"),
    # Addresses have the lesson alone.
    Index(None, "lesson_id"),
)
