"""Tables of the registry. `school_id` stands first in every key, so that a city can be split by school.

Phone, e-mail, СНИЛС and birth date are encrypted under the person's own key (`data_key`, wrapped by the master
key); the `*_index` columns are keyed hashes, for look-up and for "has it changed".
"""

from sqlalchemy import (
    DDL,
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    event,
    text,
)

from identity.schema import metadata

event.listen(
    metadata,
    "before_create",
    DDL("CREATE EXTENSION IF NOT EXISTS pg_trgm"),  # type: ignore[no-untyped-call] # without annotations in SQLAlchemy
)


def _searched(column: str) -> Computed:
    """The form in which people search: small letters, ё = е, no quotes; the collation makes it alike everywhere."""
    return Computed(
        f"""translate(lower({column} COLLATE pg_c_utf8), 'ё«»„“”"', 'е')""",
        persisted=True,
    )


schools = Table(
    "schools",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("opened_at", TIMESTAMP(timezone=True), nullable=False),
    # A school may admit nobody without a СНИЛС in the profile (I-19, row 0).
    Column("requires_snils", Boolean, nullable=False, server_default=text("false")),
    Column("searched_city", Text(collation="C"), _searched("city"), nullable=False),
    Column("searched_name", Text(collation="C"), _searched("name"), nullable=False),
    # The directory's order, and its search by city.
    Index("ix_schools_directory", "searched_city", "searched_name", "school_id"),
    Index(
        "ix_schools_searched_name",
        "searched_name",
        postgresql_using="gin",
        postgresql_ops={"searched_name": "gin_trgm_ops"},
    ),
)

school_years = Table(
    "school_years",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("year_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    UniqueConstraint("school_id", "source_id"),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    CheckConstraint("starts_on < ends_on", name="starts_before_end"),
)

subjects = Table(
    "subjects",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("taught", Boolean, nullable=False),
    UniqueConstraint("school_id", "source_id"),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
)

classes = Table(
    "classes",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("class_id", Uuid, primary_key=True),
    Column("year_id", Uuid, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("comparable_name", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    UniqueConstraint("school_id", "source_id"),
    ForeignKeyConstraint(["school_id", "year_id"], ["school_years.school_id", "school_years.year_id"]),
    CheckConstraint("grade BETWEEN 1 AND 11", name="grade"),
    # 7«А» and 7-А are one class; a closed class gives its name free.
    Index(
        "uq_classes_open_name",
        "school_id",
        "year_id",
        "comparable_name",
        unique=True,
        postgresql_where=text("open"),
    ),
)

people = Table(
    "people",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("surname", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("patronymic", Text),
    Column("sex", Text),
    Column("data_key", LargeBinary, nullable=False),
    Column("phone", LargeBinary),
    Column("email", LargeBinary),
    Column("snils", LargeBinary),
    Column("birth_date", LargeBinary),
    Column("phone_index", LargeBinary),
    Column("email_index", LargeBinary),
    Column("snils_index", LargeBinary),
    Column("birth_date_index", LargeBinary),
    Column("present", Boolean, nullable=False),
    # Grows with every change by a person or by an import: a stale save is seen.
    Column("version", Integer, nullable=False, server_default=text("1")),
    UniqueConstraint("school_id", "source_id"),
    ForeignKeyConstraint(["school_id"], ["schools.school_id"]),
    CheckConstraint("kind IN ('pupil', 'representative', 'staff')", name="kind"),
    CheckConstraint("sex IN ('male', 'female')", name="sex"),
    CheckConstraint("(phone IS NULL) = (phone_index IS NULL)", name="phone_whole"),
    CheckConstraint("(email IS NULL) = (email_index IS NULL)", name="email_whole"),
    CheckConstraint("(snils IS NULL) = (snils_index IS NULL)", name="snils_whole"),
    CheckConstraint("(birth_date IS NULL) = (birth_date_index IS NULL)", name="birth_date_whole"),
    # How a proved contact reaches the records of a school that carry it (I-19).
    Index("ix_people_phone", "phone_index", postgresql_where=text("phone_index IS NOT NULL")),
    Index("ix_people_email", "email_index", postgresql_where=text("email_index IS NOT NULL")),
    Index("ix_people_snils", "snils_index", postgresql_where=text("snils_index IS NOT NULL")),
    # Twins: a birth date that stands on another record too (I-19, row 11).
    Index(
        "ix_people_birth_date",
        "school_id",
        "birth_date_index",
        postgresql_where=text("birth_date_index IS NOT NULL"),
    ),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("enrolment_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("class_id", Uuid, nullable=False),
    Column("since", Date, nullable=False),
    Column("last_day", Date),
    Column("left_on", Date),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["people.school_id", "people.person_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    # A pupil is in one class at a time.
    Index("uq_enrolments_current", "school_id", "pupil_id", unique=True, postgresql_where=text("left_on IS NULL")),
    Index("ix_enrolments_class", "school_id", "class_id"),
    # What the worker looks for every hour: still counted as present, and with a last day (I-15).
    Index(
        "ix_enrolments_running_out",
        "last_day",
        postgresql_where=text("left_on IS NULL AND last_day IS NOT NULL"),
    ),
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
    Column("open", Boolean, nullable=False),
    UniqueConstraint("school_id", "source_id"),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    Index("ix_class_groups_class", "school_id", "class_id"),
)

group_members = Table(
    "group_members",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("group_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    ForeignKeyConstraint(["school_id", "group_id"], ["class_groups.school_id", "class_groups.group_id"]),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["people.school_id", "people.person_id"]),
    Index("ix_group_members_pupil", "school_id", "pupil_id"),
)

guardianships = Table(
    "guardianships",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("representative_id", Uuid, primary_key=True),
    Column("since", Date, nullable=False),
    Column("last_day", Date),
    Column("ended_on", Date),
    # The application by which the school recorded it; an import neither says nor ends such a one.
    Column("basis", Text),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["people.school_id", "people.person_id"]),
    ForeignKeyConstraint(["school_id", "representative_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint("pupil_id <> representative_id", name="not_oneself"),
    Index("ix_guardianships_representative", "school_id", "representative_id"),
    Index(
        "ix_guardianships_running_out",
        "last_day",
        postgresql_where=text("ended_on IS NULL AND last_day IS NOT NULL"),
    ),
)

staff_assignments = Table(
    "staff_assignments",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("assignment_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("class_id", Uuid),
    Column("subject_id", Uuid),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("released_on", Date),
    # Grows with every change that access depends on, the person's account included.
    Column("edge_version", Integer, nullable=False),
    Column("account_id", Uuid),
    # On what ground, and by whose account, where the school's administrator admitted by hand (I-12).
    Column("basis", Text),
    Column("recorded_by", Uuid),
    # Released by hand: an import that says nothing new does not bring it back.
    Column("released_by", Uuid),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    ForeignKeyConstraint(["school_id", "subject_id"], ["subjects.school_id", "subjects.subject_id"]),
    UniqueConstraint(
        "school_id",
        "person_id",
        "role",
        "class_id",
        "subject_id",
        name="uq_staff_assignments_duty",
        postgresql_nulls_not_distinct=True,
    ),
    CheckConstraint(
        "role IN ('subject_teacher', 'class_teacher', 'deputy', 'director', 'school_administrator', 'agent')",
        name="role",
    ),
    CheckConstraint("(class_id IS NOT NULL) = (role IN ('subject_teacher', 'class_teacher'))", name="class_of_role"),
    CheckConstraint("(subject_id IS NOT NULL) = (role = 'subject_teacher')", name="subject_of_role"),
    CheckConstraint("edge_version >= 1", name="edge_version"),
    CheckConstraint("(basis IS NULL) = (recorded_by IS NULL)", name="recorded_whole"),
    Index("ix_staff_assignments_account", "account_id", postgresql_where=text("account_id IS NOT NULL")),
    Index(
        "ix_staff_assignments_running_out",
        "valid_until",
        postgresql_where=text("released_on IS NULL AND valid_until IS NOT NULL"),
    ),
)

hand_corrections = Table(
    "hand_corrections",
    metadata,
    # A value that a class teacher has put right, and what the school's bundle said at that time (keyed hash, NULL
    # for nothing). While the bundle goes on saying the same, the teacher's value stands; once it says something
    # new, the bundle does (I-13, I-14).
    Column("school_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("bundle_index", LargeBinary),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint(
        "field IN ('surname', 'given_name', 'patronymic', 'phone', 'email', 'snils', 'birth_date')", name="field"
    ),
)

value_history = Table(
    "value_history",
    metadata,
    # What stood before, encrypted under the person's key: erasing the person erases it too (I-14).
    Column("school_id", Uuid, primary_key=True),
    Column("change_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("field", Text, nullable=False),
    Column("value_before", LargeBinary),
    Column("index_before", LargeBinary),
    Column("changed_at", TIMESTAMP(timezone=True), nullable=False),
    # The account of who changed it; NULL for an import.
    Column("changed_by", Uuid),
    # The second member of staff, where one was needed.
    Column("confirmed_by", Uuid),
    ForeignKeyConstraint(["school_id", "person_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint("(value_before IS NULL) = (index_before IS NULL)", name="before_whole"),
    Index("ix_value_history_person", "school_id", "person_id", "change_id"),
)
