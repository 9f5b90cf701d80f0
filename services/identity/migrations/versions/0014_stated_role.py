"""What an account says it is: a pupil, or a representative."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE accounts ADD COLUMN role text",
    "ALTER TABLE accounts ADD CONSTRAINT accounts_role_check CHECK (role IN ('pupil', 'representative'))",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
