"""What the demo school consists of, before it is written in anybody's format."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

from town.demo_school.names import Sex
from town.demo_school.people import KnownPerson
from town.demo_school.subjects import Subject

Role = Literal["pupil", "parent", "guardian", "teacher", "director", "deputy", "school_administrator"]


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week such as 2026-W48 and the school year that it lies in."""

    monday: date

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read `YYYY-Www`; ValueError says what is wrong with it."""
        year, separator, number = text.partition("-W")
        if not separator or len(number) != 2:
            raise ValueError(f"{text!r} is not an ISO week such as 2026-W48")
        return cls(date.fromisocalendar(int(year), int(number), 1))

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Friday; in the week of the first of September only from then on."""
        weekdays = (self.monday + timedelta(days=offset) for offset in range(5))
        return tuple(day for day in weekdays if day >= self.year_starts)

    @property
    def year(self) -> int:
        """The calendar year in which the school year of the week's end began."""
        sunday = self.monday + timedelta(days=6)
        return sunday.year if sunday.month >= 9 else sunday.year - 1

    @property
    def year_starts(self) -> date:
        return date(self.year, 9, 1)

    @property
    def year_ends(self) -> date:
        """The last of August, so that the demo can be tried in summer too; the last quarter ends in May."""
        return date(self.year + 1, 8, 31)


@dataclass(frozen=True, slots=True)
class Person:
    """Anybody of the school; `known` is set for those who can sign in."""

    source_id: str
    role: Role
    surname: str
    given_name: str
    patronymic: str
    sex: Sex
    birth_date: date
    snils: str = ""
    email: str = ""
    phone: str = ""
    agents: tuple[str, ...] = ()
    """A pupil's representatives, by source id."""
    known: KnownPerson | None = None


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """One class, «7А»; its teacher gives the homeroom lesson."""

    grade: int
    letter: str
    teacher: Person
    pupils: tuple[Person, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.grade}{self.letter}"

    @property
    def source_id(self) -> str:
        return f"cls-{self.grade:02}{'abvgd'['АБВГД'.index(self.letter)]}"


@dataclass(frozen=True, slots=True)
class Teaching:
    """One teacher takes one subject in one class."""

    school_class: SchoolClass
    subject: Subject
    teacher: Person
    part: int = 0
    """The first or the second group of the class; 0: all of it."""

    @property
    def source_id(self) -> str:
        whole = f"{self.school_class.source_id}-{self.subject.key}"
        return f"{whole}-{self.part}" if self.part else whole

    @property
    def group_source_id(self) -> str:
        return self.source_id if self.part else ""

    @property
    def pupils(self) -> tuple[Person, ...]:
        """Half of the class by half, in the order of the register."""
        everybody = self.school_class.pupils
        half = (len(everybody) + 1) // 2
        return {0: everybody, 1: everybody[:half], 2: everybody[half:]}[self.part]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson on one day, in local time."""

    day: date
    number: int
    starts_at: time
    ends_at: time
    teaching: Teaching
    room: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """The whole school in one week."""

    week: Week
    staff: tuple[Person, ...]
    classes: tuple[SchoolClass, ...]
    representatives: tuple[Person, ...]
    teachings: tuple[Teaching, ...]
    rooms: dict[str, str] = field(default_factory=dict)
    """Teacher's source id → the room all its lessons are in."""
    source_id: str = "org-school"
    name: str = "Школа № 2048 «Звонок»"
    city: str = "Москва"
    time_zone: str = "Europe/Moscow"

    @property
    def pupils(self) -> tuple[Person, ...]:
        return tuple(pupil for school_class in self.classes for pupil in school_class.pupils)

    @property
    def people(self) -> tuple[Person, ...]:
        return (*self.staff, *self.representatives, *self.pupils)
