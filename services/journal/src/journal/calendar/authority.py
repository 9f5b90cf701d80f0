"""Who plans a school's year (J-1): deputies and the director."""

from uuid import UUID

from sqlalchemy import select

from journal.access.check import may
from journal.errors import NotYoursToPlan, SchoolNotFound
from journal.roster.queries import School, find_school, staff_of_account
from journal.roster.tables import schools
from shared.access import Action, Object
from shared.db import Tx
from shared.http import Caller


async def hold_school(tx: Tx, caller: Caller, school_id: UUID, action: Action) -> School:
    """The school, which nobody else plans until the transaction ends.

    Raises:
        SchoolNotFound: unknown, or the caller does not work there.
        NotYoursToPlan: the caller works there, but this is for the direction.
    """
    await tx.session.execute(
        select(schools.c.school_id).where(schools.c.school_id == school_id).with_for_update(key_share=True)
    )
    school = await find_school(tx.session, school_id)
    if school is None:
        raise SchoolNotFound
    if not await may(tx.session, caller.account_id, action, Object("school", school_id), tx.now):
        works_there = any(one.school_id == school_id for one in await staff_of_account(tx.session, caller.account_id))
        raise NotYoursToPlan if works_there else SchoolNotFound
    return school


async def person_of(tx: Tx, caller: Caller, school_id: UUID) -> UUID:
    """As whom the caller works at the school.

    Raises:
        SchoolNotFound: not at all.
    """
    for one in await staff_of_account(tx.session, caller.account_id):
        if one.school_id == school_id:
            return one.person_id
    raise SchoolNotFound
