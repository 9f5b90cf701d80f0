"""A pupil's averages in one subject, from the marks that stand now."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.marks.queries import weighted_marks_of_year
from journal.marks.rules import simple_mean, weighted_average


@dataclass(frozen=True, slots=True)
class Averages:
    """Of the school year, to two places; None while no mark has a number (J-12)."""

    weighted: Decimal | None
    simple: Decimal | None


async def averages(session: AsyncSession, school_id: UUID, pupil_id: UUID, subject_id: UUID) -> Averages:
    """Compute both averages of a pupil in a subject."""
    found = await weighted_marks_of_year(session, school_id, pupil_id, subject_id)
    return Averages(weighted=weighted_average(found), simple=simple_mean(found))
