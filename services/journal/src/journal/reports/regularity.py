"""Whether marks come regularly, and control works not all at once (J-33): one statement each for a whole school."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.calendar.unmarked import has_marks


@dataclass(frozen=True, slots=True)
class WithoutMarks:
    """A subject that a class, or a group of it, had lessons of, and nobody got a mark."""

    class_id: UUID
    class_name: str
    grade: int
    subject_id: UUID
    subject: str
    group_id: UUID | None
    group_title: str | None
    """The part of the class that had the lessons; None: all of it."""
    lessons: int
    """Held in the days that were asked for."""
    last_mark_on: date | None
    """The last lesson before in which a mark stands; None: none this school year."""

    @property
    def position(self) -> tuple[int, str, str, str, str, str]:
        """Of a cursor. The class stands for a group where there is none."""
        ids = (str(self.class_id), str(self.subject_id), str(self.group_id or self.class_id))
        return (self.grade, self.class_name, self.subject, *ids)


@dataclass(frozen=True, slots=True)
class Work:
    """A control work of a class."""

    lesson_id: UUID
    number: int
    subject: str
    control_form: str
    pupils: int
    planned: bool
    """No mark stands yet: there are only points."""


@dataclass(frozen=True, slots=True)
class CrowdedDay:
    """A day on which a class has more than one control work."""

    date: date
    class_id: UUID
    class_name: str
    works: list[Work]


# A mark counts for the day of its lesson. Grade 1 has none (J-8), nor has what the school says so of.
WITHOUT_MARKS = text(
    f"""
    WITH taught AS (
      SELECT l.class_id, l.subject_id, l.group_id, count(*) AS lessons
      FROM lessons l
      WHERE l.school_id = :school AND l.date BETWEEN :first AND :today AND l.cancelled_at IS NULL
        AND (CAST(:class AS uuid) IS NULL OR l.class_id = :class)
      GROUP BY l.class_id, l.subject_id, l.group_id
      HAVING {has_marks(":school", "l.subject_id")}
    ), marked AS (
      SELECT DISTINCT l.class_id, l.subject_id, l.group_id
      FROM lessons l
      -- The limit keeps it to one look-up for each lesson, however many marks the years have brought.
      CROSS JOIN LATERAL (SELECT FROM marks m WHERE m.school_id = l.school_id AND m.lesson_id = l.lesson_id
                          AND m.removed_at IS NULL LIMIT 1) m
      WHERE l.school_id = :school AND l.date BETWEEN :first AND :today AND l.has_marks
    )
    SELECT n.class_id, k.name AS class_name, k.grade, n.subject_id, s.title AS subject,
           n.group_id, g.title AS group_title, n.lessons, before.date AS last_mark_on
    FROM taught n
    JOIN classes k ON k.school_id = :school AND k.class_id = n.class_id AND k.grade > 1
    JOIN subjects s ON s.school_id = :school AND s.subject_id = n.subject_id
    LEFT JOIN class_groups g ON g.school_id = :school AND g.group_id = n.group_id
    LEFT JOIN LATERAL (
      SELECT l.date FROM lessons l
      WHERE l.school_id = :school AND l.class_id = n.class_id AND l.subject_id = n.subject_id
        AND l.group_id IS NOT DISTINCT FROM n.group_id
        AND l.date BETWEEN :year AND :first AND l.has_marks
        AND EXISTS (SELECT FROM marks m WHERE m.school_id = l.school_id AND m.lesson_id = l.lesson_id
                    AND m.removed_at IS NULL)
      ORDER BY l.date DESC LIMIT 1
    ) before ON true
    WHERE NOT EXISTS (SELECT FROM marked d WHERE d.class_id = n.class_id AND d.subject_id = n.subject_id
                      AND d.group_id IS NOT DISTINCT FROM n.group_id)
      AND (CAST(:grade AS int) IS NULL
        OR (k.grade, k.name, s.title, n.class_id, n.subject_id, coalesce(n.group_id, n.class_id))
           > (:grade, :class_name, :subject, :class_id, :subject_id, :group_id))
    ORDER BY k.grade, k.name, s.title, n.class_id, n.subject_id, coalesce(n.group_id, n.class_id)
    LIMIT :limit
    """  # noqa: S608 - made of constants
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("first", type_=Date),
    bindparam("today", type_=Date),
    bindparam("year", type_=Date),
    bindparam("grade", type_=Integer),
    bindparam("class_name", type_=Text),
    bindparam("subject", type_=Text),
    bindparam("class_id", type_=Uuid),
    bindparam("subject_id", type_=Uuid),
    bindparam("group_id", type_=Uuid),
)
# A work of the class, or of a group, is one for at least half of it: what one pupil writes again is nobody else's
# burden. Two lessons of one subject are one work. A planned work stands as points in the cells of the lesson in which
# it will be written.
CROWDED = text(
    """
    WITH sizes AS (
      SELECT class_id, count(*) AS pupils FROM pupils WHERE school_id = :school AND left_on IS NULL GROUP BY class_id
    ), group_sizes AS (
      SELECT group_id, count(*) AS pupils FROM group_members WHERE school_id = :school AND left_on IS NULL
      GROUP BY group_id
    ), works AS (
      SELECT l.class_id, l.group_id, l.date, l.subject_id, l.lesson_id, l.number, f.name AS form,
             count(DISTINCT w.pupil_id) AS pupils, bool_and(w.planned) AS planned
      FROM lessons l
      JOIN LATERAL (
        SELECT m.pupil_id, m.control_form_id, false AS planned FROM marks m
        WHERE m.school_id = l.school_id AND m.lesson_id = l.lesson_id AND m.removed_at IS NULL
        UNION ALL
        SELECT p.pupil_id, p.control_form_id, true FROM points p
        WHERE p.school_id = l.school_id AND p.lesson_id = l.lesson_id AND p.kind = 'planned' AND p.state = 'open'
      ) w ON true
      JOIN control_forms f ON f.school_id = l.school_id AND f.control_form_id = w.control_form_id
        AND f.category = 'control'
      WHERE l.school_id = :school AND l.date BETWEEN :first AND :last AND l.has_marks AND l.cancelled_at IS NULL
        AND (CAST(:class AS uuid) IS NULL OR l.class_id = :class)
      GROUP BY l.class_id, l.group_id, l.date, l.subject_id, l.lesson_id, l.number, f.name
    ), days AS (
      SELECT w.class_id, w.date,
             json_agg(json_build_array(w.lesson_id, w.number, s.title, w.form, w.pupils, w.planned)
                      ORDER BY w.number, s.title, w.form) AS works
      FROM works w
      JOIN sizes z ON z.class_id = w.class_id
      LEFT JOIN group_sizes y ON y.group_id = w.group_id
      JOIN subjects s ON s.school_id = :school AND s.subject_id = w.subject_id
      WHERE 2 * w.pupils >= coalesce(y.pupils, z.pupils)
      GROUP BY w.class_id, w.date
      HAVING count(DISTINCT w.subject_id) > 1
    )
    SELECT d.date, d.class_id, k.name AS class_name, d.works
    FROM days d JOIN classes k ON k.school_id = :school AND k.class_id = d.class_id
    WHERE CAST(:date AS date) IS NULL OR (d.date, k.name, d.class_id) > (:date, :class_name, :class_id)
    ORDER BY d.date, k.name, d.class_id
    LIMIT :limit
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("date", type_=Date),
    bindparam("class_name", type_=Text),
    bindparam("class_id", type_=Uuid),
)


async def subjects_without_marks(
    session: AsyncSession,
    school_id: UUID,
    today: date,
    days: int,
    year_starts_on: date,
    *,
    class_id: UUID | None = None,
    after: tuple[Any, ...] | None = None,
    limit: int,
) -> list[WithoutMarks]:
    """Subjects of classes that had lessons in the last days, and no mark in any of them.

    Args:
        session: an open session.
        school_id: of which school.
        today: where the school is.
        days: how many, with today.
        year_starts_on: from where the last mark is looked for.
        class_id: only this class.
        after: `WithoutMarks.position` of the last one that was shown.
        limit: at most so many.
    """
    keys = ("grade", "class_name", "subject", "class_id", "subject_id", "group_id")
    values = dict(zip(keys, after or (None,) * len(keys), strict=True))
    asked = {
        "school": school_id,
        "class": class_id,
        "first": today - timedelta(days=days - 1),
        "today": today,
        "year": year_starts_on,
        "limit": limit,
    }
    return [WithoutMarks(*tuple(row)) for row in await session.execute(WITHOUT_MARKS, {**asked, **values})]


async def crowded_days(
    session: AsyncSession,
    school_id: UUID,
    first: date,
    last: date,
    *,
    class_id: UUID | None = None,
    after: tuple[date, str, UUID] | None = None,
    limit: int,
) -> list[CrowdedDay]:
    """Days on which a class has or will have more than one control work, the first first."""
    day, class_name, id_ = after or (None, None, None)
    asked = {
        "school": school_id,
        "class": class_id,
        "first": first,
        "last": last,
        "date": day,
        "class_name": class_name,
        "class_id": id_,
        "limit": limit,
    }
    return [
        CrowdedDay(row.date, row.class_id, row.class_name, _works(row.works))
        for row in await session.execute(CROWDED, asked)
    ]


def _works(found: Any) -> list[Work]:
    works: list[Any] = json.loads(found) if isinstance(found, str) else found
    return [Work(UUID(lesson_id), *rest) for lesson_id, *rest in works]
