"""Bring what was written before: a file all or nothing, the same file again nothing, and nobody is told."""

from uuid import UUID

from sqlalchemy import select

from journal.calendar.queries import periods_of_year
from journal.calendar.tables import periods
from journal.errors import HistoryRefused, SchoolNotFound
from journal.history.desk import Brought, Desk
from journal.history.kinds import KINDS
from journal.history.sheet import ReadHistory, read_sheet
from journal.roster.queries import School, find_school
from journal.roster.tables import schools
from shared.crypto import FieldVault
from shared.db import Tx, UnitOfWork


def read_history(name: str, content: bytes) -> ReadHistory:
    """Read a file of history of whatever kind."""
    return read_sheet(name, content, [kind.sheet for kind in KINDS])


async def import_history(uow: UnitOfWork, vault: FieldVault, school_id: UUID, file: ReadHistory) -> Brought:
    """Write the rows of a file.

    Raises:
        SchoolNotFound: no such school.
        HistoryRefused: the file has mistakes; nothing was taken.
    """
    async with uow.begin() as tx:
        school = await _hold_school(tx, school_id)
        # In the order of all who write: the periods, so that none is closed meanwhile, then the pupils.
        await tx.session.execute(
            select(periods.c.period_id).where(periods.c.school_id == school_id).with_for_update(read=True)
        )
        of_year = await periods_of_year(tx.session, school_id, school.year_starts_on)
        days = {row.date for row in file.rows if hasattr(row, "date")}
        desk = await Desk.of(tx, vault, school, file.name, days, of_year)
        desk.mistakes += file.mistakes
        kind = next((kind for kind in KINDS if kind.sheet is file.sheet), None)
        brought = await kind.bring(desk, file.rows) if kind else Brought(0, 0)
        if desk.mistakes:
            raise HistoryRefused(sorted(desk.mistakes, key=lambda mistake: mistake.line or 0))
        return brought


async def _hold_school(tx: Tx, school_id: UUID) -> School:
    """The school, whose history and timetable nobody else brings until this transaction ends."""
    await tx.session.execute(select(schools.c.school_id).where(schools.c.school_id == school_id).with_for_update())
    school = await find_school(tx.session, school_id)
    if school is None:
        raise SchoolNotFound
    return school
