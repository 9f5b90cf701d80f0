"""For what marks are set, and by whom: the subject teacher, for a period of the class's grade or for the year."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import KEEP_MARKS
from journal.attestation.page import Target
from journal.calendar.queries import find_period, hold_period, settings_of_school
from journal.errors import GradeOneHasNoMarks, PeriodClosed, PeriodNotForGrade, PeriodNotFound, SchoolNotFound
from journal.marks.rules import FIRST_GRADE_WITH_MARKS
from journal.roster.queries import SchoolClass, Teacher, find_school
from journal.timetable.authority import class_to_keep
from shared.db import Tx
from shared.http import Caller


async def target_to_keep(
    tx: Tx, caller: Caller, class_id: UUID, subject_id: UUID, period_id: UUID | None
) -> tuple[Target, Teacher]:
    """The target, and the caller as the teacher who sets its marks; its period keeps its state meanwhile.

    Raises:
        SchoolClassNotFound, NotYourLesson: not the caller's to keep.
        GradeOneHasNoMarks: neither of periods nor of the year (J-8).
        PeriodNotFound, PeriodNotForGrade: not a period of this class.
        PeriodClosed: the director has to open it first.
    """
    school_class, teacher = await class_to_keep(tx, caller, class_id, subject_id, KEEP_MARKS)
    if school_class.grade < FIRST_GRADE_WITH_MARKS:
        raise GradeOneHasNoMarks
    if period_id is not None:
        await hold_period(tx.session, period_id, alone=False)
    target = await find_target(tx.session, school_class, subject_id, period_id)
    if target.period is not None and target.period.closed:
        raise PeriodClosed(title=target.period.title)
    return target, teacher


async def find_target(
    session: AsyncSession, school_class: SchoolClass, subject_id: UUID, period_id: UUID | None
) -> Target:
    """The target of a class that the caller may look at.

    Raises:
        PeriodNotFound, PeriodNotForGrade: not a period of this class.
    """
    school = await find_school(session, school_class.school_id)
    if school is None:
        raise SchoolNotFound
    period = None
    if period_id is not None:
        period = await find_period(session, period_id)
        if period is None or period.school_id != school_class.school_id:
            raise PeriodNotFound
        if not period.first_grade <= school_class.grade <= period.last_grade:
            raise PeriodNotForGrade
    settings = await settings_of_school(session, school.school_id)
    return Target(school, school_class, subject_id, period, settings)
