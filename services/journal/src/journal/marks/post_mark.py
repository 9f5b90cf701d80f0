"""Post one mark (J-10): the subject teacher, for a lesson, a pupil of its class and a control form."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, update

from journal.errors import ControlFormUnknown, GradeOneHasNoMarks, PupilNotInClass
from journal.marks.averages import Averages, averages
from journal.marks.queries import ControlForm, Mark, find_form
from journal.marks.rules import FIRST_GRADE_WITH_MARKS, MarkValue
from journal.marks.tables import marks
from journal.roster.queries import Teacher, hold_pupil
from journal.timetable.authority import lesson_to_keep
from journal.timetable.queries import Lesson
from journal.timetable.tables import lessons
from shared.contracts import journal as contract
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class NewMark:
    """What the teacher writes."""

    pupil_id: UUID
    value: MarkValue
    control_form_id: UUID
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """The mark as it stands, and the pupil's averages in the subject with it."""

    mark: Mark
    averages: Averages


async def post_mark(uow: UnitOfWork, caller: Caller, lesson_id: UUID, new: NewMark) -> Posted:
    """Post a mark and say `GradePosted`.

    Raises:
        LessonNotFound, NotYourLesson: not the caller's to keep.
        GradeOneHasNoMarks, PupilNotInClass, ControlFormUnknown: the mark cannot stand there.
    """
    async with uow.begin() as tx:
        lesson, teacher = await lesson_to_keep(tx, caller, lesson_id)
        if lesson.grade < FIRST_GRADE_WITH_MARKS:
            raise GradeOneHasNoMarks
        # Held, so that of two marks at once the later one's average has both in it.
        pupil = await hold_pupil(tx.session, lesson.school_id, new.pupil_id)
        if pupil is None or pupil.class_id != lesson.class_id or pupil.left_on is not None:
            raise PupilNotInClass
        form = await find_form(tx.session, lesson.school_id, new.control_form_id)
        if form is None:
            raise ControlFormUnknown
        mark = await _write(tx, lesson, teacher, form, new)
        now = await averages(tx.session, lesson.school_id, new.pupil_id, lesson.subject_id)
        tx.emit(_grade_posted(mark, lesson, teacher, now))
        return Posted(mark, now)


async def _write(tx: Tx, lesson: Lesson, teacher: Teacher, form: ControlForm, new: NewMark) -> Mark:
    mark = Mark(
        school_id=lesson.school_id,
        mark_id=tx.new_id(),
        pupil_id=new.pupil_id,
        lesson_id=lesson.lesson_id,
        subject_id=lesson.subject_id,
        date=lesson.date,
        value=new.value,
        comment=new.comment,
        author_name=teacher.name,
        posted_at=tx.now,
        version=1,
        changed_at=None,
        form=form,
    )
    await tx.session.execute(
        insert(marks).values(
            school_id=mark.school_id,
            mark_id=mark.mark_id,
            pupil_id=mark.pupil_id,
            lesson_id=mark.lesson_id,
            subject_id=mark.subject_id,
            date=mark.date,
            value=mark.value,
            control_form_id=form.control_form_id,
            comment=mark.comment,
            author_id=teacher.person_id,
            posted_at=mark.posted_at,
        )
    )
    if not lesson.has_marks:
        await tx.session.execute(
            update(lessons)
            .where(
                lessons.c.school_id == lesson.school_id,
                lessons.c.lesson_id == lesson.lesson_id,
                lessons.c.has_marks.is_(False),
            )
            .values(has_marks=True)
        )
    return mark


def _grade_posted(mark: Mark, lesson: Lesson, teacher: Teacher, now: Averages) -> contract.GradePosted:
    return contract.GradePosted(
        school_id=mark.school_id,
        pupil_id=mark.pupil_id,
        class_id=lesson.class_id,
        mark_id=mark.mark_id,
        lesson_id=mark.lesson_id,
        lesson_date=mark.date,
        subject_id=mark.subject_id,
        subject_title=lesson.subject_title,
        value=mark.value,
        control_form=control_form_of(mark.form),
        comment=mark.comment,
        teacher_person_id=teacher.person_id,
        teacher_name=teacher.name,
        posted_at=mark.posted_at,
        average=now.weighted,
    )


def control_form_of(form: ControlForm) -> contract.ControlForm:
    """A control form as events carry it."""
    return contract.ControlForm(
        control_form_id=form.control_form_id, name=form.name, category=form.category, weight=form.weight
    )
