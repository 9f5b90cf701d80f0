"""A page of attestation: one class, one subject, and what each pupil's marks propose for a period or the year."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.attestation.queries import AttestationMark, Span, marks_by_pupil, set_of_page
from journal.attestation.rules import MarkOfPeriod, OfYear, Proposals, Thresholds, propose, propose_year
from journal.calendar.queries import Period
from journal.calendar.rules import SchoolSettings
from journal.roster.queries import Pupil, School, SchoolClass, pupils_of_class


@dataclass(frozen=True, slots=True)
class Target:
    """For what marks are set: a period, or the whole year."""

    school: School
    school_class: SchoolClass
    subject_id: UUID
    period: Period | None
    settings: SchoolSettings

    @property
    def span(self) -> Span:
        if self.period is None:
            return Span(self.school.year_starts_on, self.school.year_ends_on)
        return Span(self.period.starts_on, self.period.ends_on)

    @property
    def period_id(self) -> UUID | None:
        return self.period.period_id if self.period else None


@dataclass(frozen=True, slots=True)
class Line:
    """One pupil: what is proposed, and what was set."""

    pupil: Pupil
    proposals: Proposals
    of_year: OfYear
    """From the marks of the year's periods; asked for the year only."""
    standing: AttestationMark | None

    def proposed(self, target: Target) -> frozenset[str]:
        """The values that need no reason: both proposals of a period, the mean of the periods for a year (J-18)."""
        if target.period is None:
            return frozenset() if self.of_year.proposed is None else frozenset({str(self.of_year.proposed)})
        return self.proposals.values


async def read_page(session: AsyncSession, target: Target) -> list[Line]:
    """The pupils of the class by name: three queries, however many pupils and marks."""
    school_id = target.school.school_id
    pupils = await pupils_of_class(session, target.school_class)
    ids = [pupil.pupil_id for pupil in pupils]
    marks = await marks_by_pupil(session, school_id, ids, target.subject_id, target.span)
    standing = await set_of_page(session, school_id, ids, target.subject_id, target.school.year_starts_on)
    return [_line(pupil, target, marks.get(pupil.pupil_id, ()), standing.get(pupil.pupil_id, {})) for pupil in pupils]


def thresholds_of(settings: SchoolSettings) -> Thresholds:
    """A school's thresholds as the rules take them."""
    return Thresholds(settings.threshold_five, settings.threshold_four, settings.threshold_three)


def _line(
    pupil: Pupil,
    target: Target,
    marks: Collection[MarkOfPeriod],
    standing: Mapping[UUID | None, AttestationMark],
) -> Line:
    settings = target.settings
    return Line(
        pupil=pupil,
        proposals=propose(marks, thresholds=thresholds_of(settings), minimum_marks=settings.minimum_marks),
        of_year=propose_year(
            one.value for one in standing.values() if one.period_id is not None and one.value is not None
        ),
        standing=standing.get(target.period_id),
    )
