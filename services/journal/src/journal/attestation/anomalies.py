"""What a deputy should look at before a period is closed (J-18): set-based, two queries for a whole school."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, SmallInteger, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.attestation.page import thresholds_of
from journal.attestation.rules import AnomalyKind, Tally, anomaly_of, propose_of
from journal.calendar.queries import Period, settings_of_school
from journal.calendar.rules import SchoolSettings
from journal.calendar.unmarked import has_marks
from journal.roster.names import full_name

# Whoever has lessons of a subject in the period has to get a mark in it, if marks are set in it at all. Of the marks
# only what proposals are made of is asked for; each pupil's are found by the index.
_DUE = text(
    f"""
    WITH here AS MATERIALIZED (
      SELECT c.class_id, c.grade, c.name AS class_name, p.pupil_id, p.surname, p.given_name, p.patronymic
      FROM classes c
      JOIN pupils p ON p.school_id = c.school_id AND p.class_id = c.class_id AND p.left_on IS NULL
      WHERE c.school_id = :school AND c.grade BETWEEN greatest(:first_grade, 2) AND :last_grade
        AND (:class IS NULL OR c.class_id = :class)
    ), taught AS MATERIALIZED (
      SELECT l.class_id, l.subject_id, bool_or(l.group_id IS NULL) AS of_class, array_agg(DISTINCT l.group_id) AS groups
      FROM lessons l
      WHERE l.school_id = :school AND l.date BETWEEN :first AND :last AND l.cancelled_at IS NULL
        AND (:class IS NULL OR l.class_id = :class)
      GROUP BY l.class_id, l.subject_id
      HAVING {has_marks(":school", "l.subject_id")}
    ), sums AS MATERIALIZED (
      SELECT m.pupil_id, m.subject_id, sum(m.value::int * f.weight) AS products, sum(f.weight) AS weights,
             sum(m.value::int) FILTER (WHERE f.category = 'control') AS control,
             count(*) FILTER (WHERE f.category = 'control') AS controls,
             sum(m.value::int) FILTER (WHERE f.category = 'class') AS class_,
             count(*) FILTER (WHERE f.category = 'class') AS classes,
             sum(m.value::int) FILTER (WHERE f.category = 'home') AS home,
             count(*) FILTER (WHERE f.category = 'home') AS homes
      FROM here
      JOIN marks m ON m.school_id = :school AND m.pupil_id = here.pupil_id AND m.date BETWEEN :first AND :last
        AND m.removed_at IS NULL AND m.value IN ('1', '2', '3', '4', '5')
      JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
      GROUP BY m.pupil_id, m.subject_id
    ), before AS (
      SELECT c.grade, c.name, c.class_id, s.title, s.subject_id, p.surname, p.given_name, p.pupil_id
      FROM classes c
      JOIN subjects s ON s.school_id = c.school_id AND s.subject_id = :after_subject
      JOIN pupils p ON p.school_id = c.school_id AND p.pupil_id = :after_pupil
      WHERE c.school_id = :school AND c.class_id = :after_class
    )
    SELECT here.*, s.subject_id, s.title AS subject_title, a.value, a.reason,
           sums.products, sums.weights, sums.control, sums.controls, sums.class_, sums.classes, sums.home, sums.homes
    FROM here
    JOIN taught ON taught.class_id = here.class_id
      AND (taught.of_class OR EXISTS (SELECT FROM group_members g WHERE g.school_id = :school
                                      AND g.pupil_id = here.pupil_id AND g.group_id = ANY (taught.groups)
                                      AND coalesce(g.since <= :last, true) AND coalesce(:first < g.left_on, true)))
    JOIN subjects s ON s.school_id = :school AND s.subject_id = taught.subject_id
    LEFT JOIN sums ON sums.pupil_id = here.pupil_id AND sums.subject_id = s.subject_id
    LEFT JOIN attestation_marks a
      ON a.school_id = :school AND a.pupil_id = here.pupil_id AND a.year_starts_on = :year
      AND a.subject_id = s.subject_id AND a.period_id = :period
    WHERE NOT EXISTS (SELECT FROM before)
      OR (here.grade, here.class_name, here.class_id, s.title, s.subject_id, surname, given_name, here.pupil_id)
         > (SELECT * FROM before)
    ORDER BY here.grade, here.class_name, here.class_id, s.title, s.subject_id, surname, given_name, here.pupil_id
    """  # noqa: S608 - made of constants
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("period", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("year", type_=Date),
    bindparam("first_grade", type_=SmallInteger),
    bindparam("last_grade", type_=SmallInteger),
    bindparam("after_class", type_=Uuid),
    bindparam("after_subject", type_=Uuid),
    bindparam("after_pupil", type_=Uuid),
)

Position = tuple[UUID, UUID, UUID]
"""Class, subject, pupil: names stay out of cursors."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One pupil in one subject."""

    class_id: UUID
    class_name: str
    subject_id: UUID
    subject: str
    pupil_id: UUID
    pupil: str
    kind: AnomalyKind
    value: str | None
    by_average: int | None
    by_priority: int | None
    marks_count: int
    reason: str | None

    @property
    def position(self) -> Position:
        """Of a cursor."""
        return (self.class_id, self.subject_id, self.pupil_id)


async def find_anomalies(
    session: AsyncSession,
    period: Period,
    limit: int,
    *,
    class_id: UUID | None = None,
    kind: AnomalyKind | None = None,
    after: Position | None = None,
) -> list[Anomaly]:
    """The first of a period's, by class, subject and pupil. Grade 1 has no marks, so it misses none.

    Args:
        session: an open session.
        period: which one.
        limit: how many at most.
        class_id: of this class alone.
        kind: of this kind alone.
        after: only what comes after this one.
    """
    settings = await settings_of_school(session, period.school_id)
    after_class, after_subject, after_pupil = after or (None, None, None)
    rows = await session.execute(
        _DUE,
        {
            "school": period.school_id,
            "period": period.period_id,
            "class": class_id,
            "first": period.starts_on,
            "last": period.ends_on,
            "year": period.year_starts_on,
            "first_grade": period.first_grade,
            "last_grade": period.last_grade,
            "after_class": after_class,
            "after_subject": after_subject,
            "after_pupil": after_pupil,
        },
    )
    found = (anomaly for row in rows for anomaly in _anomaly(row, settings) if kind in {None, anomaly.kind})
    return list(islice(found, limit))


def _anomaly(row: Row[Any], settings: SchoolSettings) -> Iterator[Anomaly]:
    """None, or one."""
    marks = Tally(
        row.products or 0,
        row.weights or 0,
        (row.control or 0, row.controls or 0),
        (row.class_ or 0, row.classes or 0),
        (row.home or 0, row.homes or 0),
    )
    proposals = propose_of(marks, thresholds_of(settings), settings.minimum_marks)
    kind = anomaly_of(row.value, proposals)
    if kind is not None:
        yield Anomaly(
            class_id=row.class_id,
            class_name=row.class_name,
            subject_id=row.subject_id,
            subject=row.subject_title,
            pupil_id=row.pupil_id,
            pupil=full_name(row.surname, row.given_name, row.patronymic),
            kind=kind,
            value=row.value,
            by_average=proposals.by_average.proposed,
            by_priority=proposals.by_priority.proposed,
            marks_count=proposals.marks_count,
            reason=row.reason,
        )
