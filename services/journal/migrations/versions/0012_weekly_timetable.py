"""Bell schedules, rooms, weekly timetables of classes."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATEMENTS = (
    # bells
    """
    CREATE TABLE bell_schedules (
      school_id uuid NOT NULL,
      bell_schedule_id uuid NOT NULL,
      name text NOT NULL,
      shift smallint NOT NULL,
      first_grade smallint NOT NULL,
      last_grade smallint NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      single_days boolean NOT NULL,
      version integer NOT NULL DEFAULT 1,
      CONSTRAINT bell_schedules_pkey PRIMARY KEY (school_id, bell_schedule_id),
      CONSTRAINT bell_schedules_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (school_id),
      CONSTRAINT bell_schedules_shift_check CHECK (shift BETWEEN 1 AND 3),
      CONSTRAINT bell_schedules_grades_check
        CHECK (1 <= first_grade AND first_grade <= last_grade AND last_grade <= 11),
      CONSTRAINT bell_schedules_starts_before_end_check CHECK (starts_on <= ends_on)
    )
    """,
    """
    CREATE TABLE bell_rings (
      school_id uuid NOT NULL,
      bell_schedule_id uuid NOT NULL,
      position smallint NOT NULL,
      kind text NOT NULL,
      number smallint,
      starts_at time NOT NULL,
      ends_at time NOT NULL,
      meal text,
      CONSTRAINT bell_rings_pkey PRIMARY KEY (school_id, bell_schedule_id, position),
      CONSTRAINT bell_rings_school_id_bell_schedule_id_fkey FOREIGN KEY (school_id, bell_schedule_id)
        REFERENCES bell_schedules (school_id, bell_schedule_id) ON DELETE CASCADE,
      CONSTRAINT bell_rings_kind_check CHECK (kind IN ('lesson', 'break', 'dynamic_pause')),
      CONSTRAINT bell_rings_lessons_are_numbered_check CHECK ((kind = 'lesson') = (number IS NOT NULL)),
      CONSTRAINT bell_rings_number_check CHECK (number BETWEEN 0 AND 15),
      CONSTRAINT bell_rings_starts_before_end_check CHECK (starts_at < ends_at)
    )
    """,
    """
    CREATE TABLE bell_days (
      school_id uuid NOT NULL,
      bell_schedule_id uuid NOT NULL,
      date date NOT NULL,
      CONSTRAINT bell_days_pkey PRIMARY KEY (school_id, bell_schedule_id, date),
      CONSTRAINT bell_days_school_id_bell_schedule_id_fkey FOREIGN KEY (school_id, bell_schedule_id)
        REFERENCES bell_schedules (school_id, bell_schedule_id) ON DELETE CASCADE
    )
    """,
    # timetable
    "ALTER TABLE lessons ADD COLUMN weekly_timetable_id uuid",
    """
    CREATE TABLE rooms (
      school_id uuid NOT NULL,
      name text NOT NULL,
      seats smallint,
      purpose text NOT NULL,
      CONSTRAINT rooms_pkey PRIMARY KEY (school_id, name),
      CONSTRAINT rooms_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (school_id)
    )
    """,
    # weekly timetable
    """
    CREATE TABLE weekly_timetables (
      school_id uuid NOT NULL,
      weekly_timetable_id uuid NOT NULL,
      class_id uuid NOT NULL,
      shift smallint NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      version integer NOT NULL DEFAULT 1,
      CONSTRAINT weekly_timetables_pkey PRIMARY KEY (school_id, weekly_timetable_id),
      CONSTRAINT weekly_timetables_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id),
      CONSTRAINT weekly_timetables_shift_check CHECK (shift BETWEEN 1 AND 3),
      CONSTRAINT weekly_timetables_starts_before_end_check CHECK (starts_on <= ends_on)
    )
    """,
    """
    CREATE INDEX weekly_timetables_school_id_class_id_starts_on_idx
      ON weekly_timetables (school_id, class_id, starts_on)
    """,
    """
    CREATE TABLE weekly_lessons (
      school_id uuid NOT NULL,
      weekly_timetable_id uuid NOT NULL,
      weekday smallint NOT NULL,
      number smallint NOT NULL,
      subject_id uuid NOT NULL,
      teacher_id uuid NOT NULL,
      room text NOT NULL,
      CONSTRAINT weekly_lessons_pkey PRIMARY KEY (school_id, weekly_timetable_id, weekday, number),
      CONSTRAINT weekly_lessons_school_id_weekly_timetable_id_fkey FOREIGN KEY (school_id, weekly_timetable_id)
        REFERENCES weekly_timetables (school_id, weekly_timetable_id) ON DELETE CASCADE,
      CONSTRAINT weekly_lessons_school_id_subject_id_fkey FOREIGN KEY (school_id, subject_id)
        REFERENCES subjects (school_id, subject_id),
      CONSTRAINT weekly_lessons_school_id_teacher_id_fkey FOREIGN KEY (school_id, teacher_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT weekly_lessons_weekday_check CHECK (weekday BETWEEN 1 AND 7),
      CONSTRAINT weekly_lessons_number_check CHECK (number BETWEEN 0 AND 15)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE weekly_lessons, weekly_timetables, rooms, bell_days, bell_rings, bell_schedules")
    op.execute("ALTER TABLE lessons DROP COLUMN weekly_timetable_id")
