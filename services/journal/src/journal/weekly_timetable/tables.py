"""Weekly timetables: which lesson of which weekday is what."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
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

weekly_timetables = Table(
    "weekly_timetables",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("weekly_timetable_id", Uuid, primary_key=True),
    Column("class_id", Uuid, nullable=False),
    # Whose bells the class follows.
    Column("shift", SmallInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    CheckConstraint("shift BETWEEN 1 AND 3", name="shift"),
    CheckConstraint("starts_on <= ends_on", name="starts_before_end"),
    Index(None, "school_id", "class_id", "starts_on"),
)

weekly_lessons = Table(
    "weekly_lessons",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("weekly_timetable_id", Uuid, primary_key=True),
    # 1 is Monday.
    Column("weekday", SmallInteger, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    # Groups of the class may have lessons at once, each with a teacher of its own.
    Column("teacher_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, nullable=False),
    Column("group_id", Uuid),
    Column("room", Text, nullable=False),
    ForeignKeyConstraint(
        ["school_id", "weekly_timetable_id"],
        ["weekly_timetables.school_id", "weekly_timetables.weekly_timetable_id"],
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    ForeignKeyConstraint(["school_id", "teacher_id"], ["staff.school_id", "staff.person_id"]),
    ForeignKeyConstraint(["school_id", "group_id"], ["class_groups.school_id", "class_groups.group_id"]),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
    CheckConstraint("number BETWEEN 0 AND 15", name="number"),
)
