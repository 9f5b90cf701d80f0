"""Codes for stepping up."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE one_time_codes DROP CONSTRAINT one_time_codes_purpose_check",
    """
    ALTER TABLE one_time_codes ADD CONSTRAINT one_time_codes_purpose_check
      CHECK (purpose IN ('registration', 'recovery', 'contact_change', 'sign_in'))
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
