"""Subjects without marks: a school says of «Классный час» that no marks are set in it (J-18, J-33)."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE school_settings ADD COLUMN unmarked_subjects uuid[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE school_settings DROP COLUMN unmarked_subjects")
