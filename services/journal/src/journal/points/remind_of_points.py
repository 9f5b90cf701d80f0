"""Remind families of points before they are due (J-15): once for each due date, in the daytime."""

from datetime import timedelta
from typing import Any

from sqlalchemy import TIMESTAMP, Date, Integer, bindparam, text

from journal.calendar.rules import SchoolSettings
from journal.points.rules import REMINDED_FROM_HOUR, REMINDED_UNTIL_HOUR
from shared.contracts.journal import ControlForm, PointDueSoon
from shared.db import Tx, UnitOfWork

BATCH = 500
"""Points of one transaction."""
MOST_DAYS = 30
"""As far ahead as a school may want to be reminded."""

_REMIND = text(
    """
    WITH due AS (
      SELECT p.school_id, p.point_id
      FROM points p
      JOIN schools s ON s.school_id = p.school_id
      LEFT JOIN school_settings st ON st.school_id = p.school_id
      WHERE p.state = 'open' AND p.reminded_at IS NULL AND p.due_on BETWEEN :first AND :last
        AND p.due_on - (:now AT TIME ZONE s.time_zone)::date BETWEEN 0 AND coalesce(st.point_reminder_days, :days)
        AND extract(hour FROM :now AT TIME ZONE s.time_zone) BETWEEN :from_hour AND :until_hour
      ORDER BY p.point_id LIMIT :batch
      FOR NO KEY UPDATE OF p SKIP LOCKED
    ), reminded AS (
      UPDATE points p SET reminded_at = :now
      FROM due WHERE p.school_id = due.school_id AND p.point_id = due.point_id
      RETURNING p.*
    )
    SELECT r.*, l.class_id, s.title, f.name, f.category, f.weight
    FROM reminded r
    JOIN lessons l ON l.school_id = r.school_id AND l.lesson_id = r.lesson_id
    JOIN subjects s ON s.school_id = r.school_id AND s.subject_id = r.subject_id
    JOIN control_forms f ON f.school_id = r.school_id AND f.control_form_id = r.control_form_id
    ORDER BY r.point_id
    """
).bindparams(
    bindparam("now", type_=TIMESTAMP(timezone=True)),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
    bindparam("days", type_=Integer),
    bindparam("from_hour", type_=Integer),
    bindparam("until_hour", type_=Integer),
    bindparam("batch", type_=Integer),
)


async def remind_of_points(uow: UnitOfWork) -> int:
    """Say `PointDueSoon` of what is due within the school's days; a job of the worker. Answers how many."""
    total = 0
    while True:
        async with uow.begin() as tx:
            reminded = await _remind(tx)
        total += reminded
        if reminded < BATCH:
            return total


async def _remind(tx: Tx) -> int:
    today = tx.now.date()
    wanted = {
        "now": tx.now,
        # Wide enough for every time zone; the school's own day decides.
        "first": today - timedelta(days=1),
        "last": today + timedelta(days=MOST_DAYS + 1),
        "days": SchoolSettings().point_reminder_days,
        "from_hour": REMINDED_FROM_HOUR,
        "until_hour": REMINDED_UNTIL_HOUR - 1,
        "batch": BATCH,
    }
    rows = (await tx.session.execute(_REMIND, wanted)).all()
    for row in rows:
        tx.emit(_due_soon(row))
    return len(rows)


def _due_soon(row: Any) -> PointDueSoon:
    return PointDueSoon(
        school_id=row.school_id,
        pupil_id=row.pupil_id,
        class_id=row.class_id,
        point_id=row.point_id,
        lesson_id=row.lesson_id,
        lesson_date=row.date,
        subject_id=row.subject_id,
        subject_title=row.title,
        kind=row.kind,
        control_form=ControlForm(
            control_form_id=row.control_form_id, name=row.name, category=row.category, weight=row.weight
        ),
        due_on=row.due_on,
    )
