"""The table of grants. A grant is never deleted: who could read a diary when must stay answerable."""

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from delegation.schema import metadata

grants = Table(
    "grants",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("grant_id", Uuid, primary_key=True),
    Column("invitation_id", Uuid, nullable=False),
    Column("pupil_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("granted_by_account_id", Uuid, nullable=False),
    Column("scope", ARRAY(Text), nullable=False),
    Column("valid_from", TIMESTAMP(timezone=True), nullable=False),
    Column("valid_until", TIMESTAMP(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("edge_version", SmallInteger, nullable=False),
    Column("ended_at", TIMESTAMP(timezone=True)),
    Column("end_reason", Text),
    Column("ended_by_account_id", Uuid),
    # One invitation, one grant, however many accept at once (D-4): the last line of defence behind the row lock.
    UniqueConstraint("school_id", "invitation_id", name="grants_invitation_id_key"),
    CheckConstraint("state IN ('active', 'revoked', 'expired')", name="state_known"),
    CheckConstraint("(state = 'active') = (ended_at IS NULL)", name="ended_when_over"),
    CheckConstraint(
        "end_reason IN ('revoked', 'left', 'grantor_lost_right', 'child_left', 'account_disabled', 'expired')",
        name="end_reason_known",
    ),
    CheckConstraint("valid_from < valid_until", name="term"),
    CheckConstraint("cardinality(scope) > 0", name="scope_named"),
    Index(None, "grant_id"),
    Index(
        "grants_one_active_idx",
        "school_id",
        "pupil_id",
        "account_id",
        unique=True,
        postgresql_where=text("state = 'active'"),
    ),
    Index("grants_account_id_idx", "account_id", "grant_id"),
    Index("grants_granted_by_idx", "granted_by_account_id", postgresql_where=text("state = 'active'")),
    Index("grants_pupil_id_idx", "pupil_id", "grant_id"),
    Index("grants_due_idx", "valid_until", postgresql_where=text("state = 'active'")),
)
