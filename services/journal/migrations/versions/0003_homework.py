"""Homework of classes, and what pupils have ticked off."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE homework (
      school_id uuid NOT NULL,
      homework_id uuid NOT NULL,
      class_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      lesson_id uuid,
      due_on date NOT NULL,
      kind text NOT NULL,
      mandatory boolean NOT NULL,
      text text NOT NULL,
      links text[] NOT NULL,
      minutes smallint,
      author_id uuid NOT NULL,
      assigned_at timestamptz NOT NULL,
      edited_at timestamptz NOT NULL,
      version integer NOT NULL DEFAULT 1,
      removed_at timestamptz,
      CONSTRAINT homework_pkey PRIMARY KEY (school_id, homework_id),
      CONSTRAINT homework_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id),
      CONSTRAINT homework_school_id_subject_id_fkey FOREIGN KEY (school_id, subject_id)
        REFERENCES subjects (school_id, subject_id),
      CONSTRAINT homework_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES lessons (school_id, lesson_id),
      CONSTRAINT homework_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT homework_kind_check CHECK (kind IN ('homework', 'self_study')),
      CONSTRAINT homework_minutes_check CHECK (minutes BETWEEN 1 AND 600)
    )
    """,
    "CREATE INDEX homework_school_id_class_id_due_on_idx ON homework (school_id, class_id, due_on)",
    "CREATE INDEX homework_school_id_lesson_id_idx ON homework (school_id, lesson_id)",
    "CREATE INDEX homework_homework_id_idx ON homework (homework_id)",
    """
    CREATE TABLE homework_done (
      school_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      homework_id uuid NOT NULL,
      done_at timestamptz NOT NULL,
      CONSTRAINT homework_done_pkey PRIMARY KEY (school_id, pupil_id, homework_id),
      CONSTRAINT homework_done_school_id_homework_id_fkey FOREIGN KEY (school_id, homework_id)
        REFERENCES homework (school_id, homework_id),
      CONSTRAINT homework_done_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id)
    )
    """,
    "CREATE INDEX homework_done_school_id_homework_id_idx ON homework_done (school_id, homework_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE homework_done, homework")
