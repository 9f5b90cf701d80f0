"""Who looked into whose diary."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE diary_views (
      school_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      day date NOT NULL,
      account_id uuid NOT NULL,
      relation text NOT NULL,
      times integer NOT NULL,
      first_at timestamptz NOT NULL,
      last_at timestamptz NOT NULL,
      CONSTRAINT diary_views_pkey PRIMARY KEY (school_id, pupil_id, day, account_id, relation)
    ) WITH (fillfactor = 80)
    """,
    "CREATE INDEX diary_views_day_idx ON diary_views (day)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE diary_views")
