"""Curricula of grades, and calendar-thematic plans of one subject in one class."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from journal.schema import metadata

curricula = Table(
    "curricula",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("curriculum_id", Uuid, primary_key=True),
    Column("grade", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("profile", Text),
    Column("version", Integer, nullable=False, server_default=text("1")),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    CheckConstraint("grade BETWEEN 1 AND 11", name="grade"),
    CheckConstraint("profile IS NULL OR grade >= 10", name="profile_from_grade_10"),
)

curriculum_classes = Table(
    "curriculum_classes",
    metadata,
    # Who learns by it; by several, where a class has several profiles.
    Column("school_id", Uuid, primary_key=True),
    Column("curriculum_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    ForeignKeyConstraint(
        ["school_id", "curriculum_id"], ["curricula.school_id", "curricula.curriculum_id"], ondelete="CASCADE"
    ),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    Index(None, "school_id", "class_id"),
)

curriculum_subjects = Table(
    "curriculum_subjects",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("curriculum_id", Uuid, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("subject_id", Uuid, nullable=False),
    Column("hours", SmallInteger, nullable=False),
    ForeignKeyConstraint(
        ["school_id", "curriculum_id"], ["curricula.school_id", "curricula.curriculum_id"], ondelete="CASCADE"
    ),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    CheckConstraint("hours BETWEEN 1 AND 2000", name="hours"),
)

thematic_plans = Table(
    "thematic_plans",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("written_by", Uuid, nullable=False),
    Column("written_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
)

thematic_topics = Table(
    "thematic_topics",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("title", Text, nullable=False),
    # Lessons that it takes, one after the other.
    Column("hours", SmallInteger, nullable=False),
    ForeignKeyConstraint(
        ["school_id", "class_id", "subject_id"],
        ["thematic_plans.school_id", "thematic_plans.class_id", "thematic_plans.subject_id"],
        ondelete="CASCADE",
    ),
    CheckConstraint("hours BETWEEN 1 AND 100", name="hours"),
)
