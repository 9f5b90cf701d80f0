"""The classes that pupils were in before stay known: their weeks, homework and missed days are those of that class."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE pupil_classes (
      school_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      since date NOT NULL,
      class_id uuid NOT NULL,
      PRIMARY KEY (school_id, pupil_id, since)
    )
    """,
    """
    INSERT INTO pupil_classes (school_id, pupil_id, since, class_id)
    SELECT school_id, pupil_id, since, class_id FROM pupils
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE pupil_classes")
