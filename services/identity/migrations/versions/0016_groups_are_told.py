"""Groups are told: the town has heard of none so far, so the next import brings each as a new one."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE class_groups SET open = false")
