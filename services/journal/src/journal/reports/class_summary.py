"""«Сводная ведомость»: the marks of a class for all periods and the year, and what to look at in them (J-18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.attestation.rules import OfYear, propose_year
from journal.calendar.queries import Period, periods_of_year
from journal.calendar.unmarked import has_marks as has_marks_in
from journal.marks.rules import FIRST_GRADE_WITH_MARKS
from journal.reports.rules import YearAnomaly, year_anomalies
from journal.roster.queries import Pupil, School, SchoolClass, pupils_of_class


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """One pupil in one subject."""

    subject_id: UUID
    period_marks: list[str | None]
    """One for each period."""
    of_year: OfYear
    """What the marks of the periods propose, with its operands."""
    year_mark: str | None
    reason: str | None
    anomalies: list[YearAnomaly]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One pupil."""

    pupil: Pupil
    cells: list[SummaryCell]
    """One for each subject."""


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """The whole sheet."""

    school_class: SchoolClass
    periods: list[Period]
    subjects: list[tuple[UUID, str]]
    lines: list[SummaryLine]


# A subject belongs to the class if it has lessons of it in the year, or a mark was set for it; of one without marks
# only what was set before the school said so, and nothing is missing there.
SUBJECTS = text(
    f"""
    SELECT s.subject_id, s.title, s.has_marks
    FROM (SELECT *, {has_marks_in(":school", "subject_id")} AS has_marks FROM subjects) s
    WHERE s.school_id = :school AND (
      s.has_marks AND EXISTS (SELECT FROM lessons l WHERE l.school_id = :school AND l.class_id = :class
                              AND l.subject_id = s.subject_id AND l.date BETWEEN :first AND :last
                              AND l.cancelled_at IS NULL)
      OR EXISTS (SELECT FROM attestation_marks a WHERE a.school_id = :school AND a.class_id = :class
                 AND a.subject_id = s.subject_id AND a.year_starts_on = :first AND a.value IS NOT NULL))
    ORDER BY s.title, s.subject_id
    """  # noqa: S608 - made of constants
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
)
MARKS = text(
    """
    SELECT pupil_id, subject_id, period_id, value, reason FROM attestation_marks
    WHERE school_id = :school AND pupil_id = ANY (:pupils) AND year_starts_on = :first
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("pupils", type_=ARRAY(Uuid)), bindparam("first", type_=Date))

_Marks = Mapping[tuple[UUID, UUID, UUID | None], tuple[str | None, str | None]]
"""Pupil, subject, period (None: the year) → value and reason."""


async def read_class_summary(
    session: AsyncSession, school: School, school_class: SchoolClass, today: date
) -> ClassSummary:
    """The sheet of the present year: four queries, however many pupils, subjects and periods."""
    first, last = school.year_starts_on, school.year_ends_on
    pupils = await pupils_of_class(session, school_class)
    periods = [
        period
        for period in await periods_of_year(session, school.school_id, first)
        if period.first_grade <= school_class.grade <= period.last_grade
    ]
    asked = {"school": school.school_id, "class": school_class.class_id, "first": first, "last": last}
    subjects = (await session.execute(SUBJECTS, asked)).all()
    graded = school_class.grade >= FIRST_GRADE_WITH_MARKS
    found = await session.execute(
        MARKS, {"school": school.school_id, "pupils": [pupil.pupil_id for pupil in pupils], "first": first}
    )
    marks = {(row.pupil_id, row.subject_id, row.period_id): (row.value, row.reason) for row in found}
    return ClassSummary(
        school_class=school_class,
        periods=periods,
        subjects=[(one.subject_id, one.title) for one in subjects],
        lines=[
            SummaryLine(
                pupil,
                [
                    _cell(pupil.pupil_id, one.subject_id, periods, marks, today, has_marks=graded and one.has_marks)
                    for one in subjects
                ],
            )
            for pupil in pupils
        ],
    )


def _cell(
    pupil_id: UUID, subject_id: UUID, periods: list[Period], marks: _Marks, today: date, *, has_marks: bool
) -> SummaryCell:
    nothing: tuple[str | None, str | None] = (None, None)
    of_periods = [marks.get((pupil_id, subject_id, period.period_id), nothing)[0] for period in periods]
    value, reason = marks.get((pupil_id, subject_id, None), nothing)
    of_year = propose_year(mark for mark in of_periods if mark is not None)
    over = [period.ends_on < today for period in periods]
    return SummaryCell(
        subject_id=subject_id,
        period_marks=of_periods,
        of_year=of_year,
        year_mark=value,
        reason=reason,
        anomalies=year_anomalies(of_periods, over, value, of_year.proposed) if has_marks else [],
    )
