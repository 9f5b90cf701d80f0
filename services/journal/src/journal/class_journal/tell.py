"""What the town hears of changes in cells: one event each, in the pupil's stream."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from journal.class_journal.desk import Desk
from journal.class_journal.rules import Cell, Changes, Form
from shared.contracts import journal as contract
from shared.db import Tx


def tell(tx: Tx, desk: Desk, changes: Changes, cells: Mapping[UUID, Cell]) -> None:
    """Say all changes; marks before the points that they settle.

    Args:
        tx: the transaction that makes the changes.
        desk: the lesson and its teacher.
        changes: what was written.
        cells: as they stand after all of it.
    """
    place: dict[str, Any] = {
        "school_id": desk.school_id,
        "class_id": desk.class_id,
        "lesson_id": desk.lesson_id,
        "lesson_date": desk.date,
        "subject_id": desk.subject_id,
        "subject_title": desk.subject_title,
    }
    teacher: dict[str, Any] = {"teacher_person_id": desk.teacher_id, "teacher_name": desk.teacher_name}
    _tell_of_marks(tx, changes, place, teacher, cells)
    _tell_of_attendance(tx, changes, place | {"lesson_number": desk.number}, teacher)
    _tell_of_points(tx, changes, place, teacher)


def _tell_of_marks(
    tx: Tx, changes: Changes, place: dict[str, Any], teacher: dict[str, Any], cells: Mapping[UUID, Cell]
) -> None:
    for pupil_id, mark in changes.marks_added:
        average: Decimal | None = cells[pupil_id].sums.weighted
        tx.emit(
            contract.GradePosted(
                **place,
                **teacher,
                pupil_id=pupil_id,
                mark_id=mark.mark_id,
                value=mark.value,
                control_form=_form(mark.form),
                comment=mark.comment,
                posted_at=mark.posted_at,
                average=average,
            )
        )
    for pupil_id, old, new, _ in changes.marks_changed:
        assert new.changed_at is not None
        tx.emit(
            contract.GradeChanged(
                **place,
                **teacher,
                pupil_id=pupil_id,
                mark_id=new.mark_id,
                old_value=old.value,
                value=new.value,
                control_form=_form(new.form),
                comment=new.comment,
                mark_version=new.version,
                changed_at=new.changed_at,
            )
        )
    for pupil_id, mark, _ in changes.marks_removed:
        tx.emit(
            contract.GradeRemoved(
                **place, pupil_id=pupil_id, mark_id=mark.mark_id, old_value=mark.value, removed_at=tx.now
            )
        )


def _tell_of_attendance(tx: Tx, changes: Changes, place: dict[str, Any], teacher: dict[str, Any]) -> None:
    for pupil_id, old, new, _ in changes.absences_set:
        # Another reason is not told: it is nobody's business on the bus.
        if old is None or (old.kind, old.notice_id) != (new.kind, new.notice_id):
            tx.emit(
                contract.AbsenceRecorded(
                    **place,
                    **teacher,
                    pupil_id=pupil_id,
                    kind=new.kind,
                    has_notice=new.notice_id is not None,
                    absence_version=new.version,
                    recorded_at=tx.now,
                )
            )
    for pupil_id, absence, _ in changes.absences_removed:
        tx.emit(
            contract.AbsenceRemoved(**place, pupil_id=pupil_id, absence_version=absence.version + 1, removed_at=tx.now)
        )


def _tell_of_points(tx: Tx, changes: Changes, place: dict[str, Any], teacher: dict[str, Any]) -> None:
    for pupil_id, point in (*changes.points_added, *changes.points_changed):
        tx.emit(
            contract.PointSet(
                **place,
                **teacher,
                pupil_id=pupil_id,
                point_id=point.point_id,
                kind=point.kind,
                control_form=_form(point.form),
                due_on=point.due_on,
                comment=point.comment,
                point_version=point.version,
                set_at=tx.now,
            )
        )
    for pupil_id, point, mark_id, _ in changes.points_ended:
        ended: dict[str, Any] = {"pupil_id": pupil_id, "point_id": point.point_id, "kind": point.kind}
        if mark_id is None:
            tx.emit(contract.PointVanished(**place, **ended, because="withdrawn", vanished_at=tx.now))
        else:
            tx.emit(contract.PointSettled(**place, **ended, mark_id=mark_id, settled_at=tx.now))


def _form(form: Form) -> contract.ControlForm:
    return contract.ControlForm(
        control_form_id=form.control_form_id, name=form.name, category=form.category, weight=form.weight
    )
