"""Periods of school years, and a school's own settings."""

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from journal.schema import metadata

periods = Table(
    "periods",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("period_id", Uuid, primary_key=True),
    # The school year as it is called, and the day that tells years apart.
    Column("year_title", Text, nullable=False),
    Column("year_starts_on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("first_grade", SmallInteger, nullable=False),
    Column("last_grade", SmallInteger, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    # Closed: nothing is written into its lessons until it is opened again (J-11, J-19).
    Column("closed_at", TIMESTAMP(timezone=True)),
    Column("closed_by", Uuid),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    UniqueConstraint("school_id", "year_starts_on", "first_grade", "number"),
    CheckConstraint("kind IN ('quarter', 'trimester', 'half_year')", name="kind"),
    CheckConstraint("1 <= first_grade AND first_grade <= last_grade AND last_grade <= 11", name="grades"),
    CheckConstraint("number BETWEEN 1 AND 6", name="number"),
    CheckConstraint("starts_on <= ends_on", name="starts_before_end"),
    CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
    # The period of a day.
    Index(None, "school_id", "starts_on", "ends_on"),
    # Addresses have the period alone.
    Index(None, "period_id"),
)

period_audit = Table(
    "period_audit",
    metadata,
    # Who closed a period and who opened it again, and why (J-19).
    Column("school_id", Uuid, primary_key=True),
    Column("period_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("at", TIMESTAMP(timezone=True), nullable=False),
    Column("reason", Text),
    ForeignKeyConstraint(["school_id", "period_id"], ["periods.school_id", "periods.period_id"]),
    CheckConstraint("operation IN ('closed', 'reopened')", name="operation"),
    CheckConstraint("operation = 'closed' OR reason IS NOT NULL", name="reopened_for_a_reason"),
)

holidays = Table(
    "holidays",
    metadata,
    # Каникулы and days off of the school's own; those of the country are not written down here.
    Column("school_id", Uuid, primary_key=True),
    Column("holiday_id", Uuid, primary_key=True),
    Column("year_starts_on", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("first_grade", SmallInteger, nullable=False),
    Column("last_grade", SmallInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    CheckConstraint("1 <= first_grade AND first_grade <= last_grade AND last_grade <= 11", name="grades"),
    CheckConstraint("starts_on <= ends_on", name="starts_before_end"),
    Index(None, "school_id", "year_starts_on"),
)

school_settings = Table(
    "school_settings",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("edit_window_days", SmallInteger, nullable=False, server_default=text("7")),
    # The weighted average from which on a mark is proposed (J-16).
    Column("threshold_five", Numeric(3, 2), nullable=False, server_default=text("4.60")),
    Column("threshold_four", Numeric(3, 2), nullable=False, server_default=text("3.60")),
    Column("threshold_three", Numeric(3, 2), nullable=False, server_default=text("2.60")),
    Column("minimum_marks", SmallInteger, nullable=False, server_default=text("3")),
    Column("point_reminder_days", SmallInteger, nullable=False, server_default=text("2")),
    # On the timetable, never marked: «Классный час». Here and not on subjects, which identity's events overwrite.
    Column("unmarked_subjects", ARRAY(Uuid, as_tuple=True), nullable=False, server_default=text("'{}'")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_at", TIMESTAMP(timezone=True)),
    Column("changed_by", Uuid),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    CheckConstraint("edit_window_days BETWEEN 0 AND 365", name="edit_window_days"),
    CheckConstraint(
        "1 <= threshold_three AND threshold_three < threshold_four AND threshold_four < threshold_five"
        " AND threshold_five <= 5",
        name="thresholds",
    ),
    CheckConstraint("minimum_marks BETWEEN 1 AND 50", name="minimum_marks"),
    CheckConstraint("point_reminder_days BETWEEN 0 AND 30", name="point_reminder_days"),
)
"""No row: the defaults, which `journal.calendar.rules.SchoolSettings` repeats."""
