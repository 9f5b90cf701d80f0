"""What a bundle says, in our terms and free of mistakes. Everything is named by the school's own source ids."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from identity.personal_data.contacts import IdentifierKind
from identity.personal_data.person_name import PersonName
from shared.contracts.identity import StaffRole

PersonKind = Literal["pupil", "representative", "staff"]


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """The school and its current year."""

    source_id: str
    name: str
    city: str
    time_zone: str
    year_source_id: str
    year_title: str
    year_starts_on: date
    year_ends_on: date


@dataclass(frozen=True, slots=True)
class SubjectEntry:
    """Something taught: «Алгебра»."""

    source_id: str
    title: str


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """A class, as written and in comparable form."""

    source_id: str
    name: str
    comparable_name: str
    grade: int


@dataclass(frozen=True, slots=True)
class IssuedAccess:
    """An account that the school hands out: password and what can be typed as login (I-6)."""

    password: str = field(repr=False)
    proved: frozenset[IdentifierKind]
    username: str | None
    username_line: int


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person with the contacts the school knows, in normal form."""

    source_id: str
    kind: PersonKind
    name: PersonName
    sex: Literal["male", "female"] | None
    birth_date: date | None = field(repr=False)
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    snils: str | None = field(repr=False)
    access: IssuedAccess | None


@dataclass(frozen=True, slots=True)
class EnrolmentEntry:
    """A pupil in a class from a day on."""

    pupil: str
    school_class: str
    since: date
    last_day: date | None
    """None while nobody has ended it."""


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """Part of a class for one subject: the first English group."""

    source_id: str
    title: str
    school_class: str
    subject: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody does in the school: a role, for a class and subject where the role has them."""

    person: str
    role: StaffRole
    school_class: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a duty is held; both days count."""

    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Roster:
    """The whole school at one moment."""

    school: SchoolCard
    subjects: tuple[SubjectEntry, ...]
    classes: tuple[ClassEntry, ...]
    people: tuple[PersonEntry, ...]
    enrolments: tuple[EnrolmentEntry, ...]
    groups: tuple[GroupEntry, ...]
    members: tuple[tuple[str, str], ...]
    """(group, pupil)."""
    guardianships: dict[tuple[str, str], date | None]
    """(pupil, representative) → the last day, None while nobody has ended it."""
    duties: dict[Duty, Term]
