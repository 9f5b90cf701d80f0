"""A notice is what happened, once; a copy is what one recipient has of it.

Texts are not stored: a notice keeps kind, version and values of its template and is shown in the reader's
language. What happened is kept apart from who was told, because the two come by different streams: a binding
that arrives after a mark still finds the mark.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from notifications.schema import metadata

notices = Table(
    "notice",
    metadata,
    # The id of the event: whatever is delivered or replayed twice is still told once.
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("circle", Text, nullable=False),
    Column("pupil_id", Uuid),
    Column("section", Text),
    # The mark, invitation, grant, ticket, review, application …
    Column("about_id", Uuid, nullable=False),
    Column("template_version", SmallInteger, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("occurred_at", TIMESTAMP(timezone=True), nullable=False),
    # Of the notice's actions; only a notice that has actions ends.
    Column("expires_at", TIMESTAMP(timezone=True)),
    Column("outcome", Text),
    # Of what is said to a whole class: a notice for each pupil that follows its newest version.
    Column("class_id", Uuid),
    Column("version", Integer),
    # Only for those who were told at once: a binding that comes later does not catch up on it.
    Column("closed", Boolean, nullable=False),
    # A later notice says more: nobody new is told this one, and unread copies are withdrawn (N-6).
    Column("superseded_at", TIMESTAMP(timezone=True)),
    CheckConstraint(
        "category IN ('marks', 'attendance', 'homework', 'announcements', 'signatures', 'access', 'support',"
        " 'security', 'applications')",
        name="category_known",
    ),
    CheckConstraint("circle IN ('readers', 'guardians', 'pupils', 'families', 'both', 'named')", name="circle_known"),
    CheckConstraint("(class_id IS NULL) = (version IS NULL)", name="version_of_a_class"),
    CheckConstraint("circle = 'named' OR pupil_id IS NOT NULL", name="circle_of_a_pupil"),
    CheckConstraint("outcome IN ('accepted', 'declined', 'cancelled', 'lapsed')", name="outcome_known"),
    Index("notice_about_idx", "about_id"),
    # A late binding looks for what its pupil's family should have been told.
    Index("notice_pupil_idx", "pupil_id", "occurred_at"),
)

copies = Table(
    "notice_copy",
    metadata,
    Column("notice_id", Uuid, ForeignKey("notice.id"), primary_key=True),
    Column("recipient_id", Uuid, primary_key=True),
    # Order of arrival: a list by it never grows in the middle, so that a cursor never jumps over an item.
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    # The event names this recipient: shown without asking for access to the pupil (an invitee has none yet).
    Column("named", Boolean, nullable=False),
    Column("has_actions", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("arrived_at", TIMESTAMP(timezone=True), nullable=False),
    Column("changed_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint("state IN ('unread', 'read', 'archived', 'withdrawn')", name="state_known"),
    Index("notice_copy_recipient_idx", "recipient_id", "seq", unique=True),
    Index("notice_copy_unread_idx", "recipient_id", "seq", postgresql_where=text("state = 'unread'")),
    Index("notice_copy_actions_idx", "recipient_id", "seq", postgresql_where=text("has_actions")),
)

late_comers = Table(
    "late_comer",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("since", TIMESTAMP(timezone=True), nullable=False),
    Column("recorded_at", TIMESTAMP(timezone=True), nullable=False),
)
"""New readers of a pupil, for the minute in which a mark may be under way that has not seen them."""
