"""Homework of classes, its files, and what pupils have ticked off."""

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

from journal.schema import metadata

homework = Table(
    "homework",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("homework_id", Uuid, primary_key=True),
    Column("class_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    # The lesson that it is due for; none where only a day was named.
    Column("lesson_id", Uuid),
    # Only for this part of the class, that of its lesson too; null: for all of it.
    Column("group_id", Uuid),
    Column("due_on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mandatory", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("links", ARRAY(Text), nullable=False),
    Column("minutes", SmallInteger),
    Column("author_id", Uuid, nullable=False),
    Column("assigned_at", TIMESTAMP(timezone=True), nullable=False),
    Column("edited_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("removed_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["lessons.school_id", "lessons.lesson_id"]),
    ForeignKeyConstraint(["school_id", "group_id"], ["class_groups.school_id", "class_groups.group_id"]),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
    CheckConstraint("kind IN ('homework', 'self_study')", name="kind"),
    CheckConstraint("minutes BETWEEN 1 AND 600", name="minutes"),
    # What a class has to do from day to day.
    Index(None, "school_id", "class_id", "due_on"),
    # A lesson that is taken out of the timetable asks for it.
    Index(None, "school_id", "lesson_id"),
    # Addresses have the homework alone.
    Index(None, "homework_id"),
)

homework_done = Table(
    "homework_done",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("homework_id", Uuid, primary_key=True),
    Column("done_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(["school_id", "homework_id"], ["homework.school_id", "homework.homework_id"]),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    Index(None, "school_id", "homework_id"),
)

homework_files = Table(
    "homework_files",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("file_id", Uuid, primary_key=True),
    Column("homework_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    # Out of line (STORAGE EXTERNAL): such files are compressed already, and lists do not read them.
    Column("content", LargeBinary, nullable=False),
    Column("added_at", TIMESTAMP(timezone=True), nullable=False),
    Column("added_by", Uuid, nullable=False),
    ForeignKeyConstraint(["school_id", "homework_id"], ["homework.school_id", "homework.homework_id"]),
    ForeignKeyConstraint(["school_id", "added_by"], ["staff.school_id", "staff.person_id"]),
    CheckConstraint("size = octet_length(content) AND size BETWEEN 1 AND 10485760", name="size"),
    Index(None, "school_id", "homework_id"),
)
