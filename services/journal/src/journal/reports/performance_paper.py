"""What a printed table of performance says of one pupil and period (J-29, J-34)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.open_diary import OpenDiary
from journal.attendance.queries import missed_by_pupil
from journal.attestation.queries import set_for_pupil
from journal.calendar.queries import Period, find_period, period_of_day, periods_of_year, settings_of_school
from journal.errors import PeriodNotFound, PupilNotFound
from journal.marks.queries import Mark, marks_of_pupil
from journal.marks.rules import Weighted, simple_mean, weighted_average
from journal.roster.queries import School, find_class, find_school, titles_of_subjects


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One subject."""

    title: str
    marks: list[str]
    """In the order of their lessons."""
    simple: str
    weighted: str
    absent: int | None
    """None: attendance may not be read."""
    late: int | None
    period_marks: list[str]
    """One for each period of the year."""
    year_mark: str


@dataclass(frozen=True, slots=True)
class PerformancePaper:
    """The whole paper."""

    school: str
    class_name: str
    pupil: str
    period: str | None
    """None: the school year."""
    first_day: date
    last_day: date
    periods: list[str]
    """Titles of the year's periods."""
    lines: list[SubjectLine]
    made_on: date


async def read_performance_paper(session: AsyncSession, diary: OpenDiary, period_id: UUID | None) -> PerformancePaper:
    """Read a paper for a period; without one for today's, and where there is none for the school year.

    A constant number of queries.

    Raises:
        PupilNotFound: marks of this diary are not open to the caller.
        PeriodNotFound: not a period of the pupil's school.
    """
    pupil = diary.pupil
    school = await find_school(session, pupil.school_id)
    school_class = await find_class(session, pupil.class_id)
    if "marks" not in diary.sections or school is None or school_class is None:
        raise PupilNotFound
    today = school.today(diary.now)
    period = await _period(session, school, school_class.grade, period_id, today)
    first, last = (period.starts_on, period.ends_on) if period else (school.year_starts_on, school.year_ends_on)
    year = period.year_starts_on if period else school.year_starts_on
    of_subject: dict[UUID, list[Mark]] = defaultdict(list)
    for mark in await marks_of_pupil(session, pupil.school_id, pupil.pupil_id, first, last):
        of_subject[mark.subject_id].append(mark)
    given = {
        (one.subject_id, one.period_id): one.value or ""
        for one in await set_for_pupil(session, pupil.school_id, pupil.pupil_id, year)
    }
    counted: Counter[tuple[UUID, str]] = Counter()
    if sees_attendance := "attendance" in diary.sections:
        missed = await missed_by_pupil(session, pupil.school_id, pupil.pupil_id, first, last)
        counted.update((one.subject_id, one.kind) for one in missed)
    unmarked = (await settings_of_school(session, pupil.school_id)).unmarked_subjects
    missed_in = {subject for subject, _ in counted}.difference(unmarked)
    subjects = {*of_subject, *(subject for subject, _ in given), *missed_in}
    titles = await titles_of_subjects(session, pupil.school_id, subjects)
    periods = _of_pupil(await periods_of_year(session, pupil.school_id, year), school_class.grade, set(given))
    lines = []
    for subject_id, title in sorted(titles.items(), key=lambda item: item[1]):
        weighted = [Weighted(mark.value, mark.form.weight) for mark in of_subject[subject_id]]
        simple, average = simple_mean(weighted), weighted_average(weighted)
        lines.append(
            SubjectLine(
                title=title,
                marks=[mark.value for mark in of_subject[subject_id]],
                simple="" if simple is None else str(simple),
                weighted="" if average is None else str(average),
                absent=counted[subject_id, "absent"] if sees_attendance else None,
                late=counted[subject_id, "late"] if sees_attendance else None,
                period_marks=[given.get((subject_id, one.period_id), "") for one in periods],
                year_mark=given.get((subject_id, None), ""),
            )
        )
    return PerformancePaper(
        school=school.name,
        class_name=school_class.name,
        pupil=pupil.full_name,
        period=period.title if period else None,
        first_day=first,
        last_day=last,
        periods=[one.title for one in periods],
        lines=lines,
        made_on=today,
    )


async def _period(
    session: AsyncSession, school: School, grade: int, period_id: UUID | None, today: date
) -> Period | None:
    if period_id is None:
        return await period_of_day(session, school.school_id, grade, today)
    period = await find_period(session, period_id)
    if period is None or period.school_id != school.school_id:
        raise PeriodNotFound
    return period


def _of_pupil(periods: list[Period], grade: int, given: set[tuple[UUID, UUID | None]]) -> list[Period]:
    """The periods of the pupil's grade; of a year past also those that something was given for."""
    named = {period_id for _, period_id in given}
    return [one for one in periods if one.first_grade <= grade <= one.last_grade or one.period_id in named]
