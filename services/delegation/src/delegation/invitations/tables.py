"""The table of invitations: the addressee as keyed hashes, and a masked hint by which the inviter knows it again."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from delegation.schema import metadata

invitations = Table(
    "invitations",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("invitation_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("inviter_account_id", Uuid, nullable=False),
    Column("contact_hash", LargeBinary, nullable=False),
    Column("surname_hash", LargeBinary, nullable=False),
    # «+7 *** ***-45-67» and the surname as typed: the inviter's own words, shown to the child's representatives.
    Column("contact_hint", Text, nullable=False),
    Column("surname_typed", Text, nullable=False),
    Column("scope", ARRAY(Text), nullable=False),
    Column("grant_until", TIMESTAMP(timezone=True), nullable=False),
    Column("sent_at", TIMESTAMP(timezone=True), nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("invitee_account_id", Uuid),
    Column("addressed_at", TIMESTAMP(timezone=True)),
    Column("settled_at", TIMESTAMP(timezone=True)),
    Column("settled_by_account_id", Uuid),
    Column("grant_id", Uuid),
    CheckConstraint("octet_length(contact_hash) = 32", name="contact_hash_whole"),
    CheckConstraint("octet_length(surname_hash) = 32", name="surname_hash_whole"),
    CheckConstraint("state IN ('pending', 'accepted', 'declined', 'cancelled', 'lapsed')", name="state_known"),
    CheckConstraint("(state = 'pending') = (settled_at IS NULL)", name="settled_when_answered"),
    CheckConstraint("(state = 'accepted') = (grant_id IS NOT NULL)", name="accepted_has_grant"),
    CheckConstraint("(invitee_account_id IS NULL) = (addressed_at IS NULL)", name="addressed_to_somebody"),
    CheckConstraint("cardinality(scope) > 0", name="scope_named"),
    Index(None, "invitation_id"),
    Index("invitations_inviter_idx", "inviter_account_id", "invitation_id"),
    Index("invitations_invitee_idx", "invitee_account_id", "invitation_id"),
    Index("invitations_pupil_id_idx", "pupil_id", "invitation_id"),
    Index(
        "invitations_waiting_idx",
        "contact_hash",
        postgresql_where=text("state = 'pending' AND invitee_account_id IS NULL"),
    ),
    Index("invitations_due_idx", "expires_at", postgresql_where=text("state = 'pending'")),
)
