"""Writes changes into cells: a kind of change is one statement, however many cells it has.

The statements change rows by CTEs on one snapshot, so history copies what stood there before.
"""

import re
from typing import Any

from sqlalchemy import ARRAY, TIMESTAMP, Date, SmallInteger, Text, Uuid, bindparam, text
from sqlalchemy.types import TypeEngine

from journal.class_journal.desk import Desk
from journal.class_journal.rules import CellPoint, Changes
from shared.db import Statement, Tx

_COMMON: dict[str, Any] = {
    "school": Uuid,
    "lesson": Uuid,
    "subject": Uuid,
    "author": Uuid,
    "date": Date,
    "now": TIMESTAMP(timezone=True),
}


def _statement(sql: str, **arrays: type[TypeEngine[Any]]) -> Statement:
    """With those of `_COMMON` that it names, and arrays of one value a row."""
    common = [bindparam(name, type_=kind) for name, kind in _COMMON.items() if re.search(rf"(?<!:):{name}\b", sql)]
    told = (bindparam(name, type_=ARRAY(kind)) for name, kind in arrays.items())
    return Statement(text(sql).bindparams(*common, *told))


_ADD_MARKS = _statement(
    """
    INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, comment,
                       reason, author_id, posted_at)
    SELECT :school, mark_id, pupil_id, :lesson, :subject, :date, value, control_form_id, comment, reason, :author, :now
    FROM unnest(:marks, :pupils, :values, :forms, :comments, :reasons)
      AS t (mark_id, pupil_id, value, control_form_id, comment, reason)
    """,
    marks=Uuid,
    pupils=Uuid,
    values=Text,
    forms=Uuid,
    comments=Text,
    reasons=Text,
)
_CHANGE_MARKS = _statement(
    """
    WITH told AS (
      SELECT * FROM unnest(:marks, :values, :forms, :comments, :reasons)
        AS t (mark_id, value, control_form_id, comment, reason)
    ), history AS (
      INSERT INTO mark_history (school_id, mark_id, version, value, control_form_id, comment, author_id, written_at,
                                operation, replaced_by, replaced_at, reason)
      SELECT m.school_id, m.mark_id, m.version, m.value, m.control_form_id, m.comment, m.author_id,
             coalesce(m.changed_at, m.posted_at), 'changed', :author, :now, told.reason
      FROM told JOIN marks m ON m.school_id = :school AND m.mark_id = told.mark_id
    )
    UPDATE marks m
    SET value = told.value, control_form_id = told.control_form_id, comment = told.comment, author_id = :author,
        changed_at = :now, version = m.version + 1
    FROM told WHERE m.school_id = :school AND m.mark_id = told.mark_id
    """,
    marks=Uuid,
    values=Text,
    forms=Uuid,
    comments=Text,
    reasons=Text,
)
_REMOVE_MARKS = _statement(
    """
    WITH told AS (
      SELECT * FROM unnest(:marks, :reasons) AS t (mark_id, reason)
    ), history AS (
      INSERT INTO mark_history (school_id, mark_id, version, value, control_form_id, comment, author_id, written_at,
                                operation, replaced_by, replaced_at, reason)
      SELECT m.school_id, m.mark_id, m.version, m.value, m.control_form_id, m.comment, m.author_id,
             coalesce(m.changed_at, m.posted_at), 'removed', :author, :now, told.reason
      FROM told JOIN marks m ON m.school_id = :school AND m.mark_id = told.mark_id
    )
    UPDATE marks m SET removed_at = :now, version = m.version + 1
    FROM told WHERE m.school_id = :school AND m.mark_id = told.mark_id
    """,
    marks=Uuid,
    reasons=Text,
)
_SET_ABSENCES = _statement(
    """
    WITH told AS (
      SELECT * FROM unnest(:pupils, :kinds, :reasons, :minutes, :explanations, :notices, :because)
        AS t (pupil_id, kind, reason, minutes, explanation, notice_id, because)
    ), history AS (
      INSERT INTO absence_history (school_id, lesson_id, pupil_id, version, kind, reason, minutes, explanation,
                                   notice_id, author_id, written_at, operation, replaced_by, replaced_at,
                                   replaced_because)
      SELECT a.school_id, a.lesson_id, a.pupil_id, a.version, a.kind, a.reason, a.minutes, a.explanation, a.notice_id,
             a.author_id, coalesce(a.changed_at, a.recorded_at), 'changed', :author, :now, told.because
      FROM told JOIN absences a ON a.school_id = :school AND a.lesson_id = :lesson AND a.pupil_id = told.pupil_id
      WHERE a.removed_at IS NULL
    )
    INSERT INTO absences AS a (school_id, lesson_id, pupil_id, subject_id, date, kind, reason, minutes, explanation,
                               notice_id, author_id, recorded_at)
    SELECT :school, :lesson, pupil_id, :subject, :date, kind, reason, minutes, explanation, notice_id, :author, :now
    FROM told
    ON CONFLICT (school_id, lesson_id, pupil_id) DO UPDATE
    SET kind = excluded.kind, reason = excluded.reason, minutes = excluded.minutes,
        explanation = excluded.explanation, notice_id = excluded.notice_id, author_id = excluded.author_id,
        recorded_at = CASE WHEN a.removed_at IS NULL THEN a.recorded_at ELSE excluded.recorded_at END,
        changed_at = CASE WHEN a.removed_at IS NULL THEN excluded.recorded_at END,
        removed_at = NULL, version = a.version + 1
    """,
    pupils=Uuid,
    kinds=Text,
    reasons=Text,
    minutes=SmallInteger,
    explanations=Text,
    notices=Uuid,
    because=Text,
)
_REMOVE_ABSENCES = _statement(
    """
    WITH told AS (
      SELECT * FROM unnest(:pupils, :because) AS t (pupil_id, because)
    ), history AS (
      INSERT INTO absence_history (school_id, lesson_id, pupil_id, version, kind, reason, minutes, explanation,
                                   notice_id, author_id, written_at, operation, replaced_by, replaced_at,
                                   replaced_because)
      SELECT a.school_id, a.lesson_id, a.pupil_id, a.version, a.kind, a.reason, a.minutes, a.explanation, a.notice_id,
             a.author_id, coalesce(a.changed_at, a.recorded_at), 'removed', :author, :now, told.because
      FROM told JOIN absences a ON a.school_id = :school AND a.lesson_id = :lesson AND a.pupil_id = told.pupil_id
    )
    UPDATE absences a SET removed_at = :now, changed_at = :now, author_id = :author, version = a.version + 1
    FROM told WHERE a.school_id = :school AND a.lesson_id = :lesson AND a.pupil_id = told.pupil_id
    """,
    pupils=Uuid,
    because=Text,
)
_ADD_POINTS = _statement(
    """
    INSERT INTO points (school_id, point_id, pupil_id, lesson_id, subject_id, date, kind, control_form_id, due_on,
                        comment, state, author_id, set_at)
    SELECT :school, point_id, pupil_id, :lesson, :subject, :date, kind, control_form_id, due_on, comment, 'open',
           :author, :now
    FROM unnest(:points, :pupils, :kinds, :forms, :due, :comments)
      AS t (point_id, pupil_id, kind, control_form_id, due_on, comment)
    """,
    points=Uuid,
    pupils=Uuid,
    kinds=Text,
    forms=Uuid,
    due=Date,
    comments=Text,
)
_CHANGE_POINTS = _statement(
    """
    WITH told AS (
      SELECT *, 'changed' AS operation, NULL AS reason FROM unnest(:points, :kinds, :forms, :due, :comments)
        AS t (point_id, kind, control_form_id, due_on, comment)
    ), history AS (
      INSERT INTO point_history (school_id, point_id, version, kind, control_form_id, due_on, comment, state,
                                 author_id, written_at, operation, replaced_by, replaced_at, reason)
      SELECT p.school_id, p.point_id, p.version, p.kind, p.control_form_id, p.due_on, p.comment, p.state, p.author_id,
             coalesce(p.changed_at, p.set_at), told.operation, :author, :now, told.reason
      FROM told JOIN points p ON p.school_id = :school AND p.point_id = told.point_id
    )
    UPDATE points p
    SET kind = told.kind, control_form_id = told.control_form_id, due_on = told.due_on, comment = told.comment,
        author_id = :author, changed_at = :now, version = p.version + 1,
        -- Another due date deserves another reminder.
        reminded_at = CASE WHEN p.due_on = told.due_on THEN p.reminded_at END
    FROM told WHERE p.school_id = :school AND p.point_id = told.point_id
    """,
    points=Uuid,
    kinds=Text,
    forms=Uuid,
    due=Date,
    comments=Text,
)
_END_POINTS = _statement(
    """
    WITH told AS (
      SELECT *, CASE WHEN mark_id IS NULL THEN 'withdrawn' ELSE 'settled' END AS operation
      FROM unnest(:points, :marks, :reasons) AS t (point_id, mark_id, reason)
    ), history AS (
      INSERT INTO point_history (school_id, point_id, version, kind, control_form_id, due_on, comment, state,
                                 author_id, written_at, operation, replaced_by, replaced_at, reason)
      SELECT p.school_id, p.point_id, p.version, p.kind, p.control_form_id, p.due_on, p.comment, p.state, p.author_id,
             coalesce(p.changed_at, p.set_at), told.operation, :author, :now, told.reason
      FROM told JOIN points p ON p.school_id = :school AND p.point_id = told.point_id
    )
    UPDATE points p
    SET state = told.operation, settled_by_mark = told.mark_id, ended_at = :now, changed_at = :now,
        version = p.version + 1
    FROM told WHERE p.school_id = :school AND p.point_id = told.point_id
    """,
    points=Uuid,
    marks=Uuid,
    reasons=Text,
)


async def write(tx: Tx, desk: Desk, changes: Changes) -> None:
    """Write all changes of one lesson; marks before the points that they settle."""
    place = {"school": desk.school_id, "lesson": desk.lesson_id}
    days = {"subject": desk.subject_id, "date": desk.date}
    who = {"author": desk.teacher_id, "now": tx.now}
    driver = await tx.driver()
    if added := changes.marks_added:
        new_marks = {
            "marks": [mark.mark_id for _, mark in added],
            "pupils": [pupil for pupil, _ in added],
            "values": [mark.value for _, mark in added],
            "forms": [mark.form.control_form_id for _, mark in added],
            "comments": [mark.comment for _, mark in added],
            "reasons": [mark.reason for _, mark in added],
        }
        await _ADD_MARKS.fetch(driver, {**place, **days, **who, **new_marks})
    if changed := changes.marks_changed:
        new_states = {
            "marks": [new.mark_id for _, _, new, _ in changed],
            "values": [new.value for _, _, new, _ in changed],
            "forms": [new.form.control_form_id for _, _, new, _ in changed],
            "comments": [new.comment for _, _, new, _ in changed],
            "reasons": [reason for *_, reason in changed],
        }
        await _CHANGE_MARKS.fetch(driver, {"school": desk.school_id, **who, **new_states})
    if removed := changes.marks_removed:
        gone = {"marks": [mark.mark_id for _, mark, _ in removed], "reasons": [reason for *_, reason in removed]}
        await _REMOVE_MARKS.fetch(driver, {"school": desk.school_id, **who, **gone})
    if absent := changes.absences_set:
        recorded = {
            "pupils": [pupil for pupil, *_ in absent],
            "kinds": [new.kind for _, _, new, _ in absent],
            "reasons": [new.reason for _, _, new, _ in absent],
            "minutes": [new.minutes for _, _, new, _ in absent],
            "explanations": [new.explanation for _, _, new, _ in absent],
            "notices": [new.notice_id for _, _, new, _ in absent],
            "because": [why for *_, why in absent],
        }
        await _SET_ABSENCES.fetch(driver, {**place, **days, **who, **recorded})
    if present := changes.absences_removed:
        after_all = {"pupils": [pupil for pupil, *_ in present], "because": [why for *_, why in present]}
        await _REMOVE_ABSENCES.fetch(driver, {**place, **who, **after_all})
    if set_ := changes.points_added:
        new_points = {"pupils": [pupil for pupil, _ in set_], **_of_points([point for _, point in set_])}
        await _ADD_POINTS.fetch(driver, {**place, **days, **who, **new_points})
    if moved := changes.points_changed:
        await _CHANGE_POINTS.fetch(
            driver, {"school": desk.school_id, **who, **_of_points([point for _, point in moved])}
        )
    if ended := changes.points_ended:
        ends = {
            "points": [point.point_id for _, point, _, _ in ended],
            "marks": [mark_id for _, _, mark_id, _ in ended],
            "reasons": [reason for *_, reason in ended],
        }
        await _END_POINTS.fetch(driver, {"school": desk.school_id, **who, **ends})


def _of_points(points: list[CellPoint]) -> dict[str, list[object]]:
    return {
        "points": [point.point_id for point in points],
        "kinds": [point.kind for point in points],
        "forms": [point.form.control_form_id for point in points],
        "due": [point.due_on for point in points],
        "comments": [point.comment for point in points],
    }
