"""Announcements, the classes and pupils they are for, and who has read them."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from journal.schema import metadata

announcements = Table(
    "announcements",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("announcement_id", Uuid, primary_key=True),
    Column("audience", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    # The group that it was said to, whose pupils of that day stand in `announcement_pupils`.
    Column("group_id", Uuid),
    Column("author_id", Uuid, nullable=False),
    Column("posted_at", TIMESTAMP(timezone=True), nullable=False),
    Column("edited_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("withdrawn_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
    ForeignKeyConstraint(["school_id", "group_id"], ["class_groups.school_id", "class_groups.group_id"]),
    CheckConstraint("audience IN ('pupils', 'families', 'both')", name="audience"),
    # Addresses have the announcement alone.
    Index(None, "announcement_id"),
)

announcement_classes = Table(
    "announcement_classes",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("announcement_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    ForeignKeyConstraint(
        ["school_id", "announcement_id"], ["announcements.school_id", "announcements.announcement_id"]
    ),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    # A class's announcements, newest first: ids grow with time.
    Index(None, "school_id", "class_id", "announcement_id"),
)

announcement_pupils = Table(
    "announcement_pupils",
    metadata,
    # Some pupils of the one class, picked or those of a group. No row: the whole class.
    Column("school_id", Uuid, primary_key=True),
    Column("announcement_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    ForeignKeyConstraint(
        ["school_id", "announcement_id"], ["announcements.school_id", "announcements.announcement_id"]
    ),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    # What a pupil was told, for who takes the own data along.
    Index(None, "school_id", "pupil_id"),
)

announcement_reads = Table(
    "announcement_reads",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("announcement_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("read_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["school_id", "announcement_id"], ["announcements.school_id", "announcements.announcement_id"]
    ),
)
