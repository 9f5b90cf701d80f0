"""Signed pages, as they were signed."""

from sqlalchemy import (
    TIMESTAMP,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from journal.schema import metadata

week_signatures = Table(
    "week_signatures",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("signature_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    # Where the pupil was then: the class teacher of that class sees who has signed.
    Column("class_id", Uuid, nullable=False),
    Column("monday", Date, nullable=False),
    Column("page_hash", Text, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("signed_at", TIMESTAMP(timezone=True), nullable=False),
    # The canonical bytes: never made again, never changed.
    Column("document", LargeBinary, nullable=False),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.pupil_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    # One account signs one version of a page once; a pupil's weeks are read by it too.
    UniqueConstraint("school_id", "pupil_id", "monday", "page_hash", "account_id", name="week_signatures_version_key"),
    Index(None, "school_id", "class_id", "monday"),
    # Addresses have the signature alone.
    Index(None, "signature_id"),
)
