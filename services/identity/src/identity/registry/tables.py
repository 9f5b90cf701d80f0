"""Tables of the registry. `school_id` stands first in every key, so that a city can be split by school.

Phone, e-mail, СНИЛС and birth date are encrypted under the person's own key (`data_key`, wrapped by the master
key); the `*_index` columns are keyed hashes, for look-up and for "has it changed".
"""

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
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
    text,
)

from identity.schema import metadata

schools = Table(
    "schools",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("source_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("opened_at", TIMESTAMP(timezone=True), nullable=False),
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
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("enrolment_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, nullable=False),
    Column("class_id", Uuid, nullable=False),
    Column("since", Date, nullable=False),
    Column("left_on", Date),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["people.school_id", "people.person_id"]),
    ForeignKeyConstraint(["school_id", "class_id"], ["classes.school_id", "classes.class_id"]),
    # A pupil is in one class at a time.
    Index("uq_enrolments_current", "school_id", "pupil_id", unique=True, postgresql_where=text("left_on IS NULL")),
    Index("ix_enrolments_class", "school_id", "class_id"),
)

guardianships = Table(
    "guardianships",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("pupil_id", Uuid, primary_key=True),
    Column("representative_id", Uuid, primary_key=True),
    Column("since", Date, nullable=False),
    Column("ended_on", Date),
    ForeignKeyConstraint(["school_id", "pupil_id"], ["people.school_id", "people.person_id"]),
    ForeignKeyConstraint(["school_id", "representative_id"], ["people.school_id", "people.person_id"]),
    CheckConstraint("pupil_id <> representative_id", name="not_oneself"),
    Index("ix_guardianships_representative", "school_id", "representative_id"),
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
        "role IN ('subject_teacher', 'class_teacher', 'deputy', 'director', 'school_administrator')",
        name="role",
    ),
    CheckConstraint("(class_id IS NOT NULL) = (role IN ('subject_teacher', 'class_teacher'))", name="class_of_role"),
    CheckConstraint("(subject_id IS NOT NULL) = (role = 'subject_teacher')", name="subject_of_role"),
    CheckConstraint("edge_version >= 1", name="edge_version"),
    Index("ix_staff_assignments_account", "account_id", postgresql_where=text("account_id IS NOT NULL")),
)
