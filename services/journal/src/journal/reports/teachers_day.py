"""A teacher's day (J-35): the lessons and what is missing in them, points that are due, who will be absent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Date, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.check import schools_of_staff
from journal.errors import NotATeacher
from journal.reports.completeness import Missing
from journal.roster.groups import concerns_sql
from journal.roster.names import full_name
from journal.roster.queries import find_school, staff_of_account
from journal.timetable.queries import Lesson, lessons_of_teachers


@dataclass(frozen=True, slots=True)
class LessonOfDay:
    """A lesson, what stands in it, and what does not yet."""

    lesson: Lesson
    missing: list[Missing]
    """Empty for a cancelled lesson."""
    marks: int


@dataclass(frozen=True, slots=True)
class PointDue:
    """A point that ends on this day: set by this teacher, or in one of the teacher's lessons."""

    point_id: UUID
    lesson_id: UUID
    pupil: str
    class_id: UUID
    class_name: str
    subject: str
    kind: str
    control_form: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Expected:
    """A pupil whose family gave notice for this day. Why is the class teacher's business (J-21)."""

    pupil_id: UUID
    pupil: str
    class_id: UUID
    class_name: str


@dataclass(frozen=True, slots=True)
class TeachersDay:
    """The whole day."""

    date: date
    lessons: list[LessonOfDay]
    points_due: list[PointDue]
    notices: list[Expected]


_STANDS = text(
    """
    SELECT l.lesson_id, c.attendance_taken_at IS NOT NULL AS attended, m.marks, EXISTS (
      SELECT FROM homework h
      WHERE h.school_id = l.school_id AND h.class_id = l.class_id AND h.due_on = l.date
        AND h.subject_id = l.subject_id AND coalesce(h.lesson_id, l.lesson_id) = l.lesson_id AND h.removed_at IS NULL
        AND (h.group_id IS NULL OR h.group_id = l.group_id)
    ) AS has_homework
    FROM lessons l
    LEFT JOIN journal_columns c ON c.school_id = l.school_id AND c.lesson_id = l.lesson_id
    CROSS JOIN LATERAL (
      SELECT count(*) AS marks FROM marks m
      WHERE m.school_id = l.school_id AND m.lesson_id = l.lesson_id AND m.removed_at IS NULL
    ) m
    WHERE l.lesson_id = ANY (:lessons)
    """
).bindparams(bindparam("lessons", type_=ARRAY(Uuid)))
_POINTS = text(
    """
    SELECT x.point_id, x.lesson_id, p.surname, p.given_name, p.patronymic, k.class_id, k.name AS class_name,
           s.title AS subject, x.kind, f.name AS control_form, x.comment
    FROM points x
    JOIN lessons l ON l.school_id = x.school_id AND l.lesson_id = x.lesson_id
    JOIN pupils p ON p.school_id = x.school_id AND p.pupil_id = x.pupil_id AND p.left_on IS NULL
    JOIN classes k ON k.school_id = l.school_id AND k.class_id = l.class_id
    JOIN subjects s ON s.school_id = x.school_id AND s.subject_id = x.subject_id
    JOIN control_forms f ON f.school_id = x.school_id AND f.control_form_id = x.control_form_id
    WHERE x.state = 'open' AND x.due_on = :day AND x.school_id = ANY (:schools)
      AND (x.author_id = ANY (:people) OR l.teacher_id = ANY (:people))
    ORDER BY k.grade, k.name, s.title, p.surname, p.given_name, x.point_id
    """
).bindparams(
    bindparam("day", type_=Date), bindparam("schools", type_=ARRAY(Uuid)), bindparam("people", type_=ARRAY(Uuid))
)
_NOTICES = text(
    f"""
    SELECT DISTINCT p.pupil_id, p.surname, p.given_name, p.patronymic, k.class_id, k.name AS class_name, k.grade
    FROM lessons l
    JOIN classes k ON k.school_id = l.school_id AND k.class_id = l.class_id
    JOIN pupils p ON p.school_id = k.school_id AND p.class_id = k.class_id AND p.left_on IS NULL
    JOIN absence_notices n ON n.school_id = p.school_id AND n.pupil_id = p.pupil_id
      AND n.last_day >= :day AND n.first_day <= :day AND n.withdrawn_at IS NULL
    WHERE l.lesson_id = ANY (:lessons) AND {concerns_sql("l.group_id", "l.date", "l.school_id", "p.pupil_id")}
    ORDER BY k.grade, k.name, p.surname, p.given_name, p.pupil_id
    """  # noqa: S608 -- made of constants
).bindparams(bindparam("day", type_=Date), bindparam("lessons", type_=ARRAY(Uuid)))


async def read_teachers_day(session: AsyncSession, account_id: UUID, day: date | None, now: datetime) -> TeachersDay:
    """The day of whoever calls; today where the school is, if no day is named. A constant number of queries.

    Raises:
        NotATeacher: the account works nowhere.
    """
    schools = await schools_of_staff(session, account_id, now)
    people = [one for one in await staff_of_account(session, account_id) if one.school_id in schools]
    if not people:
        raise NotATeacher
    if day is None:
        school = await find_school(session, people[0].school_id)
        day = school.today(now) if school else now.astimezone(ZoneInfo("UTC")).date()
    lessons = await lessons_of_teachers(session, [(one.school_id, one.person_id) for one in people], day, day)
    return TeachersDay(
        date=day,
        lessons=await _with_what_stands(session, lessons),
        points_due=await _points_due(session, day, schools, [one.person_id for one in people]),
        notices=await _expected(session, day, [lesson.lesson_id for lesson in lessons if not lesson.cancelled]),
    )


async def _with_what_stands(session: AsyncSession, lessons: list[Lesson]) -> list[LessonOfDay]:
    found = await session.execute(_STANDS, {"lessons": [lesson.lesson_id for lesson in lessons]})
    stands = {row.lesson_id: row for row in found}
    of_day = []
    for lesson in lessons:
        row = stands[lesson.lesson_id]
        gaps: tuple[tuple[Missing, bool], ...] = (
            ("topic", not lesson.topic.strip()),
            ("homework", not row.has_homework),
            ("attendance", not row.attended),
        )
        missing = [] if lesson.cancelled else [name for name, is_missing in gaps if is_missing]
        of_day.append(LessonOfDay(lesson, missing, row.marks))
    return of_day


async def _points_due(
    session: AsyncSession, day: date, schools: Collection[UUID], people: Collection[UUID]
) -> list[PointDue]:
    wanted = {"day": day, "schools": list(schools), "people": list(people)}
    return [
        PointDue(
            point_id=row.point_id,
            lesson_id=row.lesson_id,
            pupil=full_name(row.surname, row.given_name, row.patronymic),
            class_id=row.class_id,
            class_name=row.class_name,
            subject=row.subject,
            kind=row.kind,
            control_form=row.control_form,
            comment=row.comment,
        )
        for row in await session.execute(_POINTS, wanted)
    ]


async def _expected(session: AsyncSession, day: date, lesson_ids: list[UUID]) -> list[Expected]:
    found = await session.execute(_NOTICES, {"day": day, "lessons": lesson_ids})
    return [
        Expected(row.pupil_id, full_name(row.surname, row.given_name, row.patronymic), row.class_id, row.class_name)
        for row in found
    ]
