"""Signed weeks."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE week_signatures (
      school_id uuid NOT NULL,
      signature_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      class_id uuid NOT NULL,
      monday date NOT NULL,
      page_hash text NOT NULL,
      account_id uuid NOT NULL,
      signed_at timestamptz NOT NULL,
      document bytea NOT NULL,
      CONSTRAINT week_signatures_pkey PRIMARY KEY (school_id, signature_id),
      CONSTRAINT week_signatures_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id),
      CONSTRAINT week_signatures_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id),
      CONSTRAINT week_signatures_version_key
        UNIQUE (school_id, pupil_id, monday, page_hash, account_id)
    )
    """,
    "CREATE INDEX week_signatures_school_id_class_id_monday_idx ON week_signatures (school_id, class_id, monday)",
    "CREATE INDEX week_signatures_signature_id_idx ON week_signatures (signature_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE week_signatures")
