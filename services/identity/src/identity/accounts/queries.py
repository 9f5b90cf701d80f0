"""Reads of accounts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_identifiers, account_records, accounts, bindings, diary_labels
from identity.registry.authority import in_force
from identity.registry.tables import classes, enrolments, people, schools, staff_assignments, subjects
from shared.crypto import FieldPlace, FieldVault


async def account(session: AsyncSession, account_id: UUID) -> Row[Any] | None:
    """An account that is not closed."""
    found = await session.execute(
        select(accounts).where(accounts.c.account_id == account_id, accounts.c.status == "active")
    )
    return found.one_or_none()


async def own_identifiers(session: AsyncSession, vault: FieldVault, owner: Row[Any]) -> dict[str, tuple[str, bool]]:
    """Kind → (value in clear, whether it is proved). For the owner's own eyes, and masked even then."""
    found = await session.execute(
        select(account_identifiers).where(account_identifiers.c.account_id == owner.account_id)
    )
    key = vault.open_person_key(owner.data_key)
    return {
        row.kind: (
            key.decrypt(FieldPlace("account_identifiers", row.kind, owner.account_id), row.value),
            row.proved_at is not None,
        )
        for row in found
    }


async def diaries_of(session: AsyncSession, account_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """The pupils whose diary an account may open, with school and class."""
    found = await session.execute(
        select(
            bindings.c.pupil_id,
            bindings.c.relation,
            bindings.c.level,
            bindings.c.granted_at,
            people.c.surname,
            people.c.given_name,
            people.c.patronymic,
            schools.c.school_id,
            schools.c.name.label("school_name"),
            classes.c.name.label("class_name"),
            diary_labels.c.label,
        )
        .join(people, (people.c.school_id == bindings.c.school_id) & (people.c.person_id == bindings.c.pupil_id))
        .join(schools, schools.c.school_id == bindings.c.school_id)
        .outerjoin(
            enrolments,
            (enrolments.c.school_id == bindings.c.school_id)
            & (enrolments.c.pupil_id == bindings.c.pupil_id)
            & enrolments.c.left_on.is_(None),
        )
        .outerjoin(
            classes,
            (classes.c.school_id == enrolments.c.school_id) & (classes.c.class_id == enrolments.c.class_id),
        )
        .outerjoin(
            diary_labels,
            (diary_labels.c.account_id == bindings.c.account_id) & (diary_labels.c.pupil_id == bindings.c.pupil_id),
        )
        .where(bindings.c.account_id == account_id, bindings.c.state == "active")
        .order_by(people.c.surname, people.c.given_name, bindings.c.pupil_id)
    )
    return found.all()


async def duties_of(session: AsyncSession, account_id: UUID, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """What an account does in schools as staff today: role, class × subject, with the names of each."""
    duty = staff_assignments.c
    found = await session.execute(
        select(
            schools.c.school_id,
            schools.c.name.label("school_name"),
            schools.c.city,
            duty.role,
            duty.class_id,
            classes.c.name.label("class_name"),
            duty.subject_id,
            subjects.c.title.label("subject_title"),
            duty.valid_until,
        )
        .join(schools, schools.c.school_id == duty.school_id)
        .outerjoin(classes, (classes.c.school_id == duty.school_id) & (classes.c.class_id == duty.class_id))
        .outerjoin(subjects, (subjects.c.school_id == duty.school_id) & (subjects.c.subject_id == duty.subject_id))
        .where(duty.account_id == account_id, in_force(now))
        .order_by(schools.c.name, schools.c.school_id, duty.role, classes.c.grade, classes.c.name, subjects.c.title)
    )
    return found.all()


async def records_of(session: AsyncSession, account_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """As whom schools know an account beside its duties: as a pupil, with the class, or as a representative."""
    found = await session.execute(
        select(
            schools.c.school_id,
            schools.c.name.label("school_name"),
            schools.c.city,
            people.c.kind.label("role"),
            classes.c.class_id,
            classes.c.name.label("class_name"),
            null().label("subject_id"),
            null().label("subject_title"),
            null().label("valid_until"),
        )
        .select_from(account_records)
        .join(
            people,
            (people.c.school_id == account_records.c.school_id) & (people.c.person_id == account_records.c.person_id),
        )
        .join(schools, schools.c.school_id == account_records.c.school_id)
        .outerjoin(
            enrolments,
            (enrolments.c.school_id == people.c.school_id)
            & (enrolments.c.pupil_id == people.c.person_id)
            & enrolments.c.left_on.is_(None),
        )
        .outerjoin(
            classes, (classes.c.school_id == enrolments.c.school_id) & (classes.c.class_id == enrolments.c.class_id)
        )
        .where(account_records.c.account_id == account_id, people.c.present, people.c.kind != "staff")
        .order_by(schools.c.name, schools.c.school_id, people.c.kind, people.c.person_id)
    )
    return found.all()
