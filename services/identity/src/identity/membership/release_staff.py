"""Release a member of staff from a duty: the access that came with it ends at once (I-15)."""

from uuid import UUID
from zoneinfo import ZoneInfo

from identity.bulk import upsert
from identity.errors import AssignmentNotFound
from identity.membership.permission import require_administrator
from identity.membership.queries import assignment
from identity.registry.duties import release
from identity.registry.tables import staff_assignments
from identity.registry.turns import take_turn_in
from shared.db import UnitOfWork


async def release_staff(
    uow: UnitOfWork, caller_id: UUID, school_id: UUID, person_id: UUID, assignment_id: UUID
) -> None:
    """End an assignment today. One that came by a bundle stays ended until the bundle names another term for it.

    Raises:
        AdmissionForbidden: the caller administrates no such school.
        AssignmentNotFound: no such assignment, or it has ended already.
    """
    async with uow.begin() as tx:
        await require_administrator(tx.session, caller_id, school_id, tx.now)
        school = await take_turn_in(tx.session, school_id)
        row = await assignment(tx.session, school_id, person_id, assignment_id)
        if school is None or row is None:
            raise AssignmentNotFound
        today = tx.now.astimezone(ZoneInfo(school.time_zone)).date()
        ended = release(tx, row, today, account_id=row.account_id, released_by=caller_id)
        await upsert(tx.session, staff_assignments, [ended])
