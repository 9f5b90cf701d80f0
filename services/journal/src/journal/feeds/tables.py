"""Addresses of feeds. The secret itself is not kept: who reads this table cannot read a timetable by it."""

from sqlalchemy import TIMESTAMP, CheckConstraint, Column, Index, LargeBinary, Table, Text, UniqueConstraint, Uuid, text

from journal.schema import metadata

feeds = Table(
    "feeds",
    metadata,
    Column("feed_id", Uuid, primary_key=True),
    # Whose address it is: the feed shows what this account may see when it is fetched.
    Column("account_id", Uuid, nullable=False),
    # A pupil's timetable; None: the account's own lessons as a teacher.
    Column("pupil_id", Uuid),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("locale", Text, nullable=False),
    Column("made_at", TIMESTAMP(timezone=True), nullable=False),
    Column("revoked_at", TIMESTAMP(timezone=True)),
    UniqueConstraint("secret_hash"),
    CheckConstraint("locale IN ('ru', 'en')", name="locale"),
    Index("feeds_account_idx", "account_id", postgresql_where=text("revoked_at IS NULL")),
)
