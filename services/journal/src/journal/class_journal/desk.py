"""A lesson on the teacher's desk: who sits there, and by which rules its cells are written (J-1, J-11)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import TIMESTAMP, Row, Uuid, bindparam, text

from journal.access.actions import READ_CLASS
from journal.calendar.rules import SchoolSettings
from journal.class_journal.rules import Form, Setting
from journal.errors import LessonIsCancelled, LessonNotFound, NotYourLesson, PeriodClosed
from journal.roster.names import full_name
from journal.timetable.substitute import lesson_object, substitute_edge
from shared.access import CUT_OFF, Action, decide, edge_of, is_cut_off
from shared.db import Tx
from shared.http import TokenInvalid, VerifiedToken

# One statement for all that is asked before a cell is looked at. Its rows are the caller's edges on class and school.
# The lesson keeps its subject and the period its state until the transaction ends.
_DESK = text(
    f"""
    SELECT {CUT_OFF.format(account=":account", session=":session", issued_at=":issued_at")} AS cut_off,
           l.school_id AS lesson_school_id, l.lesson_id, l.date, l.number, l.class_id, l.subject_id,
           l.group_id, g.title AS group_title,
           c.grade, s.title AS subject_title, sch.time_zone, sch.year_starts_on, sch.year_ends_on,
           me.person_id, me.surname, me.given_name, me.patronymic,
           l.cancelled_at, l.teacher_id = me.person_id AND l.planned_teacher_id <> me.person_id AND EXISTS (
             SELECT FROM access_edge works
             WHERE works.account_id = :account AND works.school_id = l.school_id AND works.state = 'active'
               AND works.relation NOT IN ('self', 'representative', 'trusted')
               AND coalesce(works.valid_from <= :now, true) AND coalesce(:now < works.valid_until, true)
           ) AS substitutes,
           st.edit_window_days, coalesce(l.subject_id = ANY (st.unmarked_subjects), false) AS unmarked,
           p.title AS period_title, p.starts_on, p.ends_on, p.closed_at, f.forms, e.*
    FROM lessons l
    JOIN classes c ON c.school_id = l.school_id AND c.class_id = l.class_id
    JOIN subjects s ON s.school_id = l.school_id AND s.subject_id = l.subject_id
    JOIN schools sch ON sch.school_id = l.school_id
    LEFT JOIN class_groups g ON g.school_id = l.school_id AND g.group_id = l.group_id
    LEFT JOIN staff me ON me.school_id = l.school_id AND me.account_id = :account
    LEFT JOIN school_settings st ON st.school_id = l.school_id
    LEFT JOIN LATERAL (
      SELECT p.title, p.starts_on, p.ends_on, p.closed_at FROM periods p
      WHERE p.school_id = l.school_id AND l.date BETWEEN p.starts_on AND p.ends_on
        AND c.grade BETWEEN p.first_grade AND p.last_grade
      ORDER BY p.starts_on DESC LIMIT 1 FOR SHARE
    ) p ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(f.control_form_id, f.name, f.category, f.weight, f.archived_at IS NOT NULL))
        AS forms
      FROM control_forms f WHERE f.school_id = l.school_id
    ) f ON true
    LEFT JOIN access_edge e ON e.account_id = :account AND e.state = 'active'
      AND ((e.object_type = 'class' AND e.object_id = l.class_id)
        OR (e.object_type = 'school' AND e.object_id = l.school_id))
    WHERE l.lesson_id = :lesson
    FOR KEY SHARE OF l
    """  # noqa: S608 - made of constants
).bindparams(
    bindparam("account", type_=Uuid),
    bindparam("session", type_=Uuid),
    bindparam("issued_at", type_=TIMESTAMP(timezone=True)),
    bindparam("lesson", type_=Uuid),
    bindparam("now", type_=TIMESTAMP(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A lesson, and the teacher who writes into its cells."""

    school_id: UUID
    lesson_id: UUID
    number: int
    class_id: UUID
    group_id: UUID | None
    """The part of the class that has a cell in it; None: everybody."""
    subject_id: UUID
    subject_title: str
    teacher_id: UUID
    teacher_name: str
    first_day: date
    """Of the days that averages are made of: the lesson's period, or the school year outside of any."""
    last_day: date
    date: date
    setting: Setting


async def sit_down(tx: Tx, token: VerifiedToken, lesson_id: UUID, action: Action) -> Desk:
    """Open a lesson for writing; it keeps its subject, and its period its state, until the transaction ends.

    Raises:
        TokenInvalid, LessonNotFound, NotYourLesson: as `look_at_desk`.
        PeriodClosed: the lesson's period is closed.
        LessonIsCancelled: it is not held.
    """
    row = await _open(tx, token, lesson_id, action)
    if row.closed_at is not None:
        raise PeriodClosed(title=row.period_title)
    if row.cancelled_at is not None:
        raise LessonIsCancelled
    return _desk(tx, row)


async def look_at_desk(tx: Tx, token: VerifiedToken, lesson_id: UUID, action: Action) -> Desk:
    """Open a lesson only to read its column: also of a closed period, also one that is not held.

    Raises:
        TokenInvalid: the session was ended.
        LessonNotFound: unknown, or of a class that the caller has nothing to do with.
        NotYourLesson: the caller knows the class, but this is another teacher's.
    """
    return _desk(tx, await _open(tx, token, lesson_id, action))


async def _open(tx: Tx, token: VerifiedToken, lesson_id: UUID, action: Action) -> Row[Any]:
    caller = token.caller
    asked = {
        "account": caller.account_id,
        "session": caller.session_id,
        "issued_at": token.issued_at,
        "lesson": lesson_id,
        "now": tx.now,
    }
    rows = (await tx.session.execute(_DESK, asked)).all()
    if not rows:
        await refuse_ended(tx, token)
        raise LessonNotFound
    row = rows[0]
    if row.cut_off:
        raise TokenInvalid
    edges = [edge_of(one) for one in rows if one.edge_id is not None]
    place = lesson_object(row.lesson_school_id, row.class_id, row.subject_id, row.lesson_id)
    if row.substitutes:
        edges.append(substitute_edge(caller.account_id, place))
    if not decide(edges, action, place, tx.now):
        if decide(edges, READ_CLASS, place, tx.now):
            raise NotYourLesson
        raise LessonNotFound
    if row.person_id is None:
        raise NotYourLesson
    return row


async def refuse_ended(tx: Tx, token: VerifiedToken) -> None:
    """For what was not found: that a session was ended is told before.

    Raises:
        TokenInvalid: it was.
    """
    caller = token.caller
    if await is_cut_off(await tx.driver(), caller.account_id, caller.session_id, token.issued_at):
        raise TokenInvalid


def _desk(tx: Tx, row: Row[Any]) -> Desk:
    days = SchoolSettings().edit_window_days if row.edit_window_days is None else row.edit_window_days
    first, last = row.starts_on or row.year_starts_on, row.ends_on or row.year_ends_on
    name = full_name(row.surname, row.given_name, row.patronymic)
    forms = (Form(UUID(id_), *others) for id_, *others in row.forms or ())
    return Desk(
        school_id=row.lesson_school_id,
        lesson_id=row.lesson_id,
        date=row.date,
        number=row.number,
        class_id=row.class_id,
        group_id=row.group_id,
        subject_id=row.subject_id,
        subject_title=row.subject_title,
        teacher_id=row.person_id,
        teacher_name=name,
        first_day=first,
        last_day=last,
        setting=Setting(
            grade=row.grade,
            forms={form.control_form_id: form for form in forms},
            edit_window=timedelta(days=days),
            counts=first <= row.date <= last,
            today=tx.now.astimezone(ZoneInfo(row.time_zone)).date(),
            lesson_date=row.date,
            now=tx.now,
            author_name=name,
            group_title=row.group_title,
            without_marks=row.subject_title if row.unmarked else None,
        ),
    )
