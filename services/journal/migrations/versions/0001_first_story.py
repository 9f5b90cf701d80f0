"""The first story: roster, access, timetable, marks."""

from alembic import op

from shared.access import create_access_v1
from shared.db.kit_tables import create_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE schools (
      school_id uuid NOT NULL,
      source_id text NOT NULL,
      name text NOT NULL,
      city text NOT NULL,
      time_zone text NOT NULL,
      year_title text NOT NULL,
      year_starts_on date NOT NULL,
      year_ends_on date NOT NULL,
      CONSTRAINT schools_pkey PRIMARY KEY (school_id)
    )
    """,
    """
    CREATE TABLE subjects (
      school_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      source_id text NOT NULL,
      title text NOT NULL,
      CONSTRAINT subjects_pkey PRIMARY KEY (school_id, subject_id)
    )
    """,
    """
    CREATE TABLE classes (
      school_id uuid NOT NULL,
      class_id uuid NOT NULL,
      source_id text NOT NULL,
      grade smallint NOT NULL,
      name text NOT NULL,
      CONSTRAINT classes_pkey PRIMARY KEY (school_id, class_id),
      CONSTRAINT classes_grade_check CHECK (grade BETWEEN 1 AND 11)
    )
    """,
    "CREATE INDEX classes_class_id_idx ON classes (class_id)",
    """
    CREATE TABLE pupils (
      school_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      class_id uuid NOT NULL,
      surname text NOT NULL,
      given_name text NOT NULL,
      patronymic text,
      since date NOT NULL,
      left_on date,
      CONSTRAINT pupils_pkey PRIMARY KEY (school_id, pupil_id)
    )
    """,
    "CREATE INDEX pupils_pupil_id_idx ON pupils (pupil_id)",
    "CREATE INDEX pupils_school_id_class_id_idx ON pupils (school_id, class_id)",
    """
    CREATE TABLE staff (
      school_id uuid NOT NULL,
      person_id uuid NOT NULL,
      source_id text NOT NULL,
      account_id uuid,
      surname text NOT NULL,
      given_name text NOT NULL,
      patronymic text,
      CONSTRAINT staff_pkey PRIMARY KEY (school_id, person_id)
    )
    """,
    "CREATE INDEX staff_account_id_idx ON staff (account_id)",
    """
    CREATE TABLE assignment_terms (
      school_id uuid NOT NULL,
      assignment_id uuid NOT NULL,
      valid_from date NOT NULL,
      valid_until date,
      edge_version bigint NOT NULL,
      CONSTRAINT assignment_terms_pkey PRIMARY KEY (school_id, assignment_id)
    )
    """,
    """
    CREATE TABLE lessons (
      school_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      class_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      teacher_id uuid NOT NULL,
      date date NOT NULL,
      number smallint NOT NULL,
      starts_at time NOT NULL,
      ends_at time NOT NULL,
      room text NOT NULL,
      topic text NOT NULL,
      has_marks boolean NOT NULL DEFAULT false,
      CONSTRAINT lessons_pkey PRIMARY KEY (school_id, lesson_id),
      CONSTRAINT lessons_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id),
      CONSTRAINT lessons_school_id_subject_id_fkey FOREIGN KEY (school_id, subject_id)
        REFERENCES subjects (school_id, subject_id),
      CONSTRAINT lessons_school_id_teacher_id_fkey FOREIGN KEY (school_id, teacher_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT lessons_number_check CHECK (number BETWEEN 0 AND 15),
      CONSTRAINT lessons_starts_before_end_check CHECK (starts_at < ends_at),
      CONSTRAINT lessons_school_id_class_id_date_number_key UNIQUE (school_id, class_id, date, number)
    )
    """,
    "CREATE INDEX lessons_lesson_id_idx ON lessons (lesson_id)",
    "CREATE INDEX lessons_school_id_teacher_id_date_idx ON lessons (school_id, teacher_id, date)",
    """
    CREATE TABLE control_forms (
      school_id uuid NOT NULL,
      control_form_id uuid NOT NULL,
      name text NOT NULL,
      category text NOT NULL,
      weight smallint NOT NULL,
      position smallint NOT NULL,
      CONSTRAINT control_forms_pkey PRIMARY KEY (school_id, control_form_id),
      CONSTRAINT control_forms_school_id_name_key UNIQUE (school_id, name),
      CONSTRAINT control_forms_category_check CHECK (category IN ('control', 'class', 'home')),
      CONSTRAINT control_forms_weight_check CHECK (weight >= 1)
    )
    """,
    """
    CREATE TABLE marks (
      school_id uuid NOT NULL,
      mark_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      date date NOT NULL,
      value text NOT NULL,
      control_form_id uuid NOT NULL,
      comment text,
      author_id uuid NOT NULL,
      posted_at timestamptz NOT NULL,
      version integer NOT NULL DEFAULT 1,
      changed_at timestamptz,
      removed_at timestamptz,
      CONSTRAINT marks_pkey PRIMARY KEY (school_id, mark_id),
      CONSTRAINT marks_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id),
      CONSTRAINT marks_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES lessons (school_id, lesson_id),
      CONSTRAINT marks_school_id_control_form_id_fkey FOREIGN KEY (school_id, control_form_id)
        REFERENCES control_forms (school_id, control_form_id),
      CONSTRAINT marks_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT marks_value_check CHECK (value IN ('1', '2', '3', '4', '5', 'зачёт', 'незачёт', 'н/а', 'осв'))
    )
    """,
    "CREATE INDEX marks_mark_id_idx ON marks (mark_id)",
    "CREATE INDEX marks_school_id_lesson_id_idx ON marks (school_id, lesson_id)",
    "CREATE INDEX marks_school_id_pupil_id_date_idx ON marks (school_id, pupil_id, date)",
    "CREATE INDEX marks_school_id_pupil_id_subject_id_date_idx ON marks (school_id, pupil_id, subject_id, date)",
    """
    CREATE TABLE mark_history (
      school_id uuid NOT NULL,
      mark_id uuid NOT NULL,
      version integer NOT NULL,
      value text NOT NULL,
      control_form_id uuid NOT NULL,
      comment text,
      author_id uuid NOT NULL,
      written_at timestamptz NOT NULL,
      operation text NOT NULL,
      replaced_by uuid NOT NULL,
      replaced_at timestamptz NOT NULL,
      reason text,
      CONSTRAINT mark_history_pkey PRIMARY KEY (school_id, mark_id, version),
      CONSTRAINT mark_history_school_id_mark_id_fkey FOREIGN KEY (school_id, mark_id)
        REFERENCES marks (school_id, mark_id),
      CONSTRAINT mark_history_operation_check CHECK (operation IN ('changed', 'removed'))
    )
    """,
)


def upgrade() -> None:
    create_v1(op)
    create_access_v1(op)
    for statement in _TABLES:
        op.execute(statement)
