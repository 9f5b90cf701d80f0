"""Reads of membership."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_records
from identity.bulk import among
from identity.registry.duties import DutyKey
from identity.registry.tables import classes, people, schools, staff_assignments, subjects

_WITH_ACCOUNT = (account_records.c.school_id == people.c.school_id) & (
    account_records.c.person_id == people.c.person_id
)
_HOLDER: tuple[ColumnElement[Any], ...] = (
    people.c.person_id,
    people.c.source_id,
    people.c.surname,
    people.c.given_name,
    people.c.patronymic,
    account_records.c.account_id,
)


async def candidate(session: AsyncSession, school_id: UUID, key: DutyKey) -> Row[*tuple[Any, ...]] | None:
    """A present member of staff with account, and whether the class and the subject of the duty are there."""
    class_is_there = exists().where(
        classes.c.school_id == school_id, classes.c.class_id == key.class_id, classes.c.open
    )
    subject_is_there = exists().where(
        subjects.c.school_id == school_id, subjects.c.subject_id == key.subject_id, subjects.c.taught
    )
    found = await session.execute(
        select(*_HOLDER, class_is_there.label("class_is_there"), subject_is_there.label("subject_is_there"))
        .outerjoin(account_records, _WITH_ACCOUNT)
        .where(
            people.c.school_id == school_id,
            people.c.person_id == key.person_id,
            people.c.kind == "staff",
            people.c.present,
        )
    )
    return found.one_or_none()


async def staff_of_account(session: AsyncSession, source_id: str, account_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """The record of staff that an account has in the school of this source id."""
    found = await session.execute(
        select(people.c.school_id, *_HOLDER)
        .join(account_records, _WITH_ACCOUNT)
        .join(schools, schools.c.school_id == people.c.school_id)
        .where(
            schools.c.source_id == source_id,
            account_records.c.account_id == account_id,
            people.c.kind == "staff",
            people.c.present,
        )
    )
    return found.one_or_none()


async def same_duty(session: AsyncSession, school_id: UUID, key: DutyKey) -> Row[*tuple[Any, ...]] | None:
    """The assignment of this very duty, an ended one too."""
    duty = staff_assignments.c
    found = await session.execute(
        select(staff_assignments).where(
            duty.school_id == school_id,
            duty.person_id == key.person_id,
            duty.role == key.role,
            duty.class_id.is_not_distinct_from(key.class_id),
            duty.subject_id.is_not_distinct_from(key.subject_id),
        )
    )
    return found.one_or_none()


async def assignment(
    session: AsyncSession, school_id: UUID, person_id: UUID, assignment_id: UUID
) -> Row[*tuple[Any, ...]] | None:
    """A person's assignment that nobody has ended."""
    duty = staff_assignments.c
    found = await session.execute(
        select(staff_assignments).where(
            duty.school_id == school_id,
            duty.assignment_id == assignment_id,
            duty.person_id == person_id,
            duty.released_on.is_(None),
        )
    )
    return found.one_or_none()


async def staff_with_duties(
    session: AsyncSession, school_id: UUID, after: tuple[str, str, UUID] | None, limit: int
) -> tuple[Sequence[Row[*tuple[Any, ...]]], Sequence[Row[*tuple[Any, ...]]]]:
    """One page of the staff by name (and one more if there is a next page), and their assignments; two queries."""
    place = (people.c.surname, people.c.given_name, people.c.person_id)
    statement = (
        select(*_HOLDER)
        .outerjoin(account_records, _WITH_ACCOUNT)
        .where(people.c.school_id == school_id, people.c.kind == "staff", people.c.present)
        .order_by(*place)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(tuple_(*place) > tuple_(*after))
    staff = (await session.execute(statement)).all()
    duties = await session.execute(
        select(staff_assignments)
        .where(
            staff_assignments.c.school_id == school_id,
            among(staff_assignments.c.person_id, [row.person_id for row in staff]),
            staff_assignments.c.released_on.is_(None),
        )
        .order_by(staff_assignments.c.assignment_id)
    )
    return staff, duties.all()
