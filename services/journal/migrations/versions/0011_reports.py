"""Look-ups of reports: what a pupil was told."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX announcement_pupils_school_id_pupil_id_idx ON announcement_pupils (school_id, pupil_id)")


def downgrade() -> None:
    op.execute("DROP INDEX announcement_pupils_school_id_pupil_id_idx")
