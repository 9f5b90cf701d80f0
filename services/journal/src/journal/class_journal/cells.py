"""The cells of one lesson, held so that nobody else writes into them until the transaction ends."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, text

from journal.class_journal.desk import Desk
from journal.class_journal.rules import Cell, CellAbsence, CellMark, CellPoint, Form, Notice
from journal.marks.rules import NO_MARKS, Sums
from journal.roster.groups import concerns_sql
from journal.roster.names import full_name
from shared.db import Statement, Tx

# Whoever writes into a cell holds its pupil, always in the order of ids: two columns with the same pupils wait for
# each other and never in a circle, and an average that is computed has all marks in it.
_PLACE = (
    bindparam("school", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("group", type_=Uuid),
    bindparam("date", type_=Date),
)
_IN_GROUP = concerns_sql(":group", ":date", ":school", "pupils.pupil_id")
_HOLD = Statement(
    text(
        f"""
    SELECT pupil_id FROM pupils
    WHERE school_id = :school AND pupil_id = ANY (:pupils)
      AND (class_id = :class AND left_on IS NULL AND {_IN_GROUP} OR :also_gone)
    ORDER BY pupil_id FOR NO KEY UPDATE
    """  # noqa: S608 -- made of constants
    ).bindparams(*_PLACE, bindparam("pupils", type_=ARRAY(Uuid)))
)
_CLASS = f"""
    SELECT pupil_id FROM pupils
    WHERE school_id = :school AND class_id = :class AND left_on IS NULL AND {_IN_GROUP}
    ORDER BY pupil_id
"""  # noqa: S608 -- made of constants
_READ_CLASS = Statement(text(_CLASS).bindparams(*_PLACE))
_HOLD_CLASS = Statement(text(f"{_CLASS} FOR NO KEY UPDATE").bindparams(*_PLACE))
# After the pupils are held, so that it sees what was committed while waiting for them.
_CELLS = Statement(
    text(
        """
    WITH here AS (
      SELECT m.pupil_id, json_agg(json_build_array(m.mark_id, m.value, m.control_form_id, f.name, f.category, f.weight,
               f.archived_at IS NOT NULL, m.comment, m.reason, a.surname, a.given_name, a.patronymic, m.posted_at,
               m.version, m.changed_at)
               ORDER BY m.posted_at, m.mark_id) AS marks
      FROM marks m
      JOIN staff a ON a.school_id = m.school_id AND a.person_id = m.author_id
      JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
      WHERE m.school_id = :school AND m.lesson_id = :lesson AND m.pupil_id = ANY (:pupils) AND m.removed_at IS NULL
      GROUP BY m.pupil_id
    ), sums AS (
      SELECT m.pupil_id, sum(m.value::int * f.weight) AS products, sum(f.weight) AS weights,
             sum(m.value::int) AS total, count(*) AS numbers
      FROM marks m JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
      WHERE m.school_id = :school AND m.pupil_id = ANY (:pupils) AND m.subject_id = :subject
        AND m.date BETWEEN :first AND :last AND m.removed_at IS NULL AND m.value IN ('1', '2', '3', '4', '5')
      GROUP BY m.pupil_id
    ), missed AS (
      SELECT b.pupil_id, count(*) AS lessons FROM absences b
      WHERE b.school_id = :school AND b.pupil_id = ANY (:pupils) AND b.date BETWEEN :first AND :last
        AND b.subject_id = :subject AND b.kind = 'absent' AND b.removed_at IS NULL
      GROUP BY b.pupil_id
    ), notices AS (
      SELECT DISTINCT ON (n.pupil_id) n.pupil_id, n.notice_id, n.reason FROM absence_notices n
      WHERE n.school_id = :school AND n.pupil_id = ANY (:pupils) AND n.last_day >= :date AND n.first_day <= :date
        AND n.withdrawn_at IS NULL
      ORDER BY n.pupil_id, n.notice_id DESC
    )
    SELECT w.pupil_id, here.marks, sums.products, sums.weights, sums.total, sums.numbers, missed.lessons AS missed,
           b.kind AS absence_kind, b.reason AS absence_reason, b.minutes, b.explanation, b.notice_id AS covered_by,
           b.recorded_at, b.version AS absence_version, b.removed_at,
           p.point_id, p.kind AS point_kind, p.control_form_id, f.name, f.category, f.weight,
           f.archived_at IS NOT NULL AS archived, p.due_on, p.comment, p.set_at, p.version,
           notices.notice_id, notices.reason AS notice_reason
    FROM unnest(:pupils) AS w (pupil_id)
    LEFT JOIN here ON here.pupil_id = w.pupil_id
    LEFT JOIN sums ON sums.pupil_id = w.pupil_id
    LEFT JOIN missed ON missed.pupil_id = w.pupil_id
    LEFT JOIN notices ON notices.pupil_id = w.pupil_id
    LEFT JOIN absences b ON b.school_id = :school AND b.lesson_id = :lesson AND b.pupil_id = w.pupil_id
    LEFT JOIN points p ON p.school_id = :school AND p.lesson_id = :lesson AND p.pupil_id = w.pupil_id
      AND p.state = 'open'
    LEFT JOIN control_forms f ON f.school_id = p.school_id AND f.control_form_id = p.control_form_id
    """
    ).bindparams(
        bindparam("school", type_=Uuid),
        bindparam("lesson", type_=Uuid),
        bindparam("subject", type_=Uuid),
        bindparam("pupils", type_=ARRAY(Uuid)),
        bindparam("first", type_=Date),
        bindparam("last", type_=Date),
        bindparam("date", type_=Date),
    )
)


async def hold_cells(tx: Tx, desk: Desk, pupil_ids: Iterable[UUID], *, also_gone: bool = False) -> dict[UUID, Cell]:
    """The cells of those of the pupils who have the lesson, or of all who ever were in the school."""
    wanted = {
        "school": desk.school_id,
        "class": desk.class_id,
        "group": desk.group_id,
        "date": desk.date,
        "pupils": list(set(pupil_ids)),
        "also_gone": also_gone,
    }
    held = await _HOLD.fetch(await tx.driver(), wanted)
    return await _read(tx, desk, [row["pupil_id"] for row in held])


async def hold_column(tx: Tx, desk: Desk) -> dict[UUID, Cell]:
    """The cells of all who have the lesson."""
    return await _column(tx, desk, _HOLD_CLASS)


async def cells_of_column(tx: Tx, desk: Desk) -> dict[UUID, Cell]:
    """The same for reading: nobody waits."""
    return await _column(tx, desk, _READ_CLASS)


async def _column(tx: Tx, desk: Desk, statement: Statement) -> dict[UUID, Cell]:
    place = {"school": desk.school_id, "class": desk.class_id, "group": desk.group_id, "date": desk.date}
    found = await statement.fetch(await tx.driver(), place)
    return await _read(tx, desk, [row["pupil_id"] for row in found])


async def _read(tx: Tx, desk: Desk, pupils: list[UUID]) -> dict[UUID, Cell]:
    found = await _CELLS.fetch(
        await tx.driver(),
        {
            "school": desk.school_id,
            "lesson": desk.lesson_id,
            "subject": desk.subject_id,
            "pupils": pupils,
            "first": desk.first_day,
            "last": desk.last_day,
            "date": desk.date,
        },
    )
    return {row["pupil_id"]: _cell(row) for row in found}


def _cell(row: Any) -> Cell:
    absence = None
    if row["absence_kind"] is not None and row["removed_at"] is None:
        absence = CellAbsence(
            row["absence_kind"],
            row["absence_reason"],
            row["minutes"],
            row["explanation"],
            row["covered_by"],
            row["recorded_at"],
            row["absence_version"],
        )
    point = None
    if row["point_id"] is not None:
        form = Form(row["control_form_id"], row["name"], row["category"], row["weight"], row["archived"])
        point = CellPoint(
            row["point_id"], row["point_kind"], form, row["due_on"], row["comment"], row["set_at"], row["version"]
        )
    return Cell(
        pupil_id=row["pupil_id"],
        marks=tuple(_mark(one) for one in row["marks"]) if row["marks"] else (),
        absence=absence,
        absence_versions=row["absence_version"] or 0,
        point=point,
        notice=Notice(row["notice_id"], row["notice_reason"]) if row["notice_id"] else None,
        sums=Sums(row["products"], row["weights"], row["total"], row["numbers"]) if row["numbers"] else NO_MARKS,
        absences=row["missed"] or 0,
    )


def _mark(found: list[Any]) -> CellMark:
    mark_id, value, form_id, name, category, weight, archived, comment, reason, *author, posted, version, changed = (
        found
    )
    return CellMark(
        mark_id=UUID(mark_id),
        value=value,
        form=Form(UUID(form_id), name, category, weight, archived),
        comment=comment,
        reason=reason,
        author_name=full_name(*author),
        posted_at=datetime.fromisoformat(posted),
        version=version,
        changed_at=datetime.fromisoformat(changed) if changed else None,
    )
