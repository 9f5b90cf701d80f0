"""The registry of one school as it is stored, in the shape in which a bundle can be compared with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_records
from identity.registry.duties import DutyKey
from identity.registry.tables import (
    class_groups,
    classes,
    enrolments,
    group_members,
    guardianships,
    hand_corrections,
    people,
    school_years,
    schools,
    staff_assignments,
    subjects,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything of one school, by source ids where a bundle has them."""

    school: Row[Any] | None
    years: dict[str, Row[Any]]
    subjects: dict[str, Row[Any]]
    classes: dict[str, Row[Any]]
    people: dict[str, Row[Any]]
    corrections: dict[UUID, dict[str, bytes | None]]
    """Person → field put right by hand → keyed hash of what the bundle said then."""
    enrolments: dict[UUID, Row[Any]]
    """Present ones, by pupil."""
    groups: dict[str, Row[Any]]
    members: set[tuple[UUID, UUID]]
    """(group, pupil)."""
    guardianships: dict[tuple[UUID, UUID], tuple[date, date | None]]
    """(pupil, representative) → since, last day; present ones."""
    assignments: dict[DutyKey, Row[Any]]
    """Ended ones too: a duty taken up again goes on with its version."""
    accounts: dict[UUID, UUID]
    """Person → account."""


async def load_stored(session: AsyncSession, source_id: str) -> Stored:
    """Read the school that has this source id; everything is empty if it was never imported."""
    school = (await session.execute(select(schools).where(schools.c.source_id == source_id))).one_or_none()
    if school is None:
        return Stored(None, {}, {}, {}, {}, {}, {}, {}, set(), {}, {}, {})
    school_id: UUID = school.school_id

    async def rows(table: Any, *conditions: Any) -> list[Row[Any]]:
        statement = select(table).where(table.c.school_id == school_id, *conditions)
        return list((await session.execute(statement)).all())

    return Stored(
        school=school,
        years={row.source_id: row for row in await rows(school_years)},
        subjects={row.source_id: row for row in await rows(subjects)},
        classes={row.source_id: row for row in await rows(classes)},
        # What the school recorded on an application is not the bundle's to take away.
        people={row.source_id: row for row in await rows(people, people.c.source_id.not_like("application:%"))},
        corrections=_by_person(await rows(hand_corrections)),
        enrolments={row.pupil_id: row for row in await rows(enrolments, enrolments.c.left_on.is_(None))},
        groups={row.source_id: row for row in await rows(class_groups)},
        members={(row.group_id, row.pupil_id) for row in await rows(group_members)},
        guardianships={
            (row.pupil_id, row.representative_id): (row.since, row.last_day)
            for row in await rows(guardianships, guardianships.c.ended_on.is_(None), guardianships.c.basis.is_(None))
        },
        assignments={
            DutyKey(row.person_id, row.role, row.class_id, row.subject_id): row for row in await rows(staff_assignments)
        },
        accounts=await accounts_of(session, school_id),
    )


def _by_person(corrections: list[Row[Any]]) -> dict[UUID, dict[str, bytes | None]]:
    found: dict[UUID, dict[str, bytes | None]] = {}
    for row in corrections:
        found.setdefault(row.person_id, {})[row.field] = row.bundle_index
    return found


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
