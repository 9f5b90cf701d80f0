"""One pupil's period: subject by subject, what the marks propose and what was set (J-16, J-29)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.attestation.page import thresholds_of
from journal.attestation.queries import AttestationMark, Span, marks_by_subject, set_for_pupil
from journal.attestation.rules import Proposals, propose
from journal.calendar.queries import Period, settings_of_school
from journal.roster.queries import Pupil, titles_of_subjects


@dataclass(frozen=True, slots=True)
class OfSubject:
    """One subject."""

    subject_id: UUID
    subject_title: str
    proposals: Proposals
    standing: AttestationMark | None


async def read_attestation(session: AsyncSession, pupil: Pupil, period: Period) -> list[OfSubject]:
    """The subjects in which the pupil has marks or a period mark, by title: four queries."""
    settings = await settings_of_school(session, pupil.school_id)
    span = Span(period.starts_on, period.ends_on)
    marks = await marks_by_subject(session, pupil.school_id, pupil.pupil_id, span)
    standing = {
        one.subject_id: one
        for one in await set_for_pupil(session, pupil.school_id, pupil.pupil_id, period.year_starts_on)
        if one.period_id == period.period_id
    }
    titles = await titles_of_subjects(session, pupil.school_id, {*marks, *standing})
    found = [
        OfSubject(
            subject_id=subject_id,
            subject_title=title,
            proposals=propose(
                marks.get(subject_id, ()), thresholds=thresholds_of(settings), minimum_marks=settings.minimum_marks
            ),
            standing=standing.get(subject_id),
        )
        for subject_id, title in titles.items()
    ]
    return sorted(found, key=lambda one: (one.subject_title, one.subject_id))
