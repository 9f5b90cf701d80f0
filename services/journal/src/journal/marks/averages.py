"""A pupil's averages in one subject, from the marks that stand now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.marks.queries import weighted_marks
from journal.marks.rules import simple_mean, weighted_average
from journal.roster.queries import find_school


@dataclass(frozen=True, slots=True)
class Averages:
    """Of the school year, to two places; None while no mark has a number (J-12)."""

    weighted: Decimal | None
    simple: Decimal | None


async def averages(session: AsyncSession, school_id: UUID, pupil_id: UUID, subject_id: UUID) -> Averages:
    """Compute both averages of a pupil in a subject."""
    school = await find_school(session, school_id)
    first, last = (school.year_starts_on, school.year_ends_on) if school else (date.min, date.max)
    found = await weighted_marks(session, school_id, pupil_id, subject_id, first, last)
    return Averages(weighted=weighted_average(found), simple=simple_mean(found))
