"""Things to bring, lesson by lesson."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from journal.schema import metadata

backpack_lists = Table(
    "backpack_lists",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("written_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["lessons.school_id", "lessons.lesson_id"]),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
)

backpack_things = Table(
    "backpack_things",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("title", Text, nullable=False),
    Column("grams", SmallInteger, nullable=False),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["backpack_lists.school_id", "backpack_lists.lesson_id"]),
    CheckConstraint("grams BETWEEN 0 AND 10000", name="grams"),
)
