"""What a class does besides lessons, by weekday."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
)

from journal.schema import metadata

daily_regimes = Table(
    "daily_regimes",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_by", Uuid, nullable=False),
    Column("changed_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
)

daily_regime_items = Table(
    "daily_regime_items",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    # 1 is Monday.
    Column("weekday", SmallInteger, nullable=False),
    Column("starts_at", Time, nullable=False),
    Column("ends_at", Time, nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    ForeignKeyConstraint(
        ["school_id", "class_id"], ["daily_regimes.school_id", "daily_regimes.class_id"], ondelete="CASCADE"
    ),
    CheckConstraint("kind IN ('extracurricular', 'club', 'physical_activity', 'meal', 'walk')", name="kind"),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
    CheckConstraint("starts_at < ends_at", name="starts_before_end"),
)
