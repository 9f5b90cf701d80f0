"""Addresses of calendar feeds."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE feeds (
      feed_id uuid NOT NULL,
      account_id uuid NOT NULL,
      pupil_id uuid,
      secret_hash bytea NOT NULL,
      locale text NOT NULL,
      made_at timestamptz NOT NULL,
      revoked_at timestamptz,
      CONSTRAINT feeds_pkey PRIMARY KEY (feed_id),
      CONSTRAINT feeds_secret_hash_key UNIQUE (secret_hash),
      CONSTRAINT feeds_locale_check CHECK (locale IN ('ru', 'en'))
    )
    """,
    "CREATE INDEX feeds_account_idx ON feeds (account_id) WHERE revoked_at IS NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE feeds")
