"""Absences, what they were before they were changed, and the notices of families.

Reasons are P3: they never leave this database but to those who may read them, and stand in no event and no log.
"""

from sqlalchemy import (
    TIMESTAMP,
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

absences = Table(
    "absences",
    metadata,
    # One row a cell: who is present after all and absent again goes on counting versions.
    Column("school_id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    # The lesson's, which keeps both once something stands in it.
    Column("subject_id", Uuid, nullable=False),
    Column("date", Date, nullable=False),
    Column("kind", Text, nullable=False),
    # у уважительная, б болезнь, нп неуважительная, осв освобождён; null: not known yet.
    Column("reason", Text),
    Column("minutes", SmallInteger),
    # Why it stands beside a mark, or was changed late (J-13, J-11).
    Column("explanation", Text),
    Column("notice_id", Uuid),
    Column("author_id", Uuid, nullable=False),
    Column("recorded_at", TIMESTAMP(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_at", TIMESTAMP(timezone=True)),
    Column("removed_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["lessons.school_id", "lessons.lesson_id"]),
    ForeignKeyConstraint(["school_id", "author_id"], ["staff.school_id", "staff.person_id"]),
    ForeignKeyConstraint(["school_id", "notice_id"], ["absence_notices.school_id", "absence_notices.notice_id"]),
    CheckConstraint("kind IN ('absent', 'late')", name="kind"),
    CheckConstraint("reason IN ('у', 'б', 'нп', 'осв')", name="reason"),
    CheckConstraint("minutes IS NULL OR (kind = 'late' AND minutes BETWEEN 1 AND 120)", name="minutes"),
    # A pupil's calendar and counts, without a look into the table.
    Index(
        "absences_school_id_pupil_id_date_idx",
        "school_id",
        "pupil_id",
        "date",
        postgresql_include=["lesson_id", "subject_id", "kind", "reason"],
        postgresql_where=text("removed_at IS NULL"),
    ),
)

absence_history = Table(
    "absence_history",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    # The version that was replaced, as it was.
    Column("version", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text),
    Column("minutes", SmallInteger),
    Column("explanation", Text),
    Column("notice_id", Uuid),
    Column("author_id", Uuid, nullable=False),
    Column("written_at", TIMESTAMP(timezone=True), nullable=False),
    # Who replaced it, when, and why.
    Column("operation", Text, nullable=False),
    Column("replaced_by", Uuid, nullable=False),
    Column("replaced_at", TIMESTAMP(timezone=True), nullable=False),
    Column("replaced_because", Text),
    ForeignKeyConstraint(
        ["school_id", "lesson_id", "pupil_id"], ["absences.school_id", "absences.lesson_id", "absences.pupil_id"]
    ),
    CheckConstraint("operation IN ('changed', 'removed')", name="operation"),
)

absence_notices = Table(
    "absence_notices",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("notice_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("reason", Text, nullable=False),
    # Encrypted under the key beside it, which the master key wraps.
    Column("data_key", LargeBinary),
    Column("comment", LargeBinary),
    # The account of the representative; identity's word, never a name. Null: given before the school came here.
    Column("given_by", Uuid),
    Column("given_at", TIMESTAMP(timezone=True), nullable=False),
    Column("withdrawn_by", Uuid),
    Column("withdrawn_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    CheckConstraint("reason IN ('у', 'б', 'осв')", name="reason"),
    CheckConstraint("first_day <= last_day", name="first_before_last"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
    CheckConstraint("(comment IS NULL) = (data_key IS NULL)", name="comment_has_its_key"),
    # The notices that cover a day of a pupil.
    Index(
        "absence_notices_standing_idx",
        "school_id",
        "pupil_id",
        "last_day",
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
    # A pupil's list, withdrawn ones too; newest last.
    Index(None, "school_id", "pupil_id", "notice_id"),
)
