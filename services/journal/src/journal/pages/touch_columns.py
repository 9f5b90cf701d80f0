"""Write down that columns changed (J-35). The last thing before the events of a transaction, after all its rows.

Pages are locked in the order of their keys, so that two transactions that touch the same pages wait, and never for
each other.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, Boolean, Uuid, bindparam, text

from shared.db import Statement, Tx

Column = tuple[UUID, UUID, UUID]
"""Class, subject, lesson."""

_TOUCH = Statement(
    text(
        """
    WITH touched AS (
      SELECT * FROM unnest(:classes, :subjects, :lessons) AS t (class_id, subject_id, lesson_id)
    ), page AS (
      INSERT INTO journal_pages AS p (school_id, class_id, subject_id, revision)
      SELECT DISTINCT :school, class_id, subject_id, 1 FROM touched ORDER BY class_id, subject_id
      ON CONFLICT (school_id, class_id, subject_id) DO UPDATE SET revision = p.revision + 1
      RETURNING class_id, subject_id, revision
    ), lesson AS (
      UPDATE lessons SET has_marks = true
      WHERE :written AND school_id = :school AND lesson_id = ANY (:lessons) AND NOT has_marks
    ), columns AS (
      INSERT INTO journal_columns AS c
        (school_id, lesson_id, class_id, subject_id, revision, attendance_taken_at, attendance_taken_by)
      SELECT :school, t.lesson_id, t.class_id, t.subject_id, page.revision, :taken_at, :taken_by
      FROM touched t JOIN page USING (class_id, subject_id)
      ORDER BY t.lesson_id
      ON CONFLICT (school_id, lesson_id) DO UPDATE
      SET class_id = excluded.class_id, subject_id = excluded.subject_id, revision = excluded.revision,
        attendance_taken_at = coalesce(excluded.attendance_taken_at, c.attendance_taken_at),
        attendance_taken_by = coalesce(excluded.attendance_taken_by, c.attendance_taken_by)
    )
    SELECT max(revision) AS revision FROM page
    """
    ).bindparams(
        bindparam("school", type_=Uuid),
        bindparam("classes", type_=ARRAY(Uuid)),
        bindparam("subjects", type_=ARRAY(Uuid)),
        bindparam("lessons", type_=ARRAY(Uuid)),
        bindparam("taken_at", type_=TIMESTAMP(timezone=True)),
        bindparam("taken_by", type_=Uuid),
        bindparam("written", type_=Boolean),
    )
)


async def touch_columns(
    tx: Tx,
    school_id: UUID,
    columns: Iterable[Column],
    attendance_taken_by: UUID | None = None,
    *,
    written: bool = True,
) -> int:
    """Count up the pages of some columns of one school; the highest revision is answered.

    Args:
        tx: an open transaction.
        school_id: the school of all of them.
        columns: what changed.
        attendance_taken_by: who looked the class over in these lessons, if that is what happened.
        written: into their cells; False: only what stands above them changed, the lesson's topic or teacher.
    """
    touched = sorted(set(columns))
    (page,) = await _TOUCH.fetch(
        await tx.driver(),
        {
            "school": school_id,
            "classes": [class_id for class_id, _, _ in touched],
            "subjects": [subject_id for _, subject_id, _ in touched],
            "lessons": [lesson_id for _, _, lesson_id in touched],
            "taken_at": tx.now if attendance_taken_by else None,
            "taken_by": attendance_taken_by,
            "written": written,
        },
    )
    return int(page["revision"] or 0)
