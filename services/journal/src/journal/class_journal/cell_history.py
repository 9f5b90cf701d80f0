"""What ever stood in a cell: nothing is silently deleted (J-11, J-15), so it can be read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.timetable.queries import Lesson

# What stands now has not been replaced; what was removed or ended stands in the history alone.
_HISTORY = text(
    """
    WITH stood AS (
      SELECT 'mark' AS what, m.mark_id AS id, h.version, h.value, h.control_form_id, NULL::date AS due_on,
             NULL::smallint AS minutes, NULL AS absence_reason, h.comment, h.author_id, h.written_at,
             h.operation AS then, h.replaced_by, h.replaced_at, h.reason AS because
      FROM marks m JOIN mark_history h ON h.school_id = m.school_id AND h.mark_id = m.mark_id
      WHERE m.school_id = :school AND m.lesson_id = :lesson AND m.pupil_id = :pupil
      UNION ALL
      SELECT 'mark', mark_id, version, value, control_form_id, NULL, NULL, NULL, comment, author_id,
             coalesce(changed_at, posted_at), NULL, NULL, NULL, NULL
      FROM marks
      WHERE school_id = :school AND lesson_id = :lesson AND pupil_id = :pupil AND removed_at IS NULL
      UNION ALL
      SELECT 'absence', NULL, version, kind, NULL, NULL, minutes, reason, explanation, author_id, written_at, operation,
             replaced_by, replaced_at, replaced_because
      FROM absence_history WHERE school_id = :school AND lesson_id = :lesson AND pupil_id = :pupil
      UNION ALL
      SELECT 'absence', NULL, version, kind, NULL, NULL, minutes, reason, explanation, author_id,
             coalesce(changed_at, recorded_at), NULL, NULL, NULL, NULL
      FROM absences
      WHERE school_id = :school AND lesson_id = :lesson AND pupil_id = :pupil AND removed_at IS NULL
      UNION ALL
      SELECT 'point', p.point_id, h.version, h.kind, h.control_form_id, h.due_on, NULL, NULL, h.comment, h.author_id,
             h.written_at, h.operation, h.replaced_by, h.replaced_at, h.reason
      FROM points p JOIN point_history h ON h.school_id = p.school_id AND h.point_id = p.point_id
      WHERE p.school_id = :school AND p.lesson_id = :lesson AND p.pupil_id = :pupil
      UNION ALL
      SELECT 'point', point_id, version, kind, control_form_id, due_on, NULL, NULL, comment, author_id,
             coalesce(changed_at, set_at), NULL, NULL, NULL, NULL
      FROM points
      WHERE school_id = :school AND lesson_id = :lesson AND pupil_id = :pupil AND state = 'open'
    )
    SELECT s.what, s.id, s.version, s.value, f.name AS control_form, s.due_on, s.minutes, s.absence_reason, s.comment,
           concat_ws(' ', a.surname, a.given_name, nullif(a.patronymic, '')) AS author, s.written_at, s.then,
           nullif(concat_ws(' ', b.surname, b.given_name, nullif(b.patronymic, '')), '') AS by, s.replaced_at AS at,
           s.because
    FROM stood s
    JOIN staff a ON a.school_id = :school AND a.person_id = s.author_id
    LEFT JOIN staff b ON b.school_id = :school AND b.person_id = s.replaced_by
    LEFT JOIN control_forms f ON f.school_id = :school AND f.control_form_id = s.control_form_id
    ORDER BY s.written_at, s.what, s.id, s.version
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("lesson", type_=Uuid), bindparam("pupil", type_=Uuid))

What = Literal["mark", "absence", "point"]
Then = Literal["changed", "removed", "settled", "vanished", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Stood:
    """One version of a mark, an absence or a point, and what became of it."""

    what: What
    id: UUID | None
    version: int
    value: str
    control_form: str | None
    due_on: date | None
    minutes: int | None
    absence_reason: str | None
    comment: str | None
    author: str
    written_at: datetime
    then: Then | None
    by: str | None
    at: datetime | None
    because: str | None


async def history_of_cell(session: AsyncSession, lesson: Lesson, pupil_id: UUID) -> list[Stood]:
    """All versions in the order they were written; one statement."""
    wanted = {"school": lesson.school_id, "lesson": lesson.lesson_id, "pupil": pupil_id}
    return [Stood(*tuple(row)) for row in await session.execute(_HISTORY, wanted)]
