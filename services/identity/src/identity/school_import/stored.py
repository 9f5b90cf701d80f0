"""The registry of one school as it is stored, in the shape in which a bundle can be compared with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_records
from identity.registry.tables import (
    classes,
    enrolments,
    guardianships,
    people,
    school_years,
    schools,
    staff_assignments,
    subjects,
)
from shared.contracts.identity import StaffRole


class DutyKey(NamedTuple):
    """What makes an assignment: the same duty again is the same assignment."""

    person_id: UUID
    role: StaffRole
    class_id: UUID | None
    subject_id: UUID | None


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything of one school, by source ids where a bundle has them."""

    school: Row[Any] | None
    years: dict[str, Row[Any]]
    subjects: dict[str, Row[Any]]
    classes: dict[str, Row[Any]]
    people: dict[str, Row[Any]]
    enrolments: dict[UUID, Row[Any]]
    """Present ones, by pupil."""
    guardianships: dict[tuple[UUID, UUID], date]
    """(pupil, representative) → since; present ones."""
    assignments: dict[DutyKey, Row[Any]]
    """Ended ones too: a duty taken up again goes on with its version."""
    accounts: dict[UUID, UUID]
    """Person → account."""


async def lock_school(session: AsyncSession, source_id: str) -> None:
    """Let imports of one school take turns; held until the transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('school_import:' || :source_id, 0))"),
        {"source_id": source_id},
    )


async def load_stored(session: AsyncSession, source_id: str) -> Stored:
    """Read the school that has this source id; everything is empty if it was never imported."""
    school = (await session.execute(select(schools).where(schools.c.source_id == source_id))).one_or_none()
    if school is None:
        return Stored(None, {}, {}, {}, {}, {}, {}, {}, {})
    school_id: UUID = school.school_id

    async def rows(table: Any, *conditions: Any) -> list[Row[Any]]:
        statement = select(table).where(table.c.school_id == school_id, *conditions)
        return list((await session.execute(statement)).all())

    return Stored(
        school=school,
        years={row.source_id: row for row in await rows(school_years)},
        subjects={row.source_id: row for row in await rows(subjects)},
        classes={row.source_id: row for row in await rows(classes)},
        people={row.source_id: row for row in await rows(people)},
        enrolments={row.pupil_id: row for row in await rows(enrolments, enrolments.c.left_on.is_(None))},
        guardianships={
            (row.pupil_id, row.representative_id): row.since
            for row in await rows(guardianships, guardianships.c.ended_on.is_(None))
        },
        assignments={
            DutyKey(row.person_id, row.role, row.class_id, row.subject_id): row for row in await rows(staff_assignments)
        },
        accounts=await accounts_of(session, school_id),
    )


async def accounts_of(session: AsyncSession, school_id: UUID) -> dict[UUID, UUID]:
    """Person → account, for the people of a school who have one."""
    records = account_records.c
    found = await session.execute(select(records.person_id, records.account_id).where(records.school_id == school_id))
    return {row.person_id: row.account_id for row in found}


async def people_with_accounts(session: AsyncSession, source_id: str) -> set[str]:
    """Source ids of those people of a school who have an account."""
    found = await session.scalars(
        select(people.c.source_id)
        .join(schools, schools.c.school_id == people.c.school_id)
        .join(
            account_records,
            (account_records.c.school_id == people.c.school_id) & (account_records.c.person_id == people.c.person_id),
        )
        .where(schools.c.source_id == source_id)
    )
    return set(found)
