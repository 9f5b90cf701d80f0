"""Lessons that differ from their plan: substitutions, cancelled lessons; holidays."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATEMENTS = (
    # timetable
    """
    ALTER TABLE lessons
      ADD COLUMN version integer NOT NULL DEFAULT 1,
      ADD COLUMN planned_teacher_id uuid,
      ADD COLUMN planned_room text,
      ADD COLUMN cancelled_at timestamptz,
      ADD COLUMN cancelled_because text,
      ADD CONSTRAINT lessons_school_id_planned_teacher_id_fkey FOREIGN KEY (school_id, planned_teacher_id)
        REFERENCES staff (school_id, person_id),
      ADD CONSTRAINT lessons_plan_is_whole_check CHECK ((planned_teacher_id IS NULL) = (planned_room IS NULL)),
      ADD CONSTRAINT lessons_cancelled_for_a_reason_check
        CHECK ((cancelled_at IS NULL) = (cancelled_because IS NULL))
    """,
    """
    CREATE INDEX lessons_substituted_idx ON lessons (school_id, planned_teacher_id, date)
      WHERE planned_teacher_id IS NOT NULL
    """,
    """
    CREATE TABLE lesson_changes (
      school_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      version integer NOT NULL,
      operation text NOT NULL,
      teacher_id uuid NOT NULL,
      room text NOT NULL,
      reason text,
      changed_by uuid NOT NULL,
      changed_at timestamptz NOT NULL,
      CONSTRAINT lesson_changes_pkey PRIMARY KEY (school_id, lesson_id, version),
      CONSTRAINT lesson_changes_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES lessons (school_id, lesson_id),
      CONSTRAINT lesson_changes_operation_check
        CHECK (operation IN ('substituted', 'restored', 'cancelled', 'reinstated'))
    )
    """,
    # calendar
    """
    CREATE TABLE holidays (
      school_id uuid NOT NULL,
      holiday_id uuid NOT NULL,
      year_starts_on date NOT NULL,
      title text NOT NULL,
      first_grade smallint NOT NULL,
      last_grade smallint NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      CONSTRAINT holidays_pkey PRIMARY KEY (school_id, holiday_id),
      CONSTRAINT holidays_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (school_id),
      CONSTRAINT holidays_grades_check CHECK (1 <= first_grade AND first_grade <= last_grade AND last_grade <= 11),
      CONSTRAINT holidays_starts_before_end_check CHECK (starts_on <= ends_on)
    )
    """,
    "CREATE INDEX holidays_school_id_year_starts_on_idx ON holidays (school_id, year_starts_on)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE holidays, lesson_changes")
    op.execute(
        """
        ALTER TABLE lessons DROP COLUMN version, DROP COLUMN planned_teacher_id, DROP COLUMN planned_room,
          DROP COLUMN cancelled_at, DROP COLUMN cancelled_because
        """
    )
