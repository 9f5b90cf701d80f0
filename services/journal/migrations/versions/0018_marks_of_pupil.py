"""What a family sees of a pupil's marks is read from the index alone."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NAME = "marks_school_id_pupil_id_date_idx"


def upgrade() -> None:
    op.execute(f"DROP INDEX {_NAME}")
    op.execute(
        f"""
        CREATE INDEX {_NAME} ON marks (school_id, pupil_id, date)
          INCLUDE (mark_id, lesson_id, subject_id, value, control_form_id, author_id, posted_at, changed_at, comment)
          WHERE removed_at IS NULL
        """
    )


def downgrade() -> None:
    op.execute(f"DROP INDEX {_NAME}")
    op.execute(f"CREATE INDEX {_NAME} ON marks (school_id, pupil_id, date)")
