"""Tables of accounts. An account belongs to a person of the town, not to a school: only bindings carry `school_id`."""

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from identity.schema import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("status", Text, nullable=False),
    Column("surname", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("locale", Text, nullable=False),
    # Works for the platform, not for one school: connects schools (I-13).
    Column("is_operator", Boolean, nullable=False),
    Column("data_key", LargeBinary, nullable=False),
    Column("registered_at", TIMESTAMP(timezone=True), nullable=False),
    # The representative who registered a child; None for who registered himself or got the account from a school.
    Column("registered_by", Uuid, ForeignKey("accounts.account_id")),
    # What the person says, or the school that issued the account; None: nobody has said. Decides which records may
    # be the account's own (I-19): a parent may bear the names of the child.
    Column("role", Text),
    CheckConstraint("status IN ('active', 'disabled')", name="status"),
    CheckConstraint("locale IN ('ru', 'en')", name="locale"),
    CheckConstraint("role IN ('pupil', 'representative')", name="role"),
)

account_identifiers = Table(
    "account_identifiers",
    metadata,
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("value_index", LargeBinary, nullable=False),
    Column("proved_at", TIMESTAMP(timezone=True)),
    # An unproved phone or e-mail reserves nothing (I-2): it neither signs in nor keeps others from it.
    Column("signs_in", Boolean, nullable=False),
    CheckConstraint("kind IN ('phone', 'email', 'snils', 'username')", name="kind"),
    CheckConstraint("NOT signs_in OR kind IN ('snils', 'username') OR proved_at IS NOT NULL", name="proved_signs_in"),
    Index("uq_account_identifiers_signs_in", "kind", "value_index", unique=True, postgresql_where=text("signs_in")),
    # How a record's contact reaches the accounts that have proved it (I-19, I-21).
    Index("ix_account_identifiers_proved", "kind", "value_index", postgresql_where=text("proved_at IS NOT NULL")),
)

account_details = Table(
    "account_details",
    metadata,
    # The rest of the profile (I-1), all of it optional, all of it encrypted under the account's key. Only the birth
    # date is ever compared with a school's record (I-19), hence its index.
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("sex", LargeBinary),
    Column("birth_date", LargeBinary),
    Column("birth_date_index", LargeBinary),
    Column("birth_place", LargeBinary),
    Column("citizenship", LargeBinary),
    Column("passport", LargeBinary),
    CheckConstraint("(birth_date IS NULL) = (birth_date_index IS NULL)", name="birth_date_whole"),
)

credentials = Table(
    "credentials",
    metadata,
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("changed_at", TIMESTAMP(timezone=True), nullable=False),
)

account_records = Table(
    "account_records",
    metadata,
    # Which record of a school is this account's own: a binding points at the record, so that a later change
    # of phone does not cut it (I-21). One record has one account.
    Column("school_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("linked_at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint("level IN (1, 2)", name="level"),
    Index("ix_account_records_account", "account_id"),
)

bindings = Table(
    "bindings",
    metadata,
    # What the town is told: one row per account and pupil, derived from the account's records.
    # Never deleted: a revoked one keeps its version, so that a later grant is newer than the tombstone.
    Column("school_id", Uuid, primary_key=True),
    Column("binding_id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("pupil_id", Uuid, nullable=False),
    Column("relation", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("edge_version", Integer, nullable=False),
    Column("granted_at", TIMESTAMP(timezone=True), nullable=False),
    Column("revoked_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["people.school_id", "people.person_id"]),
    UniqueConstraint("school_id", "account_id", "pupil_id"),
    CheckConstraint("relation IN ('self', 'representative')", name="relation"),
    CheckConstraint("level IN (1, 2)", name="level"),
    CheckConstraint("state IN ('active', 'revoked')", name="state"),
    CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_whole"),
    CheckConstraint("edge_version >= 1", name="edge_version"),
    Index("ix_bindings_account", "account_id"),
    # A route names a binding alone.
    Index("ix_bindings_id", "binding_id"),
)

diary_labels = Table(
    "diary_labels",
    metadata,
    # What an account calls a diary: «Ребёнок1» (I-6). Stays when the binding ends, for the day it comes back.
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("label", Text, nullable=False),
)
