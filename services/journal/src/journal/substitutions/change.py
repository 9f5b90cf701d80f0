"""Write a changed lesson down: the row, who changed it, its page, and what families are told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import insert, update

from journal.errors import LessonsClash
from journal.pages.touch_columns import touch_columns
from journal.roster.groups import members_of, pupils_of
from journal.timetable.clashes import Planned, clashes
from journal.timetable.queries import Lesson, find_lesson, standing_lessons
from journal.timetable.tables import lesson_changes, lessons
from shared.contracts.journal import LessonChanged
from shared.db import Tx

Operation = Literal["substituted", "restored", "cancelled", "reinstated"]


async def refuse_clashes(tx: Tx, lesson: Lesson, teacher_id: UUID, room: str) -> None:
    """Make sure that the lesson can be held so.

    Raises:
        LessonsClash: the teacher or the room is in another lesson at that time, or the class is.
    """
    day = await standing_lessons(tx.session, lesson.school_id, lesson.date)
    wanted = Planned(
        line=1,
        class_id=lesson.class_id,
        class_name=lesson.class_name,
        teacher_id=teacher_id,
        room=room,
        date=lesson.date,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        group_id=lesson.group_id,
        group_title=lesson.group_title,
    )
    others = [one.held for one in day if not one.cancelled and one.lesson_id != lesson.lesson_id]
    members = await members_of(tx.session, lesson.school_id, {one.group_id for one in (wanted, *others)})
    found = list(clashes([wanted, *others], members))
    if found:
        raise LessonsClash([(one.lesson.date, str(one.lesson), one.who, one.rule, str(one.other)) for one in found])


async def change(
    tx: Tx, lesson: Lesson, by: UUID, operation: Operation, values: Mapping[str, Any], reason: str | None = None
) -> Lesson:
    """Write `values` into the lesson, which this transaction holds, and tell; answers it as it stands now."""
    version = lesson.version + 1
    await tx.session.execute(
        update(lessons)
        .where(lessons.c.school_id == lesson.school_id, lessons.c.lesson_id == lesson.lesson_id)
        .values(**values, version=version)
    )
    after = await find_lesson(tx.session, lesson.lesson_id) or replace(lesson, version=version)
    await tx.session.execute(
        insert(lesson_changes).values(
            school_id=lesson.school_id,
            lesson_id=lesson.lesson_id,
            version=version,
            operation=operation,
            teacher_id=after.teacher_id,
            room=after.room,
            reason=reason,
            changed_by=by,
            changed_at=tx.now,
        )
    )
    column = (lesson.class_id, lesson.subject_id, lesson.lesson_id)
    await touch_columns(tx, lesson.school_id, [column], written=False)
    members = await members_of(tx.session, after.school_id, {after.group_id})
    tx.emit(
        LessonChanged(
            school_id=after.school_id,
            class_id=after.class_id,
            pupil_ids=pupils_of(members, after.group_id),
            lesson_id=after.lesson_id,
            subject_id=after.subject_id,
            subject_title=after.subject_title,
            date=after.date,
            number=after.number,
            state=after.state,
            teacher_name=after.teacher_name,
            planned_teacher_name=after.planned_teacher_name or after.teacher_name,
            room=after.room,
            lesson_version=version,
            changed_at=tx.now,
        )
    )
    return after
