"""The class journal: periods and settings, points, absences and notices, what changed in which column."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    # calendar
    """
    CREATE TABLE periods (
      school_id uuid NOT NULL,
      period_id uuid NOT NULL,
      year_title text NOT NULL,
      year_starts_on date NOT NULL,
      kind text NOT NULL,
      first_grade smallint NOT NULL,
      last_grade smallint NOT NULL,
      number smallint NOT NULL,
      title text NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      version integer NOT NULL DEFAULT 1,
      closed_at timestamptz,
      closed_by uuid,
      CONSTRAINT periods_pkey PRIMARY KEY (school_id, period_id),
      CONSTRAINT periods_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (school_id),
      CONSTRAINT periods_school_id_year_starts_on_first_grade_number_key
        UNIQUE (school_id, year_starts_on, first_grade, number),
      CONSTRAINT periods_kind_check CHECK (kind IN ('quarter', 'trimester', 'half_year')),
      CONSTRAINT periods_grades_check CHECK (1 <= first_grade AND first_grade <= last_grade AND last_grade <= 11),
      CONSTRAINT periods_number_check CHECK (number BETWEEN 1 AND 6),
      CONSTRAINT periods_starts_before_end_check CHECK (starts_on <= ends_on),
      CONSTRAINT periods_closed_by_somebody_check CHECK ((closed_at IS NULL) = (closed_by IS NULL))
    )
    """,
    "CREATE INDEX periods_school_id_starts_on_ends_on_idx ON periods (school_id, starts_on, ends_on)",
    "CREATE INDEX periods_period_id_idx ON periods (period_id)",
    """
    CREATE TABLE school_settings (
      school_id uuid NOT NULL,
      edit_window_days smallint NOT NULL DEFAULT 7,
      threshold_five numeric(3, 2) NOT NULL DEFAULT 4.60,
      threshold_four numeric(3, 2) NOT NULL DEFAULT 3.60,
      threshold_three numeric(3, 2) NOT NULL DEFAULT 2.60,
      minimum_marks smallint NOT NULL DEFAULT 3,
      point_reminder_days smallint NOT NULL DEFAULT 2,
      version integer NOT NULL DEFAULT 1,
      changed_at timestamptz,
      changed_by uuid,
      CONSTRAINT school_settings_pkey PRIMARY KEY (school_id),
      CONSTRAINT school_settings_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (school_id),
      CONSTRAINT school_settings_edit_window_days_check CHECK (edit_window_days BETWEEN 0 AND 365),
      CONSTRAINT school_settings_thresholds_check CHECK (1 <= threshold_three AND threshold_three < threshold_four
        AND threshold_four < threshold_five AND threshold_five <= 5),
      CONSTRAINT school_settings_minimum_marks_check CHECK (minimum_marks BETWEEN 1 AND 50),
      CONSTRAINT school_settings_point_reminder_days_check CHECK (point_reminder_days BETWEEN 0 AND 30)
    )
    """,
    # timetable
    "CREATE INDEX lessons_school_id_class_id_subject_id_date_idx ON lessons (school_id, class_id, subject_id, date)",
    # marks
    "ALTER TABLE control_forms ADD COLUMN version integer NOT NULL DEFAULT 1, ADD COLUMN archived_at timestamptz",
    "ALTER TABLE marks ADD COLUMN reason text",
    "DROP INDEX marks_school_id_pupil_id_subject_id_date_idx",
    """
    CREATE INDEX marks_school_id_pupil_id_subject_id_date_idx ON marks (school_id, pupil_id, subject_id, date)
      INCLUDE (value, control_form_id) WHERE removed_at IS NULL
    """,
    "DROP INDEX marks_school_id_lesson_id_idx",
    "CREATE INDEX marks_school_id_lesson_id_pupil_id_idx ON marks (school_id, lesson_id, pupil_id)",
    # points
    """
    CREATE TABLE points (
      school_id uuid NOT NULL,
      point_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      date date NOT NULL,
      kind text NOT NULL,
      control_form_id uuid NOT NULL,
      due_on date NOT NULL,
      comment text,
      state text NOT NULL,
      settled_by_mark uuid,
      author_id uuid NOT NULL,
      set_at timestamptz NOT NULL,
      version integer NOT NULL DEFAULT 1,
      changed_at timestamptz,
      ended_at timestamptz,
      reminded_at timestamptz,
      CONSTRAINT points_pkey PRIMARY KEY (school_id, point_id),
      CONSTRAINT points_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id),
      CONSTRAINT points_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES lessons (school_id, lesson_id),
      CONSTRAINT points_school_id_control_form_id_fkey FOREIGN KEY (school_id, control_form_id)
        REFERENCES control_forms (school_id, control_form_id),
      CONSTRAINT points_school_id_settled_by_mark_fkey FOREIGN KEY (school_id, settled_by_mark)
        REFERENCES marks (school_id, mark_id),
      CONSTRAINT points_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT points_kind_check CHECK (kind IN ('debt', 'retake', 'planned')),
      CONSTRAINT points_state_check CHECK (state IN ('open', 'settled', 'vanished', 'withdrawn')),
      CONSTRAINT points_settled_by_a_mark_check CHECK ((state = 'settled') = (settled_by_mark IS NOT NULL)),
      CONSTRAINT points_ended_when_not_open_check CHECK ((state = 'open') = (ended_at IS NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX points_open_cell_key ON points (school_id, lesson_id, pupil_id) WHERE state = 'open'
    """,
    "CREATE INDEX points_school_id_lesson_id_idx ON points (school_id, lesson_id)",
    "CREATE INDEX points_school_id_pupil_id_date_idx ON points (school_id, pupil_id, date)",
    "CREATE INDEX points_open_due_idx ON points (due_on, school_id) WHERE state = 'open'",
    """
    CREATE TABLE point_history (
      school_id uuid NOT NULL,
      point_id uuid NOT NULL,
      version integer NOT NULL,
      kind text NOT NULL,
      control_form_id uuid NOT NULL,
      due_on date NOT NULL,
      comment text,
      state text NOT NULL,
      author_id uuid NOT NULL,
      written_at timestamptz NOT NULL,
      operation text NOT NULL,
      replaced_by uuid,
      replaced_at timestamptz NOT NULL,
      reason text,
      CONSTRAINT point_history_pkey PRIMARY KEY (school_id, point_id, version),
      CONSTRAINT point_history_school_id_point_id_fkey FOREIGN KEY (school_id, point_id)
        REFERENCES points (school_id, point_id),
      CONSTRAINT point_history_operation_check CHECK (operation IN ('changed', 'settled', 'vanished', 'withdrawn'))
    )
    """,
    # attendance
    """
    CREATE TABLE absence_notices (
      school_id uuid NOT NULL,
      notice_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      first_day date NOT NULL,
      last_day date NOT NULL,
      reason text NOT NULL,
      comment text,
      given_by uuid NOT NULL,
      given_at timestamptz NOT NULL,
      withdrawn_by uuid,
      withdrawn_at timestamptz,
      CONSTRAINT absence_notices_pkey PRIMARY KEY (school_id, notice_id),
      CONSTRAINT absence_notices_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id),
      CONSTRAINT absence_notices_reason_check CHECK (reason IN ('у', 'б', 'осв')),
      CONSTRAINT absence_notices_first_before_last_check CHECK (first_day <= last_day),
      CONSTRAINT absence_notices_withdrawn_by_somebody_check CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
    )
    """,
    """
    CREATE INDEX absence_notices_standing_idx ON absence_notices (school_id, pupil_id, last_day)
      WHERE withdrawn_at IS NULL
    """,
    """
    CREATE INDEX absence_notices_school_id_pupil_id_notice_id_idx
      ON absence_notices (school_id, pupil_id, notice_id)
    """,
    """
    CREATE TABLE absences (
      school_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      date date NOT NULL,
      kind text NOT NULL,
      reason text,
      minutes smallint,
      explanation text,
      notice_id uuid,
      author_id uuid NOT NULL,
      recorded_at timestamptz NOT NULL,
      version integer NOT NULL DEFAULT 1,
      changed_at timestamptz,
      removed_at timestamptz,
      CONSTRAINT absences_pkey PRIMARY KEY (school_id, lesson_id, pupil_id),
      CONSTRAINT absences_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id),
      CONSTRAINT absences_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES lessons (school_id, lesson_id),
      CONSTRAINT absences_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT absences_school_id_notice_id_fkey FOREIGN KEY (school_id, notice_id)
        REFERENCES absence_notices (school_id, notice_id),
      CONSTRAINT absences_kind_check CHECK (kind IN ('absent', 'late')),
      CONSTRAINT absences_reason_check CHECK (reason IN ('у', 'б', 'нп', 'осв')),
      CONSTRAINT absences_minutes_check
        CHECK (minutes IS NULL OR (kind = 'late' AND minutes BETWEEN 1 AND 120))
    )
    """,
    """
    CREATE INDEX absences_school_id_pupil_id_date_idx ON absences (school_id, pupil_id, date)
      INCLUDE (lesson_id, subject_id, kind, reason) WHERE removed_at IS NULL
    """,
    """
    CREATE TABLE absence_history (
      school_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      version integer NOT NULL,
      kind text NOT NULL,
      reason text,
      minutes smallint,
      explanation text,
      notice_id uuid,
      author_id uuid NOT NULL,
      written_at timestamptz NOT NULL,
      operation text NOT NULL,
      replaced_by uuid NOT NULL,
      replaced_at timestamptz NOT NULL,
      replaced_because text,
      CONSTRAINT absence_history_pkey PRIMARY KEY (school_id, lesson_id, pupil_id, version),
      CONSTRAINT absence_history_school_id_lesson_id_pupil_id_fkey FOREIGN KEY (school_id, lesson_id, pupil_id)
        REFERENCES absences (school_id, lesson_id, pupil_id),
      CONSTRAINT absence_history_operation_check CHECK (operation IN ('changed', 'removed'))
    )
    """,
    # class journal
    """
    CREATE TABLE journal_pages (
      school_id uuid NOT NULL,
      class_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      revision bigint NOT NULL,
      CONSTRAINT journal_pages_pkey PRIMARY KEY (school_id, class_id, subject_id)
    )
    """,
    """
    CREATE TABLE journal_columns (
      school_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      class_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      revision bigint NOT NULL,
      attendance_taken_at timestamptz,
      attendance_taken_by uuid,
      CONSTRAINT journal_columns_pkey PRIMARY KEY (school_id, lesson_id),
      CONSTRAINT journal_columns_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES lessons (school_id, lesson_id)
    )
    """,
    """
    CREATE INDEX journal_columns_page_idx ON journal_columns (school_id, class_id, subject_id, revision)
      INCLUDE (lesson_id)
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
