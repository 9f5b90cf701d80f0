"""A school may demand a СНИЛС of everybody whom it is to recognise (I-19, row 0)."""

from uuid import UUID

from sqlalchemy import select, update

from identity.errors import AccessRulesForbidden
from identity.matching.reconsider import reconsider_records
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.authority import authority_in_school
from identity.registry.tables import people, schools
from shared.db import UnitOfWork
from shared.http import Caller


async def require_snils(
    uow: UnitOfWork, keys: PersonalDataKeys, caller: Caller, school_id: UUID, *, required: bool
) -> None:
    """Set it, and look again at the whole school; who is in already stays in.

    Raises:
        AccessRulesForbidden: only for those who lead the school.
    """
    async with uow.begin() as tx:
        authority = await authority_in_school(tx.session, caller.account_id, school_id, tx.now)
        if not authority.leads_school:
            raise AccessRulesForbidden
        changed = await tx.session.scalar(
            update(schools)
            .where(schools.c.school_id == school_id, schools.c.requires_snils != required)
            .values(requires_snils=required)
            .returning(schools.c.school_id)
        )
        if changed is None:
            return
        everybody = await tx.session.scalars(
            select(people.c.person_id).where(people.c.school_id == school_id, people.c.present)
        )
        await reconsider_records(tx, keys, school_id, everybody.all())
