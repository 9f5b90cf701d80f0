"""Sessions that end with a change of password or with the account."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check",
    """
    ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check
      CHECK (end_reason IN ('signed_out', 'ended_by_owner', 'token_reused', 'password_changed', 'account_closed'))
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
