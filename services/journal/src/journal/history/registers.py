"""Lessons in which the class was looked over: nobody absent is a finding too (J-20)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ARRAY, TIMESTAMP, Uuid, bindparam, text

from journal.history.desk import Brought, Desk
from journal.history.sheet import LESSON, Sheet
from journal.pages.touch_columns import touch_columns


class Register(NamedTuple):
    """A lesson."""

    line: int
    date: date
    lesson_number: int
    class_source_id: str
    subject_source_id: str
    group_source_id: str | None


SHEET = Sheet(Register, LESSON)

_TAKEN = text(
    """
    SELECT lesson_id FROM journal_columns
    WHERE school_id = :school AND lesson_id = ANY (:lessons) AND attendance_taken_at IS NOT NULL
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("lessons", type_=ARRAY(Uuid)))
_TAKE = text(
    """
    UPDATE journal_columns c SET attendance_taken_at = t.taken_at, attendance_taken_by = t.taken_by
    FROM unnest(:lessons, :at, :by) AS t (lesson_id, taken_at, taken_by)
    WHERE c.school_id = :school AND c.lesson_id = t.lesson_id
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("lessons", type_=ARRAY(Uuid)),
    bindparam("at", type_=ARRAY(TIMESTAMP(timezone=True))),
    bindparam("by", type_=ARRAY(Uuid)),
)


async def bring(desk: Desk, rows: Sequence[Register]) -> Brought:
    """Note that attendance was taken, by who held the lesson, at its end."""
    held = {lesson.lesson_id: (row, lesson) for row in rows if (lesson := desk.lesson(row)) is not None}
    taken = await desk.tx.session.scalars(_TAKEN, {"school": desk.school_id, "lessons": list(held)})
    for lesson_id in taken:
        del held[lesson_id]
    for row, lesson in held.values():
        desk.must_be_open(row.line, lesson)
    if desk.mistakes:
        return Brought(0, 0)
    new = [lesson for _, lesson in held.values()]
    if new:
        columns = {(lesson.class_id, lesson.subject_id, lesson.lesson_id) for lesson in new}
        await touch_columns(desk.tx, desk.school_id, columns, written=False)
        values = {
            "lessons": list(held),
            "at": [desk.at(lesson.date, lesson.ends_at) for lesson in new],
            "by": [lesson.teacher_id for lesson in new],
        }
        await desk.tx.session.execute(_TAKE, {"school": desk.school_id, **values})
    return Brought(len(new), len(rows) - len(new))
