"""Reads of homework."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, Uuid, and_, bindparam, func, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.homework.files import AttachedFile, files_of_tasks
from journal.homework.rules import Estimate, Kind
from journal.homework.tables import homework, homework_done
from journal.roster.groups import concerns
from journal.roster.names import full_name
from journal.roster.places import places_of
from journal.roster.queries import Pupil, SchoolClass
from journal.roster.tables import class_groups, staff, subjects


@dataclass(frozen=True, slots=True)
class Homework:
    """A task that stands, with the names that people read on it."""

    school_id: UUID
    homework_id: UUID
    class_id: UUID
    subject_id: UUID
    subject_title: str
    lesson_id: UUID | None
    due_on: date
    kind: Kind
    mandatory: bool
    text: str
    links: list[str]
    minutes: int | None
    author_name: str
    assigned_at: datetime
    edited_at: datetime
    """When it was last edited: shown with each (J-23)."""
    version: int
    group_id: UUID | None = None
    group_title: str | None = None
    """The part of the class that it is for; None: all of it."""
    done_at: datetime | None = None
    """When this pupil ticked it off."""
    files: tuple[AttachedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: what is not named does not matter."""

    first: date
    last: date
    subject_id: UUID | None = None
    mandatory: bool | None = None
    kind: Kind | None = None


async def find_homework(session: AsyncSession, homework_id: UUID) -> Homework | None:
    """The homework of an id, without its files."""
    found = (await session.execute(_HOMEWORK.where(homework.c.homework_id == homework_id))).first()
    return _homework(found) if found else None


async def hold_homework(session: AsyncSession, homework_id: UUID) -> Homework | None:
    """The homework of an id, which nobody else changes until the transaction ends; without its files."""
    query = _HOMEWORK.where(homework.c.homework_id == homework_id).with_for_update(key_share=True, of=homework)
    found = (await session.execute(query)).first()
    return _homework(found) if found else None


async def with_files(session: AsyncSession, school_id: UUID, tasks: list[Homework]) -> list[Homework]:
    """The same tasks with their files: one query for all of them."""
    files = await files_of_tasks(session, school_id, [task.homework_id for task in tasks])
    return [replace(task, files=files.get(task.homework_id, ())) for task in tasks]


async def homework_of_class(session: AsyncSession, school_class: SchoolClass, wanted: Wanted) -> list[Homework]:
    """A class's tasks, by the day they are due."""
    found = await session.execute(
        _filtered(_HOMEWORK.where(homework.c.class_id == school_class.class_id), school_class.school_id, wanted)
    )
    return await with_files(session, school_class.school_id, [_homework(row) for row in found])


async def homework_of_pupil(session: AsyncSession, pupil: Pupil, wanted: Wanted) -> list[Homework]:
    """The tasks of the classes that a pupil was in, each for its days, with what the pupil has ticked off."""
    places = places_of(pupil.school_id, literal([pupil.pupil_id], ARRAY(Uuid)))
    in_class = (homework.c.class_id == places.c.class_id) & homework.c.due_on.between(
        places.c.first_day, places.c.last_day
    )
    query = _filtered(_OF_PUPIL.join(places, in_class), pupil.school_id, wanted)
    query = query.where(concerns(homework.c.group_id, homework.c.due_on, pupil.school_id, pupil.pupil_id))
    if pupil.left_on is not None:
        query = query.where(homework.c.due_on <= pupil.left_on)
    found = await session.execute(query, {"pupil": pupil.pupil_id})
    return await with_files(session, pupil.school_id, [_homework(row) for row in found])


async def estimates_of_day(session: AsyncSession, school_id: UUID, class_id: UUID, day: date) -> list[Estimate]:
    """How long the mandatory tasks of a class for one day take."""
    query = select(homework.c.minutes, homework.c.subject_id, homework.c.group_id).where(
        homework.c.school_id == school_id,
        homework.c.class_id == class_id,
        homework.c.due_on == day,
        homework.c.mandatory,
        homework.c.removed_at.is_(None),
    )
    return [Estimate(*tuple(row)) for row in await session.execute(query)]


async def count_done(session: AsyncSession, school_id: UUID, homework_ids: list[UUID]) -> dict[UUID, int]:
    """How many pupils have ticked off each of some tasks."""
    query = (
        select(homework_done.c.homework_id, func.count())
        .where(homework_done.c.school_id == school_id, homework_done.c.homework_id.in_(homework_ids))
        .group_by(homework_done.c.homework_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


def _filtered(query: Select[Any], school_id: UUID, wanted: Wanted) -> Select[Any]:
    query = query.where(
        homework.c.school_id == school_id,
        homework.c.due_on.between(wanted.first, wanted.last),
    )
    if wanted.subject_id is not None:
        query = query.where(homework.c.subject_id == wanted.subject_id)
    if wanted.mandatory is not None:
        query = query.where(homework.c.mandatory.is_(wanted.mandatory))
    if wanted.kind is not None:
        query = query.where(homework.c.kind == wanted.kind)
    return query.order_by(homework.c.due_on, subjects.c.title, homework.c.assigned_at, homework.c.homework_id)


def _homework(row: Row[Any]) -> Homework:
    return Homework(
        school_id=row.school_id,
        homework_id=row.homework_id,
        class_id=row.class_id,
        subject_id=row.subject_id,
        subject_title=row.title,
        lesson_id=row.lesson_id,
        due_on=row.due_on,
        kind=row.kind,
        mandatory=row.mandatory,
        text=row.text,
        links=list(row.links),
        minutes=row.minutes,
        author_name=full_name(row.surname, row.given_name, row.patronymic),
        assigned_at=row.assigned_at,
        edited_at=row.edited_at,
        version=row.version,
        group_id=row.group_id,
        group_title=row.group_title,
        done_at=row.done_at,
    )


_NAMED = (
    homework.join(
        subjects, and_(subjects.c.school_id == homework.c.school_id, subjects.c.subject_id == homework.c.subject_id)
    )
    .join(staff, and_(staff.c.school_id == homework.c.school_id, staff.c.person_id == homework.c.author_id))
    .outerjoin(
        class_groups,
        and_(class_groups.c.school_id == homework.c.school_id, class_groups.c.group_id == homework.c.group_id),
    )
)
_COLUMNS = (
    homework,
    subjects.c.title,
    staff.c.surname,
    staff.c.given_name,
    staff.c.patronymic,
    class_groups.c.title.label("group_title"),
)
_HOMEWORK: Select[Any] = (
    select(*_COLUMNS, null().label("done_at")).select_from(_NAMED).where(homework.c.removed_at.is_(None))
)
_OF_PUPIL: Select[Any] = (
    select(*_COLUMNS, homework_done.c.done_at)
    .select_from(
        _NAMED.outerjoin(
            homework_done,
            and_(
                homework_done.c.school_id == homework.c.school_id,
                homework_done.c.homework_id == homework.c.homework_id,
                homework_done.c.pupil_id == bindparam("pupil", type_=Uuid),
            ),
        )
    )
    .where(homework.c.removed_at.is_(None))
)
