"""What a class was told, apart from its pupils: these may come to the class, or become known, after it."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from notifications.schema import metadata

class_notices = Table(
    "class_notice",
    metadata,
    Column("class_id", Uuid, primary_key=True),
    # The task or announcement.
    Column("about_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("circle", Text, nullable=False),
    Column("section", Text),
    # Only these pupils of the class; NULL: all.
    Column("pupil_ids", ARRAY(Uuid)),
    Column("template_version", SmallInteger, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("occurred_at", TIMESTAMP(timezone=True), nullable=False),
    # Who comes to the class up to this day is told as well; NULL: only who is there now.
    Column("useful_until", Date),
    Column("withdrawn", Boolean, nullable=False),
    CheckConstraint("circle IN ('readers', 'pupils', 'families', 'both')", name="circle_known"),
    Index("class_notice_useful_idx", "class_id", "useful_until", postgresql_where=text("NOT withdrawn")),
)

late_pupils = Table(
    "late_pupil",
    metadata,
    Column("pupil_id", Uuid, primary_key=True),
    Column("recorded_at", TIMESTAMP(timezone=True), nullable=False),
)
"""Pupils new in a class, for the minute in which a task of the class may be under way that has not seen them."""
