"""Tables of applications. Form, file names and files are encrypted under the application's own key (P3, P4)."""

from sqlalchemy import (
    TIMESTAMP,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from identity.schema import metadata

applications = Table(
    "applications",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("application_id", Uuid, primary_key=True),
    # The applicant: access is granted to this account.
    Column("account_id", Uuid, ForeignKey("accounts.account_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    # The member of staff who entered it, unless it came through the portal.
    Column("entered_by", Uuid, ForeignKey("accounts.account_id")),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    # Both gone when the applicant has closed the account: number and history are the school's.
    Column("data_key", LargeBinary),
    Column("form", LargeBinary),
    # Whose class teacher it is for; NULL: the leading ones'.
    Column("class_id", Uuid),
    # The refused or withdrawn one that this one was made from (I-26).
    Column("previous_id", Uuid),
    Column("number", Text, unique=True),
    Column("consent_id", Uuid, ForeignKey("consents.consent_id")),
    Column("ground", Text),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False),
    Column("registered_at", TIMESTAMP(timezone=True)),
    Column("remind_at", TIMESTAMP(timezone=True)),
    Column("decide_by", TIMESTAMP(timezone=True)),
    # Of the production calendar that the term was reckoned by.
    Column("calendar_version", Text),
    Column("decided_at", TIMESTAMP(timezone=True)),
    Column("decided_by", Uuid),
    Column("reminded_at", TIMESTAMP(timezone=True)),
    Column("escalated_at", TIMESTAMP(timezone=True)),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    CheckConstraint("kind IN ('representative', 'pupil', 'trusted_person', 'teacher')", name="kind"),
    CheckConstraint("channel IN ('portal', 'in_person', 'by_representative')", name="channel"),
    CheckConstraint("(channel = 'portal') = (entered_by IS NULL)", name="entered_whole"),
    CheckConstraint("state IN ('draft', 'registered', 'in_review', 'granted', 'refused', 'withdrawn')", name="state"),
    CheckConstraint(
        "ground IN ('outside_the_circle', 'not_a_pupil', 'documents_unfit', 'documents_contradict', "
        "'withdrawn_by_applicant')",
        name="ground",
    ),
    CheckConstraint("(state IN ('refused', 'withdrawn')) = (ground IS NOT NULL)", name="ground_whole"),
    CheckConstraint(
        "num_nulls(number, registered_at, remind_at, decide_by, consent_id) IN (0, 5)", name="number_whole"
    ),
    CheckConstraint("(data_key IS NULL) = (form IS NULL)", name="form_whole"),
    CheckConstraint("form IS NOT NULL OR state IN ('granted', 'refused', 'withdrawn')", name="erased_whole"),
    CheckConstraint("number IS NOT NULL OR state IN ('draft', 'withdrawn')", name="registered_whole"),
    Index("ix_applications_account", "account_id", "application_id"),
    Index(
        "ix_applications_entered_by", "entered_by", "application_id", postgresql_where=text("entered_by IS NOT NULL")
    ),
    # The school's queue, nearest deadline first.
    Index(
        "ix_applications_queue",
        "school_id",
        "state",
        "decide_by",
        "application_id",
        postgresql_where=text("number IS NOT NULL"),
    ),
    # What the worker looks for.
    Index(
        "ix_applications_to_remind",
        "remind_at",
        postgresql_where=text("reminded_at IS NULL AND state IN ('registered', 'in_review')"),
    ),
    Index(
        "ix_applications_to_escalate",
        "decide_by",
        postgresql_where=text("escalated_at IS NULL AND state IN ('registered', 'in_review')"),
    ),
)

application_documents = Table(
    "application_documents",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("application_id", Uuid, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", TIMESTAMP(timezone=True), nullable=False),
    Column("added_by", Uuid, nullable=False),
    ForeignKeyConstraint(
        ["school_id", "application_id"], ["applications.school_id", "applications.application_id"], ondelete="CASCADE"
    ),
    CheckConstraint(
        "kind IN ('identity_document', 'birth_certificate', 'guardianship_document', 'power_of_attorney', 'other')",
        name="kind",
    ),
    CheckConstraint("media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name="media_type"),
)

application_history = Table(
    "application_history",
    metadata,
    # Who did what when (I-27); never changed.
    Column("school_id", Uuid, primary_key=True),
    Column("application_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("step", Text, nullable=False),
    # NULL: by itself.
    Column("account_id", Uuid),
    Column("at", TIMESTAMP(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["school_id", "application_id"], ["applications.school_id", "applications.application_id"], ondelete="CASCADE"
    ),
    CheckConstraint(
        "step IN ('written', 'changed', 'document_added', 'document_removed', 'submitted', 'registered', 'in_review', "
        "'granted', 'refused', 'withdrawn', 'reminded', 'escalated', 'document_opened')",
        name="step",
    ),
)

application_counters = Table(
    "application_counters",
    metadata,
    # Taken in the transaction of its application, so a year has no gaps (I-25).
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
