"""Imports that the worker carries out."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE import_orders (
      import_id UUID NOT NULL,
      account_id UUID NOT NULL,
      dry_run BOOLEAN NOT NULL,
      ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
      data_key BYTEA,
      archive BYTEA,
      CONSTRAINT import_orders_pkey PRIMARY KEY (import_id),
      CONSTRAINT import_orders_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
      CONSTRAINT import_orders_archive_whole_check CHECK ((data_key IS NULL) = (archive IS NULL))
    )
    """,
    "CREATE INDEX ix_import_orders_open ON import_orders (import_id) WHERE archive IS NOT NULL",
    "CREATE INDEX ix_import_orders_account ON import_orders (account_id, import_id)",
    """
    CREATE TABLE import_progress (
      import_id UUID NOT NULL,
      attempts INTEGER NOT NULL,
      step TEXT NOT NULL,
      done INTEGER NOT NULL,
      total INTEGER NOT NULL,
      CONSTRAINT import_progress_pkey PRIMARY KEY (import_id),
      CONSTRAINT import_progress_import_id_fkey
        FOREIGN KEY(import_id) REFERENCES import_orders (import_id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE import_outcomes (
      import_id UUID NOT NULL,
      outcome TEXT NOT NULL,
      report JSONB NOT NULL,
      finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT import_outcomes_pkey PRIMARY KEY (import_id),
      CONSTRAINT import_outcomes_import_id_fkey
        FOREIGN KEY(import_id) REFERENCES import_orders (import_id) ON DELETE CASCADE,
      CONSTRAINT import_outcomes_outcome_check CHECK (outcome IN ('done', 'refused', 'forbidden', 'failed'))
    )
    """,
    "CREATE INDEX ix_import_outcomes_finished ON import_outcomes (finished_at)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("ordered imports would be lost")
