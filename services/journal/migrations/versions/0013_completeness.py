"""Completeness: the lessons of a whole school in the order of days."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX lessons_school_id_date_number_lesson_id_idx ON lessons (school_id, date, number, lesson_id)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX lessons_school_id_date_number_lesson_id_idx")
