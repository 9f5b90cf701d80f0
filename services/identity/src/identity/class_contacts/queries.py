"""Reads of the class teacher's register."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_records, accounts
from identity.class_contacts.rules import CONTACTS, REMEMBERED_FOR
from identity.class_contacts.tables import proposed_corrections
from identity.registry.authority import in_force, who_learns_where
from identity.registry.tables import (
    classes,
    enrolments,
    guardianships,
    people,
    schools,
    staff_assignments,
    value_history,
)

AnyRow = Row[*tuple[Any, ...]]


async def kept_class(session: AsyncSession, account_id: UUID, class_id: UUID, now: datetime) -> AnyRow | None:
    """The class, if this account is its class teacher today."""
    duty = staff_assignments.c
    found = await session.execute(
        select(classes.c.school_id, classes.c.class_id, classes.c.name)
        .join(staff_assignments, (duty.school_id == classes.c.school_id) & (duty.class_id == classes.c.class_id))
        .join(schools, schools.c.school_id == duty.school_id)
        .where(duty.account_id == account_id, duty.role == "class_teacher", duty.class_id == class_id, in_force(now))
    )
    return found.one_or_none()


async def school_of_kept_person(session: AsyncSession, account_id: UUID, person_id: UUID, now: datetime) -> UUID | None:
    """The school in which this account is the class teacher of a pupil, or of a pupil of this representative.

    Two queries: where the account has a class, and whether the person stands in one of those.
    """
    duty = staff_assignments.c
    kept = await session.execute(
        select(duty.school_id, duty.class_id)
        .join(schools, schools.c.school_id == duty.school_id)
        .where(duty.account_id == account_id, duty.role == "class_teacher", in_force(now))
    )
    by_school: dict[UUID, list[UUID]] = {}
    for row in kept:
        by_school.setdefault(row.school_id, []).append(row.class_id)
    for school_id, class_ids in by_school.items():
        stands = who_learns_where(school_id, [person_id]).subquery()
        found = await session.scalar(
            select(people.c.person_id)
            .join(stands, stands.c.person_id == people.c.person_id)
            .where(
                people.c.school_id == school_id,
                people.c.present,
                people.c.kind != "staff",
                stands.c.class_id.in_(class_ids),
            )
            .limit(1)
        )
        if found is not None:
            return school_id
    return None


def people_cards(school_id: UUID) -> Select[*tuple[Any, ...]]:
    """Records with what a card needs; still to be narrowed down."""
    waits = exists().where(
        proposed_corrections.c.school_id == people.c.school_id,
        proposed_corrections.c.person_id == people.c.person_id,
        proposed_corrections.c.state == "waiting",
    )
    return (
        select(*people.c, account_records.c.account_id, waits.label("waits"))
        .outerjoin(
            account_records,
            (account_records.c.school_id == people.c.school_id) & (account_records.c.person_id == people.c.person_id),
        )
        .where(people.c.school_id == school_id, people.c.present)
    )


async def people_of_class(session: AsyncSession, school_id: UUID, class_id: UUID) -> Sequence[AnyRow]:
    """The pupils of a class and those who answer for them, by name."""
    stands = who_learns_where(school_id).subquery()
    of_class = select(stands.c.person_id).where(stands.c.class_id == class_id)
    found = await session.execute(
        people_cards(school_id)
        .where(people.c.person_id.in_(of_class), people.c.kind != "staff")
        .order_by(people.c.surname, people.c.given_name, people.c.person_id)
    )
    return found.all()


async def families_of_class(session: AsyncSession, school_id: UUID, class_id: UUID) -> Sequence[AnyRow]:
    """Pairs (pupil, representative) of a class."""
    found = await session.execute(
        select(guardianships.c.pupil_id, guardianships.c.representative_id)
        .join(
            enrolments,
            (enrolments.c.school_id == guardianships.c.school_id)
            & (enrolments.c.pupil_id == guardianships.c.pupil_id)
            & enrolments.c.left_on.is_(None),
        )
        .where(
            guardianships.c.school_id == school_id,
            guardianships.c.ended_on.is_(None),
            enrolments.c.class_id == class_id,
        )
    )
    return found.all()


async def locked_person(session: AsyncSession, school_id: UUID, person_id: UUID) -> AnyRow | None:
    """One record with what a card needs, held until the transaction ends."""
    found = await session.execute(
        people_cards(school_id).where(people.c.person_id == person_id).with_for_update(of=people)
    )
    return found.one_or_none()


async def replaced_alone(session: AsyncSession, school_id: UUID, person_id: UUID, now: datetime) -> dict[str, bytes]:
    """Contacts that a teacher has replaced lately without a second person: field → hash of what stood before."""
    history = value_history.c
    found = await session.execute(
        select(history.field, history.index_before)
        .ext(distinct_on(history.field))
        .where(
            history.school_id == school_id,
            history.person_id == person_id,
            history.field.in_(CONTACTS),
            history.changed_by.is_not(None),
            history.confirmed_by.is_(None),
            history.index_before.is_not(None),
            history.changed_at > now - REMEMBERED_FOR,
        )
        .order_by(history.field, history.change_id)
    )
    return {row.field: bytes(row.index_before) for row in found}


async def waiting_proposals(session: AsyncSession, school_id: UUID, after: UUID | None, limit: int) -> Sequence[AnyRow]:
    """Proposals that wait, the oldest first, with the record and who proposed; one more if there is a next page."""
    proposal = proposed_corrections.c
    statement = (
        select(
            proposal.proposal_id,
            proposal.changes,
            proposal.proposed_by,
            proposal.proposed_at,
            *people.c,
            accounts.c.surname.label("proposer_surname"),
            accounts.c.given_name.label("proposer_given_name"),
            accounts.c.patronymic.label("proposer_patronymic"),
        )
        .join(people, (people.c.school_id == proposal.school_id) & (people.c.person_id == proposal.person_id))
        .outerjoin(accounts, accounts.c.account_id == proposal.proposed_by)
        .where(proposal.school_id == school_id, proposal.state == "waiting")
        .order_by(proposal.proposal_id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(proposal.proposal_id > after)
    return (await session.execute(statement)).all()


async def changes_of_person(
    session: AsyncSession, school_id: UUID, person_id: UUID, after: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """What was changed in a record, the newest first, with who did it; one more if there is a next page."""
    history = value_history.c
    teacher, second = accounts.alias("teacher"), accounts.alias("second")
    statement = (
        select(
            history.change_id,
            history.field,
            history.value_before,
            history.changed_at,
            people.c.data_key,
            *_name_of(teacher, "teacher"),
            *_name_of(second, "second"),
        )
        .join(people, (people.c.school_id == history.school_id) & (people.c.person_id == history.person_id))
        .outerjoin(teacher, teacher.c.account_id == history.changed_by)
        .outerjoin(second, second.c.account_id == history.confirmed_by)
        .where(history.school_id == school_id, history.person_id == person_id)
        .order_by(history.change_id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(history.change_id < after)
    return (await session.execute(statement)).all()


def _name_of(who: FromClause, prefix: str) -> list[ColumnElement[str]]:
    return [who.c[name].label(f"{prefix}_{name}") for name in ("surname", "given_name", "patronymic")]
