"""How completely journals are kept (J-33): each report one statement over a whole school, page by page.

A lesson counts once it is over. It has homework if something was due in it; whoever looked the class over has taken
attendance, also where nobody was absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Integer, Row, Text, Time, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.names import full_name
from journal.roster.queries import School

Missing = Literal["topic", "homework", "attendance"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which lessons: days, and perhaps one class or one teacher."""

    school: School
    first: date
    last: date
    class_id: UUID | None
    teacher_id: UUID | None
    today: date
    clock: time
    """Where the school is."""

    @classmethod
    def of(
        cls,
        school: School,
        first: date,
        last: date,
        now: datetime,
        class_id: UUID | None = None,
        teacher_id: UUID | None = None,
    ) -> "Scope":
        """The scope, as of now."""
        local = now.astimezone(ZoneInfo(school.time_zone))
        return cls(school, first, last, class_id, teacher_id, local.date(), local.time().replace(tzinfo=None))

    @property
    def values(self) -> dict[str, Any]:
        return {
            "school": self.school.school_id,
            "first": self.first,
            "last": self.last,
            "class": self.class_id,
            "teacher": self.teacher_id,
            "today": self.today,
            "clock": self.clock,
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """Lessons that were held, and what is missing in how many of them."""

    lessons: int
    without_topic: int
    without_homework: int
    without_attendance: int


@dataclass(frozen=True, slots=True)
class OfTeacher:
    """One subject in one class, as one teacher keeps it."""

    class_id: UUID
    class_name: str
    grade: int
    subject_id: UUID
    subject: str
    teacher_id: UUID
    teacher: str
    counts: Counts

    @property
    def position(self) -> tuple[int, str, str, str, str, str]:
        """Of a cursor."""
        ids = (str(self.class_id), str(self.subject_id), str(self.teacher_id))
        return (self.grade, self.class_name, self.subject, *ids)


@dataclass(frozen=True, slots=True)
class IncompleteLesson:
    """A lesson in which something is missing."""

    lesson_id: UUID
    date: date
    number: int
    class_id: UUID
    class_name: str
    group_title: str | None
    """Of the part of the class that it was for; None: all of it."""
    subject_id: UUID
    subject: str
    teacher_id: UUID
    teacher: str
    missing: list[Missing]


_NO_ATTENDANCE = "c.attendance_taken_at IS NULL"
_NO_TOPIC = "btrim(l.topic) = ''"
_NO_HOMEWORK = "d.is_due IS NULL"
# The inner limits keep both to one look-up for each lesson: without them PostgreSQL reads the columns and the homework
# of all years into tables of hashes.
_HELD = """
    lessons l
    LEFT JOIN LATERAL (
      SELECT j.attendance_taken_at FROM journal_columns j
      WHERE j.school_id = l.school_id AND j.lesson_id = l.lesson_id
      LIMIT 1
    ) c ON true
    LEFT JOIN LATERAL (
      SELECT true AS is_due FROM homework h
      WHERE h.school_id = l.school_id AND h.class_id = l.class_id AND h.due_on = l.date
        AND h.subject_id = l.subject_id AND coalesce(h.lesson_id, l.lesson_id) = l.lesson_id AND h.removed_at IS NULL
        AND (h.group_id IS NULL OR h.group_id = l.group_id)
      LIMIT 1
    ) d ON true
    WHERE l.school_id = :school AND l.date BETWEEN :first AND least(:last, :today)
      AND (l.date < :today OR l.ends_at <= :clock) AND l.cancelled_at IS NULL
      AND (CAST(:class AS uuid) IS NULL OR l.class_id = :class)
      AND (CAST(:teacher AS uuid) IS NULL OR l.teacher_id = :teacher)
"""
_BOUND = (
    bindparam("school", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("teacher", type_=Uuid),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("today", type_=Date),
    bindparam("clock", type_=Time),
)
_COUNTS = f"""
    count(*) AS lessons, count(*) FILTER (WHERE {_NO_TOPIC}) AS without_topic,
    count(*) FILTER (WHERE {_NO_HOMEWORK}) AS without_homework,
    count(*) FILTER (WHERE {_NO_ATTENDANCE}) AS without_attendance
"""
TOTALS = text(f"SELECT {_COUNTS} FROM {_HELD}").bindparams(*_BOUND)  # noqa: S608 -- made of constants
BY_TEACHER = text(
    f"""
    WITH counted AS (
      SELECT l.class_id, l.subject_id, l.teacher_id, {_COUNTS} FROM {_HELD}
      GROUP BY l.class_id, l.subject_id, l.teacher_id
    )
    SELECT n.*, k.name AS class_name, k.grade, s.title AS subject, t.surname, t.given_name, t.patronymic
    FROM counted n
    JOIN classes k ON k.school_id = :school AND k.class_id = n.class_id
    JOIN subjects s ON s.school_id = :school AND s.subject_id = n.subject_id
    JOIN staff t ON t.school_id = :school AND t.person_id = n.teacher_id
    WHERE (n.without_topic + n.without_homework + n.without_attendance > 0 OR NOT :gaps)
      AND (CAST(:grade AS int) IS NULL
        OR (k.grade, k.name, s.title, n.class_id, n.subject_id, n.teacher_id)
           > (:grade, :class_name, :subject, :class_id, :subject_id, :teacher_id))
    ORDER BY k.grade, k.name, s.title, n.class_id, n.subject_id, n.teacher_id
    LIMIT :limit
    """  # noqa: S608 -- made of constants
).bindparams(
    *_BOUND,
    bindparam("grade", type_=Integer),
    bindparam("class_name", type_=Text),
    bindparam("subject", type_=Text),
    bindparam("class_id", type_=Uuid),
    bindparam("subject_id", type_=Uuid),
    bindparam("teacher_id", type_=Uuid),
)
INCOMPLETE = text(
    f"""
    SELECT l.lesson_id, l.date, l.number, l.class_id, k.name AS class_name, g.title AS group_title,
           l.subject_id, s.title AS subject, l.teacher_id, t.surname, t.given_name, t.patronymic,
           l.no_topic, l.no_homework, l.no_attendance
    FROM (
      SELECT l.*, {_NO_TOPIC} AS no_topic, {_NO_HOMEWORK} AS no_homework, {_NO_ATTENDANCE} AS no_attendance
      FROM {_HELD}
        AND (CAST(:date AS date) IS NULL OR (l.date, l.number, l.lesson_id) > (:date, :number, :lesson_id))
    ) l
    JOIN classes k ON k.school_id = l.school_id AND k.class_id = l.class_id
    JOIN subjects s ON s.school_id = l.school_id AND s.subject_id = l.subject_id
    JOIN staff t ON t.school_id = l.school_id AND t.person_id = l.teacher_id
    LEFT JOIN class_groups g ON g.school_id = l.school_id AND g.group_id = l.group_id
    WHERE CASE CAST(:missing AS text)
            WHEN 'topic' THEN l.no_topic WHEN 'homework' THEN l.no_homework WHEN 'attendance' THEN l.no_attendance
            ELSE l.no_topic OR l.no_homework OR l.no_attendance END
    ORDER BY l.date, l.number, l.lesson_id
    LIMIT :limit
    """  # noqa: S608 -- made of constants
).bindparams(
    *_BOUND,
    bindparam("date", type_=Date),
    bindparam("number", type_=Integer),
    bindparam("lesson_id", type_=Uuid),
    bindparam("missing", type_=Text),
)


async def count_lessons(session: AsyncSession, scope: Scope) -> Counts:
    """All held lessons of a scope."""
    return _counts((await session.execute(TOTALS, scope.values)).one())


async def completeness_by_teacher(
    session: AsyncSession, scope: Scope, after: Sequence[Any] | None, limit: int, *, gaps: bool
) -> list[OfTeacher]:
    """Class by class and subject by subject.

    Args:
        session: an open session.
        scope: of which lessons.
        after: `OfTeacher.position` of the last one that was shown.
        limit: at most so many.
        gaps: leave out where nothing is missing.
    """
    keys = ("grade", "class_name", "subject", "class_id", "subject_id", "teacher_id")
    values = dict(zip(keys, after or (None,) * len(keys), strict=True))
    found = await session.execute(BY_TEACHER, {**scope.values, **values, "limit": limit, "gaps": gaps})
    return [
        OfTeacher(
            class_id=row.class_id,
            class_name=row.class_name,
            grade=row.grade,
            subject_id=row.subject_id,
            subject=row.subject,
            teacher_id=row.teacher_id,
            teacher=full_name(row.surname, row.given_name, row.patronymic),
            counts=_counts(row),
        )
        for row in found
    ]


async def incomplete_lessons(
    session: AsyncSession, scope: Scope, missing: Missing | None, after: tuple[date, int, UUID] | None, limit: int
) -> list[IncompleteLesson]:
    """Lessons in which something is missing, the oldest first.

    Args:
        session: an open session.
        scope: of which lessons.
        missing: only those without this.
        after: date, number and id of the last lesson that was shown.
        limit: at most so many.
    """
    day, number, lesson_id = after or (None, None, None)
    values = {"date": day, "number": number, "lesson_id": lesson_id, "missing": missing, "limit": limit}
    return [
        IncompleteLesson(
            lesson_id=row.lesson_id,
            date=row.date,
            number=row.number,
            class_id=row.class_id,
            class_name=row.class_name,
            group_title=row.group_title,
            subject_id=row.subject_id,
            subject=row.subject,
            teacher_id=row.teacher_id,
            teacher=full_name(row.surname, row.given_name, row.patronymic),
            missing=_missing(row),
        )
        for row in await session.execute(INCOMPLETE, {**scope.values, **values})
    ]


def _counts(row: Row[Any]) -> Counts:
    return Counts(row.lessons, row.without_topic, row.without_homework, row.without_attendance)


def _missing(row: Row[Any]) -> list[Missing]:
    found: tuple[tuple[Missing, bool], ...] = (
        ("topic", row.no_topic),
        ("homework", row.no_homework),
        ("attendance", row.no_attendance),
    )
    return [name for name, is_missing in found if is_missing]
