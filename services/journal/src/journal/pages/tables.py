"""What changed in which column: a page is one subject in one class, a column one lesson of it.

A page's revision is counted under its row's lock, which is held until the transaction ends: who has seen revision n
has seen all that became visible up to n, and misses nothing by asking for what came after (J-35).
"""

from sqlalchemy import TIMESTAMP, BigInteger, Column, ForeignKeyConstraint, Index, Table, Uuid

from journal.schema import metadata

journal_pages = Table(
    "journal_pages",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)

journal_columns = Table(
    "journal_columns",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("lesson_id", Uuid, primary_key=True),
    Column("class_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    # The page's, when this column last changed.
    Column("revision", BigInteger, nullable=False),
    # When and by whom the class was last looked over: nobody absent is a finding too (J-20).
    Column("attendance_taken_at", TIMESTAMP(timezone=True)),
    Column("attendance_taken_by", Uuid),
    ForeignKeyConstraint(["school_id", "lesson_id"], ["lessons.school_id", "lessons.lesson_id"]),
    Index(
        "journal_columns_page_idx",
        "school_id",
        "class_id",
        "subject_id",
        "revision",
        postgresql_include=["lesson_id"],
    ),
)
