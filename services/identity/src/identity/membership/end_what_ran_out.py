"""End what has had its last day: duties, guardianships, enrolments; and with them the access, the same day (I-15).

The day is the school's own: in Kamchatka it ends nine hours before it does in Moscow.
"""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text, update

from identity.accounts.settle_bindings import settle_bindings
from identity.bulk import upsert
from identity.registry.duties import release
from identity.registry.groups import leave_groups
from identity.registry.tables import enrolments, guardianships, staff_assignments
from identity.registry.turns import take_turn_in
from shared.contracts.identity import PupilLeft
from shared.db import Database, Tx, UnitOfWork

_EAST = timedelta(hours=14)
"""Nowhere on Earth is it later: what runs out today in the east is looked at, and judged by its own school's day."""

_SCHOOLS = text(
    """
    SELECT school_id FROM staff_assignments
      WHERE released_on IS NULL AND valid_until IS NOT NULL AND valid_until < :day
    UNION SELECT school_id FROM enrolments WHERE left_on IS NULL AND last_day IS NOT NULL AND last_day < :day
    UNION SELECT school_id FROM guardianships WHERE ended_on IS NULL AND last_day IS NOT NULL AND last_day < :day
    """
).bindparams(bindparam("day"))


async def end_what_ran_out(database: Database) -> int:
    """Go through the schools where something may have run out; answers how much has ended."""
    async with database.read() as session:
        found = await session.scalars(_SCHOOLS, {"day": (database.clock() + _EAST).date()})
        school_ids = found.all()
    return sum([await end_what_ran_out_in(database.uow, school_id) for school_id in school_ids])


async def end_what_ran_out_in(uow: UnitOfWork, school_id: UUID) -> int:
    """End what has had its last day in one school; ten statements, however much it is."""
    async with uow.begin() as tx:
        school = await take_turn_in(tx.session, school_id)
        if school is None:
            return 0
        today = tx.now.astimezone(ZoneInfo(school.time_zone)).date()
        ended = await _enrolments(tx, school_id, today) + await _guardianships(tx, school_id, today)
        if ended:
            await settle_bindings(tx, school_id)
        return ended + await _duties(tx, school_id, today)


async def _enrolments(tx: Tx, school_id: UUID, today: date) -> int:
    learns = enrolments.c
    left = await tx.session.execute(
        update(enrolments)
        .where(learns.school_id == school_id, learns.left_on.is_(None), learns.last_day < today)
        .values(left_on=learns.last_day)
        .returning(learns.pupil_id, learns.left_on)
    )
    rows = left.all()
    for row in rows:
        tx.emit(PupilLeft(school_id=school_id, pupil_id=row.pupil_id, left_on=row.left_on))
    await leave_groups(tx, school_id, [row.pupil_id for row in rows], today)
    return len(rows)


async def _guardianships(tx: Tx, school_id: UUID, today: date) -> int:
    answers = guardianships.c
    ended = await tx.session.execute(
        update(guardianships)
        .where(answers.school_id == school_id, answers.ended_on.is_(None), answers.last_day < today)
        .values(ended_on=answers.last_day)
        .returning(answers.pupil_id)
    )
    return len(ended.all())


async def _duties(tx: Tx, school_id: UUID, today: date) -> int:
    duty = staff_assignments.c
    over = await tx.session.execute(
        select(staff_assignments).where(
            duty.school_id == school_id, duty.released_on.is_(None), duty.valid_until < today
        )
    )
    rows = [release(tx, row, row.valid_until, account_id=row.account_id) for row in over]
    await upsert(tx.session, staff_assignments, rows)
    return len(rows)
