"""Attestation: marks of periods and years, their history, and who closed which period."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE period_audit (
      school_id uuid NOT NULL,
      period_id uuid NOT NULL,
      version integer NOT NULL,
      operation text NOT NULL,
      person_id uuid NOT NULL,
      at timestamptz NOT NULL,
      reason text,
      CONSTRAINT period_audit_pkey PRIMARY KEY (school_id, period_id, version),
      CONSTRAINT period_audit_school_id_period_id_fkey FOREIGN KEY (school_id, period_id)
        REFERENCES periods (school_id, period_id),
      CONSTRAINT period_audit_operation_check CHECK (operation IN ('closed', 'reopened')),
      CONSTRAINT period_audit_reopened_for_a_reason_check CHECK (operation = 'closed' OR reason IS NOT NULL)
    )
    """,
    """
    CREATE TABLE attestation_marks (
      school_id uuid NOT NULL,
      attestation_mark_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      class_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      year_starts_on date NOT NULL,
      period_id uuid,
      value text,
      reason text,
      by_average smallint,
      by_priority smallint,
      author_id uuid NOT NULL,
      set_at timestamptz NOT NULL,
      version integer NOT NULL DEFAULT 1,
      CONSTRAINT attestation_marks_pkey PRIMARY KEY (school_id, attestation_mark_id),
      CONSTRAINT attestation_marks_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id),
      CONSTRAINT attestation_marks_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id),
      CONSTRAINT attestation_marks_school_id_subject_id_fkey FOREIGN KEY (school_id, subject_id)
        REFERENCES subjects (school_id, subject_id),
      CONSTRAINT attestation_marks_school_id_period_id_fkey FOREIGN KEY (school_id, period_id)
        REFERENCES periods (school_id, period_id),
      CONSTRAINT attestation_marks_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT attestation_marks_value_check
        CHECK (value IN ('2', '3', '4', '5', 'зачёт', 'незачёт', 'н/а', 'осв')),
      CONSTRAINT attestation_marks_place_key
        UNIQUE NULLS NOT DISTINCT (school_id, pupil_id, year_starts_on, subject_id, period_id)
    )
    """,
    """
    CREATE INDEX attestation_marks_page_idx ON attestation_marks (school_id, class_id, subject_id, year_starts_on)
    """,
    "CREATE INDEX attestation_marks_school_id_period_id_idx ON attestation_marks (school_id, period_id)",
    """
    CREATE TABLE attestation_history (
      school_id uuid NOT NULL,
      attestation_mark_id uuid NOT NULL,
      version integer NOT NULL,
      value text,
      reason text,
      author_id uuid NOT NULL,
      set_at timestamptz NOT NULL,
      replaced_at timestamptz NOT NULL,
      CONSTRAINT attestation_history_pkey PRIMARY KEY (school_id, attestation_mark_id, version),
      CONSTRAINT attestation_history_school_id_attestation_mark_id_fkey
        FOREIGN KEY (school_id, attestation_mark_id)
        REFERENCES attestation_marks (school_id, attestation_mark_id)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE attestation_history, attestation_marks, period_audit")
