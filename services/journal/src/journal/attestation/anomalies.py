"""What a deputy should look at before a period is closed (J-18): set-based, two queries for a whole school."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Date, SmallInteger, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.attestation.page import thresholds_of
from journal.attestation.rules import AnomalyKind, MarkOfPeriod, anomaly_of, propose
from journal.calendar.queries import Period, settings_of_school
from journal.roster.names import full_name

# Whoever has lessons of a subject in the period has to get a mark in it.
_DUE = text(
    """
    SELECT c.class_id, c.name AS class_name, s.subject_id, s.title AS subject_title,
           p.pupil_id, p.surname, p.given_name, p.patronymic,
           a.value, a.reason, a.by_average, a.by_priority, coalesce(m.marks, '[]') AS marks
    FROM classes c
    JOIN LATERAL (
      SELECT DISTINCT l.subject_id FROM lessons l
      WHERE l.school_id = c.school_id AND l.class_id = c.class_id AND l.date BETWEEN :first AND :last
    ) l ON true
    JOIN subjects s ON s.school_id = c.school_id AND s.subject_id = l.subject_id
    JOIN pupils p ON p.school_id = c.school_id AND p.class_id = c.class_id AND p.left_on IS NULL
    LEFT JOIN attestation_marks a
      ON a.school_id = c.school_id AND a.pupil_id = p.pupil_id AND a.year_starts_on = :year
      AND a.subject_id = s.subject_id AND a.period_id = :period
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(m.value, f.weight, f.category)) AS marks
      FROM marks m
      JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
      WHERE m.school_id = c.school_id AND m.pupil_id = p.pupil_id AND m.subject_id = s.subject_id
        AND m.date BETWEEN :first AND :last AND m.removed_at IS NULL
    ) m ON true
    WHERE c.school_id = :school AND c.grade BETWEEN greatest(:first_grade, 2) AND :last_grade
    ORDER BY c.grade, c.name, s.title, p.surname, p.given_name, p.pupil_id
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("period", type_=Uuid),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("year", type_=Date),
    bindparam("first_grade", type_=SmallInteger),
    bindparam("last_grade", type_=SmallInteger),
)


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


async def find_anomalies(session: AsyncSession, period: Period) -> list[Anomaly]:
    """All of a period's, by class, subject and pupil. Grade 1 has no marks, so it misses none."""
    settings = await settings_of_school(session, period.school_id)
    rows = await session.execute(
        _DUE,
        {
            "school": period.school_id,
            "period": period.period_id,
            "first": period.starts_on,
            "last": period.ends_on,
            "year": period.year_starts_on,
            "first_grade": period.first_grade,
            "last_grade": period.last_grade,
        },
    )
    found = []
    for row in rows:
        proposals = propose(
            (MarkOfPeriod(*mark) for mark in _marks(row)),
            thresholds=thresholds_of(settings),
            minimum_marks=settings.minimum_marks,
        )
        kind = anomaly_of(row.value, proposals)
        if kind is not None:
            found.append(
                Anomaly(
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
            )
    return found


def _marks(row: Any) -> list[Any]:
    marks: list[Any] = json.loads(row.marks) if isinstance(row.marks, str) else row.marks
    return marks
