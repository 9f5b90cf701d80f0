"""Bell schedules and what they ring for."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    text,
)

from journal.schema import metadata

bell_schedules = Table(
    "bell_schedules",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("bell_schedule_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("shift", SmallInteger, nullable=False),
    Column("first_grade", SmallInteger, nullable=False),
    Column("last_grade", SmallInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    # Of single days, which take precedence: shortened days, for example. They stand in `bell_days`.
    Column("single_days", Boolean, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    CheckConstraint("shift BETWEEN 1 AND 3", name="shift"),
    CheckConstraint("1 <= first_grade AND first_grade <= last_grade AND last_grade <= 11", name="grades"),
    CheckConstraint("starts_on <= ends_on", name="starts_before_end"),
)

bell_rings = Table(
    "bell_rings",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("bell_schedule_id", Uuid, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", SmallInteger),
    Column("starts_at", Time, nullable=False),
    Column("ends_at", Time, nullable=False),
    # «Завтрак», «обед»: the break is for it.
    Column("meal", Text),
    ForeignKeyConstraint(
        ["school_id", "bell_schedule_id"],
        ["bell_schedules.school_id", "bell_schedules.bell_schedule_id"],
        ondelete="CASCADE",
    ),
    CheckConstraint("kind IN ('lesson', 'break', 'dynamic_pause')", name="kind"),
    CheckConstraint("(kind = 'lesson') = (number IS NOT NULL)", name="lessons_are_numbered"),
    CheckConstraint("number BETWEEN 0 AND 15", name="number"),
    CheckConstraint("starts_at < ends_at", name="starts_before_end"),
)

bell_days = Table(
    "bell_days",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("bell_schedule_id", Uuid, primary_key=True),
    Column("date", Date, primary_key=True),
    ForeignKeyConstraint(
        ["school_id", "bell_schedule_id"],
        ["bell_schedules.school_id", "bell_schedules.bell_schedule_id"],
        ondelete="CASCADE",
    ),
)
