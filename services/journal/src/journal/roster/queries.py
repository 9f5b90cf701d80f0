"""Reads of the roster."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.groups import is_in
from journal.roster.names import full_name
from journal.roster.tables import classes, pupils, schools, staff, subjects
from shared.access import Object


@dataclass(frozen=True, slots=True)
class School:
    """A school's card."""

    school_id: UUID
    source_id: str
    name: str
    time_zone: str
    year_title: str
    year_starts_on: date
    year_ends_on: date

    def has_in_year(self, day: date) -> bool:
        """Whether a day lies within the present school year."""
        return self.year_starts_on <= day <= self.year_ends_on

    def today(self, now: datetime) -> date:
        """The date where the school is."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class, and as what it is asked for in decisions."""

    school_id: UUID
    class_id: UUID
    grade: int
    name: str

    def as_object(self, subject_id: UUID | None = None) -> Object:
        """For `decide`: the class within its school; with the subject for rules that ask for it."""
        return class_object(self.school_id, self.class_id, subject_id)


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil with the class and school as they are now; names of places are None until they were heard of."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    left_on: date | None
    class_name: str | None
    school_name: str | None

    @property
    def full_name(self) -> str:
        return full_name(self.surname, self.given_name, self.patronymic)

    def as_object(self) -> Object:
        """For `decide`: the pupil within class and school; one who left is in neither any more (I-15)."""
        within = () if self.left_on else (class_object(self.school_id, self.class_id),)
        return Object("pupil", self.pupil_id, within=within)


@dataclass(frozen=True, slots=True)
class Teacher:
    """A member of staff."""

    school_id: UUID
    person_id: UUID
    name: str


def class_object(school_id: UUID, class_id: UUID, subject_id: UUID | None = None) -> Object:
    """A class within its school, for `decide`."""
    part = str(subject_id) if subject_id else None
    return Object("class", class_id, within=(Object("school", school_id),), part=part)


async def find_school(session: AsyncSession, school_id: UUID) -> School | None:
    """The school of an id."""
    found = (await session.execute(_SCHOOLS.where(schools.c.school_id == school_id))).first()
    return School(*found) if found else None


async def all_schools(session: AsyncSession) -> list[School]:
    """All schools, for operators' commands; a city's are 1,500."""
    return [School(*row) for row in await session.execute(_SCHOOLS.order_by(schools.c.name))]


async def find_class(session: AsyncSession, class_id: UUID) -> SchoolClass | None:
    """The class of an id."""
    query = select(classes.c.school_id, classes.c.class_id, classes.c.grade, classes.c.name)
    found = (await session.execute(query.where(classes.c.class_id == class_id))).first()
    return SchoolClass(*found) if found else None


async def classes_of_school(session: AsyncSession, school_id: UUID, grade: int | None = None) -> list[SchoolClass]:
    """The classes of a school, or of one parallel of it, by grade and name."""
    query = select(classes.c.school_id, classes.c.class_id, classes.c.grade, classes.c.name)
    query = query.where(classes.c.school_id == school_id).order_by(classes.c.grade, classes.c.name)
    if grade is not None:
        query = query.where(classes.c.grade == grade)
    return [SchoolClass(*row) for row in await session.execute(query)]


async def find_subject(session: AsyncSession, school_id: UUID, subject_id: UUID) -> str | None:
    """The title of a subject that the school teaches."""
    query = select(subjects.c.title).where(subjects.c.school_id == school_id, subjects.c.subject_id == subject_id)
    title: str | None = await session.scalar(query)
    return title


async def titles_of_subjects(session: AsyncSession, school_id: UUID, subject_ids: Collection[UUID]) -> dict[UUID, str]:
    """The titles of some subjects of a school."""
    query = select(subjects.c.subject_id, subjects.c.title).where(
        subjects.c.school_id == school_id, subjects.c.subject_id.in_(list(subject_ids))
    )
    return {row.subject_id: row.title for row in await session.execute(query)}


async def find_pupil(session: AsyncSession, pupil_id: UUID) -> Pupil | None:
    """The pupil of an id; of one who changed schools, the place where the pupil is now."""
    query = _PUPILS.where(pupils.c.pupil_id == pupil_id)
    query = query.order_by(pupils.c.left_on.desc().nulls_first(), pupils.c.since.desc()).limit(1)
    found = (await session.execute(query)).first()
    return _pupil(found) if found else None


async def hold_pupil(session: AsyncSession, school_id: UUID, pupil_id: UUID) -> Pupil | None:
    """A pupil of a school; whoever else holds the same pupil waits until this transaction ends."""
    query = _PUPILS.where(pupils.c.school_id == school_id, pupils.c.pupil_id == pupil_id)
    found = (await session.execute(query.with_for_update(key_share=True, of=pupils))).first()
    return _pupil(found) if found else None


async def find_pupils(session: AsyncSession, pupil_ids: Iterable[UUID]) -> dict[UUID, Pupil]:
    """The pupils of some ids."""
    query = _PUPILS.where(pupils.c.pupil_id.in_(list(pupil_ids)))
    query = query.order_by(pupils.c.left_on.asc().nulls_last(), pupils.c.since)
    return {row.pupil_id: _pupil(row) for row in await session.execute(query)}


async def pupils_of_class(
    session: AsyncSession, school_class: SchoolClass, part: tuple[UUID, date] | None = None
) -> list[Pupil]:
    """The pupils of a class, or of a group of it as it was on a day, as a teacher reads them out."""
    query = _PUPILS.where(
        pupils.c.school_id == school_class.school_id,
        pupils.c.class_id == school_class.class_id,
        pupils.c.left_on.is_(None),
    ).order_by(pupils.c.surname, pupils.c.given_name, pupils.c.pupil_id)
    if part is not None:
        query = query.where(is_in(*part, school_class.school_id, pupils.c.pupil_id))
    return [_pupil(row) for row in await session.execute(query)]


async def staff_of_account(session: AsyncSession, account_id: UUID) -> list[Teacher]:
    """As whom an account works: one person per school."""
    query = select(staff).where(staff.c.account_id == account_id)
    return [
        Teacher(row.school_id, row.person_id, full_name(row.surname, row.given_name, row.patronymic))
        for row in await session.execute(query)
    ]


def _pupil(row: Row[Any]) -> Pupil:
    return Pupil(
        school_id=row.school_id,
        pupil_id=row.pupil_id,
        class_id=row.class_id,
        surname=row.surname,
        given_name=row.given_name,
        patronymic=row.patronymic,
        left_on=row.left_on,
        class_name=row.class_name,
        school_name=row.school_name,
    )


# The columns of each select stand in the order of the fields of its dataclass.
_SCHOOLS = select(
    schools.c.school_id,
    schools.c.source_id,
    schools.c.name,
    schools.c.time_zone,
    schools.c.year_title,
    schools.c.year_starts_on,
    schools.c.year_ends_on,
)
_PUPILS: Select[Any] = select(
    pupils.c.school_id,
    pupils.c.pupil_id,
    pupils.c.class_id,
    pupils.c.surname,
    pupils.c.given_name,
    pupils.c.patronymic,
    pupils.c.left_on,
    classes.c.name.label("class_name"),
    schools.c.name.label("school_name"),
).select_from(
    pupils.outerjoin(
        classes, and_(classes.c.school_id == pupils.c.school_id, classes.c.class_id == pupils.c.class_id)
    ).outerjoin(schools, schools.c.school_id == pupils.c.school_id)
)
