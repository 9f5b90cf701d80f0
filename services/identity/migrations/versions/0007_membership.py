"""Agents of the central desk of support."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE platform_agents (
          account_id UUID NOT NULL,
          appointed_at TIMESTAMP WITH TIME ZONE NOT NULL,
          dismissed_at TIMESTAMP WITH TIME ZONE,
          edge_version INTEGER NOT NULL,
          CONSTRAINT platform_agents_pkey PRIMARY KEY (account_id),
          CONSTRAINT platform_agents_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
          CONSTRAINT platform_agents_edge_version_check CHECK (edge_version >= 1)
        )
        """
    )


def downgrade() -> None:
    raise NotImplementedError("appointments would be lost")
