"""Table of one-time codes. It holds neither a code nor, once that is sent, an address."""

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from identity.schema import metadata

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("code_id", Uuid, primary_key=True),
    # What the code is good for, and for nothing else: this registration, this recovery, this change of a contact.
    Column("subject_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("form", Text, nullable=False),
    # Whose code it is. A recovery learns it when the code is issued.
    Column("account_id", Uuid),
    Column("locale", Text, nullable=False),
    # Where it goes, until it has gone; a recovery goes to a contact that the account has proved.
    Column("data_key", LargeBinary),
    Column("address", LargeBinary),
    # What was typed, as keyed hashes: kind and value of whatever it may mean. Whose it is is asked by the worker.
    Column("meant_kinds", ARRAY(Text), nullable=False),
    Column("meant_indexes", ARRAY(LargeBinary), nullable=False),
    # Keyed hash of the number or mailbox that was typed, and of the one it was sent to: what is counted.
    Column("asked_for", LargeBinary, nullable=False),
    Column("sent_to", LargeBinary),
    Column("asked_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("issued_at", TIMESTAMP(timezone=True)),
    # NULL: nobody was sent a code, so none is right.
    Column("secret_hash", LargeBinary),
    Column("tries", SmallInteger, nullable=False),
    Column("used_at", TIMESTAMP(timezone=True)),
    CheckConstraint("purpose IN ('registration', 'recovery', 'contact_change', 'sign_in')", name="purpose"),
    CheckConstraint("form IN ('code', 'link')", name="form"),
    CheckConstraint("locale IN ('ru', 'en')", name="locale"),
    CheckConstraint("(data_key IS NULL) = (address IS NULL)", name="address_whole"),
    CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),
    Index("ix_one_time_codes_subject", "subject_id", "asked_at"),
    Index("ix_one_time_codes_asked_for", "asked_for", "asked_at"),
    Index("ix_one_time_codes_sent_to", "sent_to", "issued_at", postgresql_where=text("sent_to IS NOT NULL")),
    Index("ix_one_time_codes_due", "asked_at", postgresql_where=text("issued_at IS NULL")),
    Index("ix_one_time_codes_asked_at", "asked_at"),
    Index("uq_one_time_codes_secret", "secret_hash", unique=True, postgresql_where=text("secret_hash IS NOT NULL")),
)
