"""Notices that were given before the school came here are nobody's account's."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE absence_notices ALTER COLUMN given_by DROP NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE absence_notices ALTER COLUMN given_by SET NOT NULL")
