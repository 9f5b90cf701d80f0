"""A class at a glance, for its class teacher (J-35): who is absent, what is open, what went badly this week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Row, TextClause, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from journal.attendance.queries import notices_of_class
from journal.behaviour.queries import Note, notes_of_class
from journal.roster.queries import School, SchoolClass, pupils_of_class
from journal.weeks import Week

WEEKS_BACK = 4
"""How far back unsigned weeks are told of."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A pupil who missed lessons today, or whose family said so."""

    pupil_id: UUID
    pupil: str
    missed: int
    late: int
    reasons: list[str]
    """Of the lessons missed, and of the notice: у, б, нп, осв."""
    notice: bool


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A point that waits."""

    point_id: UUID
    pupil_id: UUID
    pupil: str
    subject: str
    kind: str
    control_form: str
    due_on: date


@dataclass(frozen=True, slots=True)
class LowMark:
    """A mark below 3, or незачёт."""

    mark_id: UUID
    pupil_id: UUID
    pupil: str
    subject: str
    date: date
    value: str
    control_form: str


@dataclass(frozen=True, slots=True)
class UnsignedWeek:
    """A week of lessons that may be signed, and the pupils whose diary nobody signed (J-32)."""

    week: Week
    pupils: list[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class ClassOverview:
    """The whole glance."""

    school_class: SchoolClass
    date: date
    pupils: int
    lessons: int
    """Of the day; cancelled ones left out."""
    absent: list[Absent]
    open_points: list[OpenPoint]
    low_marks: list[LowMark]
    behaviour: list[tuple[str, Note]]
    """Notes of the week, with the pupil's name."""
    unsigned: list[UnsignedWeek]


_TYPES: dict[str, TypeEngine[Any]] = {
    "school": Uuid(),
    "pupils": ARRAY(Uuid),
    "class": Uuid(),
    "day": Date(),
    "first": Date(),
    "last": Date(),
    "mondays": ARRAY(Date),
}


def _statement(sql: str) -> TextClause:
    """With the types of those parameters that it names."""
    statement = text(sql)
    return statement.bindparams(*(bindparam(name, type_=_TYPES[name]) for name in statement.compile().params))


_MISSED = _statement(
    """
    SELECT pupil_id, count(*) FILTER (WHERE kind = 'absent') AS missed, count(*) FILTER (WHERE kind = 'late') AS late,
           array_remove(array_agg(DISTINCT reason) FILTER (WHERE kind = 'absent'), NULL) AS reasons,
           coalesce(bool_or(notice_id IS NOT NULL), false) AS notice
    FROM absences
    WHERE school_id = :school AND pupil_id = ANY (:pupils) AND date = :day AND removed_at IS NULL
    GROUP BY pupil_id
    """
)
_LESSONS = _statement(
    """
    -- Groups learn side by side: nobody has more than these.
    SELECT count(DISTINCT number) FROM lessons
    WHERE school_id = :school AND class_id = :class AND date = :day AND cancelled_at IS NULL
    """
)
_OPEN_POINTS = _statement(
    """
    SELECT x.point_id, x.pupil_id, s.title AS subject, x.kind, f.name AS control_form, x.due_on
    FROM points x
    JOIN subjects s ON s.school_id = x.school_id AND s.subject_id = x.subject_id
    JOIN control_forms f ON f.school_id = x.school_id AND f.control_form_id = x.control_form_id
    WHERE x.school_id = :school AND x.pupil_id = ANY (:pupils) AND x.state = 'open'
    ORDER BY x.due_on, s.title, x.point_id
    """
)
_LOW_MARKS = _statement(
    """
    SELECT m.mark_id, m.pupil_id, s.title AS subject, m.date, m.value, f.name AS control_form
    FROM marks m
    JOIN subjects s ON s.school_id = m.school_id AND s.subject_id = m.subject_id
    JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
    WHERE m.school_id = :school AND m.pupil_id = ANY (:pupils) AND m.date BETWEEN :first AND :last
      AND m.value IN ('1', '2', 'незачёт') AND m.removed_at IS NULL
    ORDER BY m.date, s.title, m.mark_id
    """
)
# Nobody signs a week of holidays, or one before the pupil came.
_UNSIGNED = _statement(
    """
    SELECT w.monday, p.pupil_id
    FROM unnest(:mondays) AS w (monday)
    JOIN pupils p ON p.school_id = :school AND p.pupil_id = ANY (:pupils) AND p.since <= w.monday + 6
    WHERE EXISTS (SELECT FROM lessons l WHERE l.school_id = :school AND l.class_id = :class
                  AND l.date BETWEEN w.monday AND w.monday + 6 AND l.cancelled_at IS NULL)
      AND NOT EXISTS (SELECT FROM week_signatures s WHERE s.school_id = :school AND s.pupil_id = p.pupil_id
                      AND s.monday = w.monday)
    """
)


async def read_class_overview(
    session: AsyncSession, school: School, school_class: SchoolClass, day: date, today: date
) -> ClassOverview:
    """The class on one day and in its week: a constant number of queries.

    Args:
        session: an open session.
        school: the school of the class.
        school_class: a class that the caller may look at in this way.
        day: which day.
        today: where the school is; weeks that may not be signed yet are not missing a signature.
    """
    pupils = await pupils_of_class(session, school_class)
    names = {pupil.pupil_id: pupil.full_name for pupil in pupils}
    week = Week(day - timedelta(days=day.weekday()))
    weeks = [Week(week.monday - timedelta(weeks=back)) for back in range(WEEKS_BACK)]
    bound = {
        "school": school.school_id,
        "class": school_class.class_id,
        "pupils": list(names),
        "day": day,
        "first": week.monday,
        "last": week.sunday,
        "mondays": [one.monday for one in weeks if one.may_be_judged(today)],
    }
    missed = {row.pupil_id: row for row in await session.execute(_MISSED, bound)}
    notices = await notices_of_class(session, school.school_id, school_class.class_id, day, day)
    said = {notice.pupil_id: str(notice.reason) for _, notice in notices}
    points = await session.execute(_OPEN_POINTS, bound)
    low = await session.execute(_LOW_MARKS, bound)
    notes = await notes_of_class(session, school_class, week.monday)
    unsigned: dict[date, list[tuple[UUID, str]]] = defaultdict(list)
    for row in await session.execute(_UNSIGNED, bound):
        unsigned[row.monday].append((row.pupil_id, names[row.pupil_id]))
    return ClassOverview(
        school_class=school_class,
        date=day,
        pupils=len(pupils),
        lessons=await session.scalar(_LESSONS, bound) or 0,
        absent=_absent(names, missed, said),
        open_points=[
            OpenPoint(
                row.point_id, row.pupil_id, names[row.pupil_id], row.subject, row.kind, row.control_form, row.due_on
            )
            for row in points
        ],
        low_marks=[
            LowMark(row.mark_id, row.pupil_id, names[row.pupil_id], row.subject, row.date, row.value, row.control_form)
            for row in low
        ],
        behaviour=[(names[note.pupil_id], note) for note in notes if note.pupil_id in names],
        unsigned=[
            UnsignedWeek(Week(monday), sorted(missing, key=lambda one: (one[1], one[0])))
            for monday, missing in sorted(unsigned.items(), reverse=True)
        ],
    )


def _absent(names: dict[UUID, str], missed: dict[UUID, Row[Any]], said: dict[UUID, str]) -> list[Absent]:
    absent = []
    for pupil_id, name in names.items():
        row = missed.get(pupil_id)
        if row is None and pupil_id not in said:
            continue
        reasons = {*(row.reasons or () if row else ()), *filter(None, (said.get(pupil_id),))}
        absent.append(
            Absent(
                pupil_id=pupil_id,
                pupil=name,
                missed=row.missed if row else 0,
                late=row.late if row else 0,
                reasons=sorted(reasons),
                notice=pupil_id in said or bool(row and row.notice),
            )
        )
    return absent
