"""«What must I get for a 5?» (J-12): how a pupil stands in a subject, and which marks would reach the next one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.open_diary import OpenDiary
from journal.calendar.queries import Period, period_of_day, settings_of_school
from journal.errors import GradeOneHasNoMarks, PupilNotFound, SubjectHasNoMarks
from journal.marks.queries import ControlForm, forms_of_schools
from journal.marks.rules import FIRST_GRADE_WITH_MARKS, NO_MARKS, Needed, Trend, Weighted, needed, trend
from journal.marks.tables import control_forms, marks
from journal.roster.queries import find_class, find_school, find_subject


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one subject, in today's period or, outside of periods, in the school year."""

    period: Period | None
    first_day: date
    last_day: date
    weighted: Decimal | None
    simple: Decimal | None
    trend: Trend | None
    threshold: Decimal
    needed: list[Needed]
    forms: list[ControlForm]
    """Those that are offered: a weight is better known by its kind of work."""


async def read_outlook(session: AsyncSession, diary: OpenDiary, subject_id: UUID, target: int) -> Outlook:
    """How far it is to `target`, 3 to 5, by the school's thresholds.

    Raises:
        PupilNotFound: the pupil's class or school is not known yet.
        GradeOneHasNoMarks, SubjectHasNoMarks: there is none to be reached (J-8).
    """
    pupil = diary.pupil
    school_class = await find_class(session, pupil.class_id)
    school = await find_school(session, pupil.school_id)
    if school is None or school_class is None:
        raise PupilNotFound
    if school_class.grade < FIRST_GRADE_WITH_MARKS:
        raise GradeOneHasNoMarks
    period = await period_of_day(session, school.school_id, school_class.grade, school.today(diary.now))
    first, last = (period.starts_on, period.ends_on) if period else (school.year_starts_on, school.year_ends_on)
    settings = await settings_of_school(session, school.school_id)
    if subject_id in settings.unmarked_subjects:
        raise SubjectHasNoMarks(subject=await find_subject(session, school.school_id, subject_id))
    threshold = {5: settings.threshold_five, 4: settings.threshold_four, 3: settings.threshold_three}[target]
    wanted = {
        "school": school.school_id,
        "pupil": pupil.pupil_id,
        "subject": subject_id,
        "first": first,
        "last": last,
    }
    found = [Weighted(row.value, row.weight) for row in await session.execute(_MARKS, wanted)]
    sums = NO_MARKS
    for mark in found:
        sums = sums.plus(mark)
    forms = [form for form in await forms_of_schools(session, [school.school_id]) if not form.archived]
    return Outlook(
        period=period,
        first_day=first,
        last_day=last,
        weighted=sums.weighted,
        simple=sums.simple,
        trend=trend(found),
        threshold=threshold,
        needed=needed(sums, threshold, {form.weight for form in forms}),
        forms=forms,
    )


_MARKS = (
    select(marks.c.value, control_forms.c.weight)
    .join(
        control_forms,
        (control_forms.c.school_id == marks.c.school_id) & (control_forms.c.control_form_id == marks.c.control_form_id),
    )
    .where(
        marks.c.school_id == bindparam("school"),
        marks.c.pupil_id == bindparam("pupil"),
        marks.c.subject_id == bindparam("subject"),
        marks.c.date.between(bindparam("first"), bindparam("last")),
        marks.c.removed_at.is_(None),
    )
    .order_by(marks.c.date, marks.c.posted_at)
)
