"""Tables of the roster. `school_id` stands first in every key, so that a city can be split by school.

No foreign keys among them: each row is somebody else's word, told in a stream of its own, and a pupil may well be
heard of before the class.
"""

from sqlalchemy import CheckConstraint, Column, Date, Index, SmallInteger, Table, Text, Uuid

from journal.schema import metadata

schools = Table(
    "schools",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("year_title", Text, nullable=False),
    Column("year_starts_on", Date, nullable=False),
    Column("year_ends_on", Date, nullable=False),
)

subjects = Table(
    "subjects",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("title", Text, nullable=False),
)

classes = Table(
    "classes",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    CheckConstraint("grade BETWEEN 1 AND 11", name="grade"),
    Index(None, "class_id"),
)

pupils = Table(
    "pupils",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("class_id", Uuid, nullable=False),
    Column("surname", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("since", Date, nullable=False),
    Column("left_on", Date),
    # A diary's address has the pupil alone.
    Index(None, "pupil_id"),
    Index(None, "school_id", "class_id"),
)

pupil_classes = Table(
    "pupil_classes",
    metadata,
    # From which day on which class, up to the next row; `pupils` has the last one.
    Column("school_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("class_id", Uuid, nullable=False),
)

class_groups = Table(
    "class_groups",
    metadata,
    # Part of a class for one subject: the first English group.
    Column("school_id", Uuid, primary_key=True),
    Column("group_id", Uuid, primary_key=True),
    Column("class_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    # Nothing is planned for it any more; its lessons stay its pupils'.
    Column("ended_on", Date),
    Index(None, "school_id", "class_id"),
)

group_members = Table(
    "group_members",
    metadata,
    # From which day on, and up to which without it; null: from the beginning, and up to now.
    Column("school_id", Uuid, primary_key=True),
    Column("group_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("since", Date),
    Column("left_on", Date),
    Index(None, "school_id", "pupil_id"),
)

staff = Table(
    "staff",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("account_id", Uuid),
    Column("surname", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Index(None, "account_id"),
)
