"""The grid of a class in one subject (J-35): all that a teacher's page shows, from a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import KEEP_ATTENDANCE, KEEP_MARKS, READ_JOURNAL
from journal.attestation.page import thresholds_of
from journal.attestation.rules import MarkOfPeriod, Proposals, propose
from journal.calendar.queries import Period, find_period, period_of_day, settings_of_school
from journal.calendar.rules import SchoolSettings
from journal.class_journal.queries import (
    ColumnLesson,
    DaysOfNotice,
    GridAbsence,
    GridMark,
    GridPoint,
    absences_of_page,
    changed_columns,
    closed_days,
    columns_of_page,
    days_of_notice,
    marks_of_page,
    points_of_page,
)
from journal.errors import PeriodNotForGrade, PeriodNotFound, SchoolClassNotFound
from journal.marks.rules import NO_MARKS, Sums, Trend, Weighted, reason_is_needed, trend
from journal.roster.queries import Pupil, SchoolClass, find_class, find_school, find_subject, pupils_of_class
from shared.access import decide, edges_for


@dataclass(frozen=True, slots=True)
class Page:
    """One subject in one class, and what the caller may do on it."""

    school_class: SchoolClass
    subject_id: UUID
    may_edit: bool
    may_take_attendance: bool


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A lesson, and whether and how its cells are written."""

    lesson: ColumnLesson
    closed: bool
    may_edit: bool
    may_take_attendance: bool
    needs_reason: bool
    """Something stands in it that is corrected only with a reason."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """All that stands of one pupil in one lesson."""

    lesson_id: UUID
    marks: list[GridMark]
    absence: GridAbsence | None
    points: list[GridPoint]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One pupil."""

    pupil: Pupil
    cells: list[GridCell]
    sums: Sums
    absences: int
    trend: Trend | None
    proposals: Proposals
    notices: list[DaysOfNotice]


@dataclass(frozen=True, slots=True)
class Grid:
    """The page in some days."""

    page: Page
    subject_title: str
    period: Period | None
    first_day: date
    last_day: date
    revision: int
    edit_window_days: int
    columns: list[ColumnHead]
    rows: list[GridRow]


async def open_page(session: AsyncSession, account_id: UUID, class_id: UUID, subject_id: UUID, now: datetime) -> Page:
    """Open a page of the class journal.

    Raises:
        SchoolClassNotFound: unknown, or this page is not open to the caller.
    """
    school_class = await find_class(session, class_id)
    if school_class is None:
        raise SchoolClassNotFound
    place = school_class.as_object(subject_id)
    edges = await edges_for(session, account_id, place.keys())
    if not decide(edges, READ_JOURNAL, place, now):
        raise SchoolClassNotFound
    return Page(
        school_class=school_class,
        subject_id=subject_id,
        may_edit=bool(decide(edges, KEEP_MARKS, place, now)),
        may_take_attendance=bool(decide(edges, KEEP_ATTENDANCE, place, now)),
    )


async def revision_of(session: AsyncSession, page: Page, after: int = 0) -> tuple[int, frozenset[UUID]]:
    """The page's revision and what changed since: one query by keys."""
    return await changed_columns(
        session, page.school_class.school_id, page.school_class.class_id, page.subject_id, after
    )


async def read_grid(
    session: AsyncSession,
    page: Page,
    period_id: UUID | None,
    now: datetime,
    *,
    revision: int,
    only: frozenset[UUID] | None = None,
) -> Grid:
    """Read the page for a period; without one for today's period, and where there is none for the school year.

    Args:
        session: an open session.
        page: what `open_page` opened.
        period_id: the period that is asked for.
        now: the present instant.
        revision: read before anything else, so that nothing that comes later is missed.
        only: leave out all columns but these; averages stay those of the whole page.

    Raises:
        PeriodNotFound, PeriodNotForGrade: not a period of this class.
    """
    school_class = page.school_class
    school_id = school_class.school_id
    school = await find_school(session, school_id)
    title = await find_subject(session, school_id, page.subject_id)
    if school is None or title is None:
        raise SchoolClassNotFound
    period = await _period(session, school_class, period_id, school.today(now))
    first, last = (period.starts_on, period.ends_on) if period else (school.year_starts_on, school.year_ends_on)
    settings = await settings_of_school(session, school_id)
    pupils = await pupils_of_class(session, school_class)
    ids = [pupil.pupil_id for pupil in pupils]
    lessons = await columns_of_page(session, school_id, school_class.class_id, page.subject_id, first, last)
    shown = [lesson for lesson in lessons if only is None or lesson.lesson_id in only]
    marks = await marks_of_page(session, school_id, ids, page.subject_id, first, last)
    absences = await absences_of_page(session, school_id, ids, page.subject_id, first, last)
    points = await points_of_page(session, school_id, [lesson.lesson_id for lesson in shown])
    notices = await days_of_notice(session, school_id, ids, first, last)
    closed = await closed_days(session, school_id, school_class.grade, first, last)
    return Grid(
        page=page,
        subject_title=title,
        period=period,
        first_day=first,
        last_day=last,
        revision=revision,
        edit_window_days=settings.edit_window_days,
        columns=_heads(page, shown, closed, marks, absences, settings, now),
        rows=_rows(pupils, shown, marks, absences, points, notices, settings),
    )


async def _period(
    session: AsyncSession, school_class: SchoolClass, period_id: UUID | None, today: date
) -> Period | None:
    if period_id is None:
        return await period_of_day(session, school_class.school_id, school_class.grade, today)
    period = await find_period(session, period_id)
    if period is None or period.school_id != school_class.school_id:
        raise PeriodNotFound
    if not period.first_grade <= school_class.grade <= period.last_grade:
        raise PeriodNotForGrade
    return period


def _heads(
    page: Page,
    lessons: Iterable[ColumnLesson],
    closed: list[tuple[date, date]],
    marks: Iterable[GridMark],
    absences: Iterable[GridAbsence],
    settings: SchoolSettings,
    now: datetime,
) -> list[ColumnHead]:
    window = settings.edit_window
    old = {mark.lesson_id for mark in marks if reason_is_needed(mark.posted_at, now, window)}
    old |= {one.lesson_id for one in absences if reason_is_needed(one.recorded_at, now, window)}
    heads = []
    for lesson in lessons:
        is_closed = any(first <= lesson.date <= last for first, last in closed)
        is_open = not is_closed and not lesson.cancelled
        heads.append(
            ColumnHead(
                lesson=lesson,
                closed=is_closed,
                may_edit=page.may_edit and is_open,
                may_take_attendance=page.may_take_attendance and is_open,
                needs_reason=lesson.lesson_id in old,
            )
        )
    return heads


def _rows(
    pupils: Iterable[Pupil],
    shown: Iterable[ColumnLesson],
    marks: Iterable[GridMark],
    absences: Iterable[GridAbsence],
    points: Iterable[GridPoint],
    notices: Iterable[DaysOfNotice],
    settings: SchoolSettings,
) -> list[GridRow]:
    lesson_ids = [lesson.lesson_id for lesson in shown]
    of_pupil: dict[UUID, list[GridMark]] = defaultdict(list)
    in_cell: dict[tuple[UUID, UUID], list[GridMark]] = defaultdict(list)
    for mark in marks:
        of_pupil[mark.pupil_id].append(mark)
        in_cell[mark.pupil_id, mark.lesson_id].append(mark)
    missed: dict[UUID, int] = defaultdict(int)
    for one in absences:
        missed[one.pupil_id] += one.kind == "absent"
    absent = {(one.pupil_id, one.lesson_id): one for one in absences}
    pointed: dict[tuple[UUID, UUID], list[GridPoint]] = defaultdict(list)
    for point in points:
        pointed[point.pupil_id, point.lesson_id].append(point)
    noticed: dict[UUID, list[DaysOfNotice]] = defaultdict(list)
    for notice in notices:
        noticed[notice.pupil_id].append(notice)
    thresholds = thresholds_of(settings)
    rows = []
    for pupil in pupils:
        id_ = pupil.pupil_id
        own = of_pupil.get(id_, [])
        keys = ((id_, lesson_id) for lesson_id in lesson_ids)
        cells = [
            GridCell(key[1], in_cell.get(key, []), absent.get(key), pointed.get(key, []))
            for key in keys
            if key in in_cell or key in absent or key in pointed
        ]
        weighted = [Weighted(mark.value, mark.weight) for mark in own]
        rows.append(
            GridRow(
                pupil=pupil,
                cells=cells,
                sums=_sum(weighted),
                absences=missed.get(id_, 0),
                trend=trend(weighted),
                proposals=propose(
                    (MarkOfPeriod(mark.value, mark.weight, mark.category) for mark in own),
                    thresholds=thresholds,
                    minimum_marks=settings.minimum_marks,
                ),
                notices=noticed.get(id_, []),
            )
        )
    return rows


def _sum(marks: Iterable[Weighted]) -> Sums:
    sums = NO_MARKS
    for mark in marks:
        sums = sums.plus(mark)
    return sums
