"""Names of accounts."""

from sqlalchemy import CheckConstraint, Column, Table, Text, Uuid

from support.schema import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("surname", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("locale", Text, nullable=False),
    CheckConstraint("locale IN ('ru', 'en')", name="locale_known"),
)
"""No key leads here: a ticket may be filed before its owner's name was heard."""
