"""Files of homework."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE homework_files (
      school_id uuid NOT NULL,
      file_id uuid NOT NULL,
      homework_id uuid NOT NULL,
      name text NOT NULL,
      media_type text NOT NULL,
      size integer NOT NULL,
      content bytea STORAGE EXTERNAL NOT NULL,
      added_at timestamptz NOT NULL,
      added_by uuid NOT NULL,
      CONSTRAINT homework_files_pkey PRIMARY KEY (school_id, file_id),
      CONSTRAINT homework_files_school_id_homework_id_fkey FOREIGN KEY (school_id, homework_id)
        REFERENCES homework (school_id, homework_id),
      CONSTRAINT homework_files_school_id_added_by_fkey FOREIGN KEY (school_id, added_by)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT homework_files_size_check
        CHECK (size = octet_length(content) AND size BETWEEN 1 AND 10485760)
    )
    """,
    "CREATE INDEX homework_files_school_id_homework_id_idx ON homework_files (school_id, homework_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE homework_files")
