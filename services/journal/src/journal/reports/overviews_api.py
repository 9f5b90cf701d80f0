"""Overviews over HTTP (J-35): a teacher's day, a class, a school."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from journal.access.actions import READ_COMPLETENESS, READ_NOTICES, READ_SUMMARY
from journal.access.check import may
from journal.access.open_class import open_class
from journal.attestation.rules import OfYear
from journal.behaviour.rules import Rating
from journal.calendar.answers import PeriodOut
from journal.container import Wired
from journal.days import Day
from journal.errors import NotATeacher, SchoolClassNotFound, SchoolNotFound
from journal.points.rules import PointKind
from journal.reports.class_overview import read_class_overview
from journal.reports.class_summary import SummaryLine, read_class_summary
from journal.reports.rules import YearAnomaly, percent
from journal.reports.school_overview import read_school_overview
from journal.reports.teachers_day import LessonOfDay, read_teachers_day
from journal.roster.queries import find_school
from shared.access import Object
from shared.http import Answer, CurrentCaller, responses

router = APIRouter(tags=["overviews"])

OfDay = Annotated[Day | None, Query(alias="date", description="Today if not given")]


class _FromAttributes(Answer):
    model_config = ConfigDict(from_attributes=True)


class LessonOfDayOut(Answer):
    """A lesson of the day; times are local to the school."""

    lesson_id: UUID
    number: int
    starts_at: time
    ends_at: time
    room: str
    class_id: UUID
    class_name: str
    subject_id: UUID
    subject: str
    topic: str
    state: Literal["planned", "substituted", "cancelled"]
    marks: int
    """How many stand in it."""
    missing: list[Literal["topic", "homework", "attendance"]]

    @classmethod
    def of(cls, one: LessonOfDay) -> "LessonOfDayOut":
        lesson = one.lesson
        return cls(
            lesson_id=lesson.lesson_id,
            number=lesson.number,
            starts_at=lesson.starts_at,
            ends_at=lesson.ends_at,
            room=lesson.room,
            class_id=lesson.class_id,
            class_name=lesson.class_name,
            subject_id=lesson.subject_id,
            subject=lesson.subject_title,
            topic=lesson.topic,
            state=lesson.state,
            marks=one.marks,
            missing=one.missing,
        )


class PointDueOut(_FromAttributes):
    """A point that ends on this day."""

    point_id: UUID
    lesson_id: UUID
    pupil: str
    class_id: UUID
    class_name: str
    subject: str
    kind: PointKind
    control_form: str
    comment: str | None


class ExpectedOut(_FromAttributes):
    """A pupil whose family gave notice for this day."""

    pupil_id: UUID
    pupil: str
    class_id: UUID
    class_name: str


class TeachersDayOut(Answer):
    """Lessons in order, points that are due, pupils who will be absent."""

    date: date
    lessons: list[LessonOfDayOut]
    points_due: list[PointDueOut]
    notices: list[ExpectedOut]


class AbsentOut(_FromAttributes):
    """A pupil who missed lessons on the day, or whose family said so."""

    pupil_id: UUID
    pupil: str
    missed: int
    late: int
    reasons: list[str]
    notice: bool


class OpenPointOut(_FromAttributes):
    """A point that waits."""

    point_id: UUID
    pupil_id: UUID
    pupil: str
    subject: str
    kind: PointKind
    control_form: str
    due_on: date


class LowMarkOut(_FromAttributes):
    """A mark below 3, or незачёт."""

    mark_id: UUID
    pupil_id: UUID
    pupil: str
    subject: str
    date: date
    value: str
    control_form: str


class BehaviourOut(Answer):
    """A note of the week."""

    pupil_id: UUID
    pupil: str
    subject: str | None
    """null: the class teacher's."""
    rating: Rating
    note: str | None
    author: str
    written_at: datetime


class PupilOut(Answer):
    """A pupil by name."""

    pupil_id: UUID
    pupil: str


class UnsignedWeekOut(Answer):
    """A week of lessons that nobody signed for these pupils."""

    week: str
    pupils: list[PupilOut]


class ClassOverviewOut(Answer):
    """A class on one day and in its week."""

    class_id: UUID
    class_name: str
    date: date
    pupils: int
    lessons: int
    absent: list[AbsentOut]
    open_points: list[OpenPointOut]
    low_marks: list[LowMarkOut]
    behaviour: list[BehaviourOut]
    unsigned_weeks: list[UnsignedWeekOut]
    """Of the last four that may be signed, the newest first."""


class SubjectOut(Answer):
    """A subject of the class."""

    subject_id: UUID
    subject: str


class SummaryCellOut(_FromAttributes):
    """One pupil in one subject."""

    subject_id: UUID
    period_marks: list[str | None]
    """One for each period, null where none is set."""
    of_year: OfYear
    year_mark: str | None
    reason: str | None
    anomalies: list[YearAnomaly]


class SummaryLineOut(Answer):
    """One pupil; a cell for each subject."""

    pupil_id: UUID
    pupil: str
    cells: list[SummaryCellOut]

    @classmethod
    def of(cls, line: SummaryLine) -> "SummaryLineOut":
        return cls(
            pupil_id=line.pupil.pupil_id,
            pupil=line.pupil.full_name,
            cells=[SummaryCellOut.model_validate(cell) for cell in line.cells],
        )


class ClassSummaryOut(Answer):
    """«Сводная ведомость»: pupils by subjects, with the marks of all periods and the year."""

    class_id: UUID
    class_name: str
    periods: list[PeriodOut]
    subjects: list[SubjectOut]
    items: list[SummaryLineOut]


class ClassTodayOut(_FromAttributes):
    """How many of a class are there today."""

    class_id: UUID
    class_name: str
    pupils: int
    absent: int
    without_notice: int
    announced: int


class LessonsTodayOut(_FromAttributes):
    """The lessons of today."""

    planned: int
    cancelled: int
    substituted: int


class PercentOut(Answer):
    """Of the lessons held in the last seven days, whole percents rounded down; null without lessons."""

    lessons: int
    with_topic: int | None
    with_homework: int | None
    with_attendance: int | None


class SchoolOverviewOut(Answer):
    """A school today."""

    date: date
    pupils: int
    absent: int
    without_notice: int
    announced: int
    classes: list[ClassTodayOut]
    lessons: LessonsTodayOut
    completeness_percent: PercentOut
    without_marks: int
    crowded_days: int
    periods_to_close: list[PeriodOut]


@router.get("/me/day", responses=responses(NotATeacher))
async def get_teachers_day(
    caller: CurrentCaller,
    wired: Wired,
    day: OfDay = None,
) -> TeachersDayOut:
    """A teacher's own day: lessons and what is missing in them, points due, notices of absence."""
    async with wired.database.read() as session:
        found = await read_teachers_day(session, caller.account_id, day, wired.database.clock())
    return TeachersDayOut(
        date=found.date,
        lessons=[LessonOfDayOut.of(one) for one in found.lessons],
        points_due=[PointDueOut.model_validate(one) for one in found.points_due],
        notices=[ExpectedOut.model_validate(one) for one in found.notices],
    )


@router.get("/classes/{class_id}/overview", responses=responses(SchoolClassNotFound))
async def get_class_overview(
    class_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    day: OfDay = None,
) -> ClassOverviewOut:
    """A class at a glance; for the class teacher, deputies and the director."""
    now = wired.database.clock()
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, now, READ_NOTICES)
        school = await find_school(session, school_class.school_id)
        if school is None:
            raise SchoolClassNotFound
        today = school.today(now)
        found = await read_class_overview(session, school, school_class, day or today, today)
    return ClassOverviewOut(
        class_id=class_id,
        class_name=school_class.name,
        date=found.date,
        pupils=found.pupils,
        lessons=found.lessons,
        absent=[AbsentOut.model_validate(one) for one in found.absent],
        open_points=[OpenPointOut.model_validate(one) for one in found.open_points],
        low_marks=[LowMarkOut.model_validate(one) for one in found.low_marks],
        behaviour=[
            BehaviourOut(
                pupil_id=note.pupil_id,
                pupil=name,
                subject=note.subject_title,
                rating=note.rating,
                note=note.note,
                author=note.author_name,
                written_at=note.written_at,
            )
            for name, note in found.behaviour
        ],
        unsigned_weeks=[
            UnsignedWeekOut(week=str(one.week), pupils=[PupilOut(pupil_id=id_, pupil=name) for id_, name in one.pupils])
            for one in found.unsigned
        ],
    )


@router.get("/classes/{class_id}/attestation/summary", responses=responses(SchoolClassNotFound))
async def get_class_summary(class_id: UUID, caller: CurrentCaller, wired: Wired) -> ClassSummaryOut:
    """A class's marks of all periods and the year, and what to look at; for the class teacher and the direction."""
    now = wired.database.clock()
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, now, READ_SUMMARY)
        school = await find_school(session, school_class.school_id)
        if school is None:
            raise SchoolClassNotFound
        found = await read_class_summary(session, school, school_class, school.today(now))
    return ClassSummaryOut(
        class_id=class_id,
        class_name=school_class.name,
        periods=[PeriodOut.of(period) for period in found.periods],
        subjects=[SubjectOut(subject_id=id_, subject=title) for id_, title in found.subjects],
        items=[SummaryLineOut.of(line) for line in found.lines],
    )


@router.get("/schools/{school_id}/overview", responses=responses(SchoolNotFound))
async def get_school_overview(school_id: UUID, caller: CurrentCaller, wired: Wired) -> SchoolOverviewOut:
    """A school at a glance; for the director and deputies."""
    now = wired.database.clock()
    async with wired.database.read() as session:
        school = await find_school(session, school_id)
        if school is None or not await may(
            session, caller.account_id, READ_COMPLETENESS, Object("school", school_id), now
        ):
            raise SchoolNotFound
        found = await read_school_overview(session, school, now)
    counts = found.completeness
    return SchoolOverviewOut(
        date=found.date,
        pupils=sum(one.pupils for one in found.classes),
        absent=sum(one.absent for one in found.classes),
        without_notice=sum(one.without_notice for one in found.classes),
        announced=sum(one.announced for one in found.classes),
        classes=[ClassTodayOut.model_validate(one) for one in found.classes],
        lessons=LessonsTodayOut.model_validate(found.lessons),
        completeness_percent=PercentOut(
            lessons=counts.lessons,
            with_topic=percent(counts.lessons - counts.without_topic, counts.lessons),
            with_homework=percent(counts.lessons - counts.without_homework, counts.lessons),
            with_attendance=percent(counts.lessons - counts.without_attendance, counts.lessons),
        ),
        without_marks=found.without_marks,
        crowded_days=found.crowded_days,
        periods_to_close=[PeriodOut.of(period) for period in found.to_close],
    )
