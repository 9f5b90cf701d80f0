"""Proposed corrections lapse after two weeks."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE proposed_corrections DROP CONSTRAINT proposed_corrections_state_check",
    """
    ALTER TABLE proposed_corrections ADD CONSTRAINT proposed_corrections_state_check
      CHECK (state IN ('waiting', 'confirmed', 'declined', 'overtaken', 'lapsed'))
    """,
    """
    CREATE INDEX ix_proposed_corrections_lapsing ON proposed_corrections (proposed_at) WHERE state = 'waiting'
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
