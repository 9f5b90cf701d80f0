"""Correct a mark (J-11): freely inside the edit window, after it with a reason; what it was is kept."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import update

from journal.errors import ControlFormUnknown
from journal.marks.averages import averages
from journal.marks.keep_history import hold_to_change, keep_history
from journal.marks.post_mark import Posted, control_form_of
from journal.marks.queries import ControlForm, Mark, find_form
from journal.marks.rules import MarkValue
from journal.marks.tables import marks
from journal.roster.queries import Teacher
from journal.timetable.queries import Lesson
from shared.contracts.journal import GradeChanged
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be different; None leaves it as it is, and a comment is taken away by `clear_comment`."""

    value: MarkValue | None = None
    control_form_id: UUID | None = None
    comment: str | None = None
    clear_comment: bool = False


async def change_mark(
    uow: UnitOfWork, caller: Caller, mark_id: UUID, version: int, correction: Correction, reason: str | None
) -> Posted:
    """Correct a mark and say `GradeChanged`; a correction that changes nothing says nothing.

    Raises:
        MarkNotFound, NotYourLesson: not the caller's to keep.
        StaleMark: `version` is not the current one.
        ReasonRequired: the edit window is over.
        ControlFormUnknown: the school has no such form.
    """
    async with uow.begin() as tx:
        held = await hold_to_change(tx, caller, mark_id, version, reason)
        form = await _form(tx, held.mark, correction)
        changed = replace(
            held.mark,
            value=correction.value or held.mark.value,
            form=form,
            comment=None if correction.clear_comment else correction.comment or held.mark.comment,
        )
        if changed != held.mark:
            changed = replace(changed, version=version + 1, changed_at=tx.now, author_name=held.teacher.name)
            await keep_history(tx, held, "changed", reason)
            await _write(tx, changed, held.teacher)
            tx.emit(_grade_changed(held.mark, changed, held.lesson, held.teacher))
        now = await averages(tx.session, changed.school_id, changed.pupil_id, changed.subject_id)
        return Posted(changed, now)


async def _form(tx: Tx, mark: Mark, correction: Correction) -> ControlForm:
    if correction.control_form_id is None:
        return mark.form
    form = await find_form(tx.session, mark.school_id, correction.control_form_id)
    if form is None:
        raise ControlFormUnknown
    return form


async def _write(tx: Tx, mark: Mark, teacher: Teacher) -> None:
    await tx.session.execute(
        update(marks)
        .where(marks.c.school_id == mark.school_id, marks.c.mark_id == mark.mark_id)
        .values(
            value=mark.value,
            control_form_id=mark.form.control_form_id,
            comment=mark.comment,
            author_id=teacher.person_id,
            version=mark.version,
            changed_at=mark.changed_at,
        )
    )


def _grade_changed(old: Mark, new: Mark, lesson: Lesson, teacher: Teacher) -> GradeChanged:
    assert new.changed_at is not None
    return GradeChanged(
        school_id=new.school_id,
        pupil_id=new.pupil_id,
        class_id=lesson.class_id,
        mark_id=new.mark_id,
        lesson_id=new.lesson_id,
        lesson_date=new.date,
        subject_id=new.subject_id,
        subject_title=lesson.subject_title,
        old_value=old.value,
        value=new.value,
        control_form=control_form_of(new.form),
        comment=new.comment,
        teacher_person_id=teacher.person_id,
        teacher_name=teacher.name,
        mark_version=new.version,
        changed_at=new.changed_at,
    )
