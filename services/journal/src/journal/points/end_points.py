"""Points whose time is over (J-15): the due date has passed, or the period ends. What ended stays in the journal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, Date, Integer, Row, Text, Uuid, bindparam, text

from journal.calendar.queries import Period
from journal.pages.touch_columns import touch_columns
from shared.contracts.journal import PointSettled, PointVanished
from shared.db import Tx, UnitOfWork

BATCH = 500
"""Points of one transaction."""

# Whoever writes into a cell holds its pupil first, and so does this: a mark that is being put in a point's place
# goes before, and the point of a pupil who is held just now vanishes in the next round.
_DUE = text(
    """
    SELECT p.school_id, p.point_id, p.due_on
    FROM points p
    JOIN schools s ON s.school_id = p.school_id
    JOIN pupils u ON u.school_id = p.school_id AND u.pupil_id = p.pupil_id
    WHERE p.state = 'open' AND p.due_on < :latest AND p.due_on < (:now AT TIME ZONE s.time_zone)::date
    ORDER BY p.school_id, p.pupil_id LIMIT :batch
    FOR NO KEY UPDATE OF u SKIP LOCKED
    """
).bindparams(
    bindparam("now", type_=TIMESTAMP(timezone=True)),
    bindparam("latest", type_=Date),
    bindparam("batch", type_=Integer),
)
_OF_PERIOD = text(
    """
    SELECT p.school_id, p.point_id, p.due_on
    FROM points p
    JOIN lessons l ON l.school_id = p.school_id AND l.lesson_id = p.lesson_id
    JOIN classes c ON c.school_id = l.school_id AND c.class_id = l.class_id
    JOIN pupils u ON u.school_id = p.school_id AND u.pupil_id = p.pupil_id
    WHERE p.school_id = :school AND p.state = 'open' AND p.date BETWEEN :first AND :last
      AND c.grade BETWEEN :first_grade AND :last_grade
    ORDER BY p.pupil_id
    FOR NO KEY UPDATE OF u
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("first_grade", type_=Integer),
    bindparam("last_grade", type_=Integer),
)
# A mark that came after the point stands in its place; one that was there before is what the point is about.
# A point that was given another day in the moment before its pupil was held has not passed.
_END = text(
    """
    WITH told AS (
      SELECT p.school_id, p.point_id, m.mark_id FROM unnest(:schools, :points, :due) AS t (school_id, point_id, due_on)
      JOIN points p ON p.school_id = t.school_id AND p.point_id = t.point_id AND p.state = 'open'
        AND (:settles OR p.due_on = t.due_on)
      LEFT JOIN LATERAL (
        SELECT m.mark_id FROM marks m
        WHERE :settles AND m.school_id = p.school_id AND m.lesson_id = p.lesson_id AND m.pupil_id = p.pupil_id
          AND m.removed_at IS NULL AND m.posted_at > p.set_at
        ORDER BY m.posted_at DESC LIMIT 1
      ) m ON true
    ), history AS (
      INSERT INTO point_history (school_id, point_id, version, kind, control_form_id, due_on, comment, state,
                                 author_id, written_at, operation, replaced_at, reason)
      SELECT p.school_id, p.point_id, p.version, p.kind, p.control_form_id, p.due_on, p.comment, p.state, p.author_id,
             coalesce(p.changed_at, p.set_at), CASE WHEN told.mark_id IS NULL THEN 'vanished' ELSE 'settled' END, :now,
             :reason
      FROM told JOIN points p USING (school_id, point_id)
    ), ended AS (
      UPDATE points p
      SET state = CASE WHEN told.mark_id IS NULL THEN 'vanished' ELSE 'settled' END, settled_by_mark = told.mark_id,
          ended_at = :now, changed_at = :now, version = p.version + 1
      FROM told WHERE p.school_id = told.school_id AND p.point_id = told.point_id
      RETURNING p.school_id, p.point_id, p.pupil_id, p.lesson_id, p.subject_id, p.date, p.kind, p.settled_by_mark
    )
    SELECT ended.*, l.class_id, s.title
    FROM ended
    JOIN lessons l ON l.school_id = ended.school_id AND l.lesson_id = ended.lesson_id
    JOIN subjects s ON s.school_id = ended.school_id AND s.subject_id = ended.subject_id
    ORDER BY ended.point_id
    """
).bindparams(
    bindparam("schools", type_=ARRAY(Uuid)),
    bindparam("points", type_=ARRAY(Uuid)),
    bindparam("due", type_=ARRAY(Date)),
    bindparam("now", type_=TIMESTAMP(timezone=True)),
    bindparam("reason", type_=Text),
)


async def vanish_points(uow: UnitOfWork) -> int:
    """Let points vanish whose due date has passed at their school; a job of the worker. Answers how many."""
    total = 0
    while True:
        async with uow.begin() as tx:
            # Nowhere on earth is it later than two days on.
            latest = (tx.now + timedelta(days=1)).date()
            due = (await tx.session.execute(_DUE, {"now": tx.now, "latest": latest, "batch": BATCH})).all()
            ended = await _end(tx, due, settles=False, because="due_date")
        total += ended
        if len(due) < BATCH:
            return total


async def settle_points(tx: Tx, period: Period) -> int:
    """End all points of a period that closes: those with a mark in their place are settled, the others vanish.

    Call it while the period is held, so that nobody writes into its lessons. Answers how many ended.
    """
    found = await tx.session.execute(
        _OF_PERIOD,
        {
            "school": period.school_id,
            "first": period.starts_on,
            "last": period.ends_on,
            "first_grade": period.first_grade,
            "last_grade": period.last_grade,
        },
    )
    return await _end(tx, found.all(), settles=True, because="period_end")


async def _end(tx: Tx, which: Sequence[Row[Any]], *, settles: bool, because: str) -> int:
    if not which:
        return 0
    wanted = {
        "schools": [row.school_id for row in which],
        "points": [row.point_id for row in which],
        "due": [row.due_on for row in which],
        "now": tx.now,
        "settles": settles,
        "reason": because,
    }
    ended = (await tx.session.execute(_END, wanted)).all()
    await _touch(tx, ended)
    for row in ended:
        of_point: dict[str, Any] = {
            "school_id": row.school_id,
            "pupil_id": row.pupil_id,
            "class_id": row.class_id,
            "point_id": row.point_id,
            "lesson_id": row.lesson_id,
            "lesson_date": row.date,
            "subject_id": row.subject_id,
            "subject_title": row.title,
            "kind": row.kind,
        }
        if row.settled_by_mark is None:
            tx.emit(PointVanished(**of_point, because=because, vanished_at=tx.now))
        else:
            tx.emit(PointSettled(**of_point, mark_id=row.settled_by_mark, settled_at=tx.now))
    return len(ended)


async def _touch(tx: Tx, ended: Iterable[Row[Any]]) -> None:
    columns: dict[UUID, set[tuple[UUID, UUID, UUID]]] = defaultdict(set)
    for row in ended:
        columns[row.school_id].add((row.class_id, row.subject_id, row.lesson_id))
    for school_id in sorted(columns):
        await touch_columns(tx, school_id, columns[school_id])
