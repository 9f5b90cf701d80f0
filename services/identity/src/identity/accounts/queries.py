"""Reads of accounts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_identifiers, accounts, bindings
from identity.registry.tables import classes, enrolments, people, schools
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
        .where(bindings.c.account_id == account_id, bindings.c.state == "active")
        .order_by(people.c.surname, people.c.given_name, bindings.c.pupil_id)
    )
    return found.all()
