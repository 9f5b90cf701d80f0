"""Comments of absence notices are encrypted at rest: a key for each, wrapped by the master key."""

import base64
import os

import sqlalchemy as sa
from alembic import op

from shared.crypto import FieldPlace, FieldVault

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TABLE = sa.table(
    "absence_notices",
    sa.column("school_id", sa.Uuid),
    sa.column("notice_id", sa.Uuid),
    sa.column("comment", sa.Text),
    sa.column("data_key", sa.LargeBinary),
    sa.column("sealed", sa.LargeBinary),
)


def upgrade() -> None:
    op.execute("ALTER TABLE absence_notices ADD COLUMN data_key bytea, ADD COLUMN sealed bytea")
    _seal(op.get_bind())
    # The table is written anew: the old file, with every comment in clear, is gone with the commit.
    op.execute("ALTER TABLE absence_notices ALTER COLUMN comment TYPE bytea USING sealed")
    op.execute(
        "ALTER TABLE absence_notices DROP COLUMN sealed, ADD CONSTRAINT absence_notices_comment_has_its_key_check "
        "CHECK ((comment IS NULL) = (data_key IS NULL))"
    )


def _seal(connection: sa.Connection) -> None:
    columns = _TABLE.c.school_id, _TABLE.c.notice_id, _TABLE.c.comment
    rows = connection.execute(sa.select(*columns).where(_TABLE.c.comment.is_not(None))).all()
    if not rows:
        return
    written = os.environ.get("ZVONOK_MASTER_KEY")
    if not written:
        raise RuntimeError(f"{len(rows)} comments of absence notices are to be encrypted: set ZVONOK_MASTER_KEY")
    vault = FieldVault(base64.b64decode(written, validate=True))
    sealed = []
    for school_id, notice_id, comment in rows:
        key, wrapped = vault.new_person_key()
        place = FieldPlace("absence_notices", "comment", notice_id)
        sealed.append({"school": school_id, "notice": notice_id, "key": wrapped, "value": key.encrypt(place, comment)})
    connection.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.school_id == sa.bindparam("school"), _TABLE.c.notice_id == sa.bindparam("notice"))
        .values(data_key=sa.bindparam("key"), sealed=sa.bindparam("value")),
        sealed,
    )


def downgrade() -> None:
    raise NotImplementedError("comments are not written in clear again")
