"""What correcting and removing have in common (J-11): whose mark it is, that it is current, and what it was."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import func, insert, literal, select

from journal.errors import LessonNotFound, MarkNotFound, ReasonRequired, StaleMark
from journal.marks.queries import Mark, hold_mark
from journal.marks.rules import EDIT_WINDOW, reason_is_needed
from journal.marks.tables import mark_history, marks
from journal.roster.queries import Teacher
from journal.timetable.authority import lesson_to_keep
from journal.timetable.queries import Lesson
from shared.db import Tx
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Held:
    """A mark that this transaction may change."""

    mark: Mark
    lesson: Lesson
    teacher: Teacher


async def hold_to_change(tx: Tx, caller: Caller, mark_id: UUID, version: int, reason: str | None) -> Held:
    """Hold the caller's mark at the version that the caller saw.

    Raises:
        MarkNotFound, NotYourLesson, StaleMark, ReasonRequired
    """
    mark = await hold_mark(tx.session, mark_id)
    if mark is None:
        raise MarkNotFound
    try:
        lesson, teacher = await lesson_to_keep(tx, caller, mark.lesson_id)
    except LessonNotFound:
        raise MarkNotFound from None
    if mark.version != version:
        current = {"mark_id": mark.mark_id, "version": mark.version, "value": mark.value, "comment": mark.comment}
        raise StaleMark(base=version, current=mark.version, members={"current": current})
    if reason is None and reason_is_needed(mark.posted_at, tx.now):
        raise ReasonRequired(days=EDIT_WINDOW.days)
    return Held(mark, lesson, teacher)


async def keep_history(tx: Tx, held: Held, operation: Literal["changed", "removed"], reason: str | None) -> None:
    """Write down the mark as it is now, before it becomes something else."""
    copied = ("school_id", "mark_id", "version", "value", "control_form_id", "comment", "author_id")
    await tx.session.execute(
        insert(mark_history).from_select(
            [*copied, "written_at", "operation", "replaced_by", "replaced_at", "reason"],
            select(
                *(marks.c[name] for name in copied),
                func.coalesce(marks.c.changed_at, marks.c.posted_at),
                literal(operation),
                literal(held.teacher.person_id),
                literal(tx.now),
                literal(reason),
            ).where(marks.c.school_id == held.mark.school_id, marks.c.mark_id == held.mark.mark_id),
        )
    )
