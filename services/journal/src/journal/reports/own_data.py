"""Everything that the journal holds about one pupil, for the family to take along (J-34).

One statement, and PostgreSQL writes the JSON itself: some years of a diary are many thousand rows. Keys are words, and
so are values: a subject's title, a teacher's name, not their ids. Nobody else's data is in it; of staff the name alone.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TIMESTAMP, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.attendance.comments import KeptComment
from journal.instants import instant, instants
from journal.roster.queries import Pupil
from shared.crypto import FieldVault

EXPORTED = frozenset({
    "pupils", "pupil_classes", "marks", "absences", "absence_history", "absence_notices", "points", "attestation_marks",
    "behaviour_notes", "homework_done", "announcement_pupils", "week_signatures", "group_members",
})  # fmt: skip
"""Tables that hold rows of a pupil and are in the export; with marks, points and period marks goes their history."""

NOT_EXPORTED = {
    "diary_views": "who looked is told to representatives of level 2 alone, on a page of its own (J-2)",
    "feeds": "addresses of calendars belong to an account, which lists and takes them back itself",
}


async def read_own_data(session: AsyncSession, vault: FieldVault, pupil: Pupil, now: datetime) -> str:
    """A JSON object: of every school that the pupil was or is in."""
    row = (await session.execute(_OWN_DATA, {"pupil": pupil.pupil_id, "now": now})).one()
    notices = [_in_clear(vault, *notice) for notice in json.loads(row.notices)]
    # What families say of an absence only this process can read; the rest is many rows, and stays as it was written.
    return f'{row.rest.removesuffix("}")}, "absence_notices": {json.dumps(notices, ensure_ascii=False)}}}'


def _in_clear(
    vault: FieldVault, notice_id: str, data_key: str | None, comment: str | None, rest: dict[str, Any]
) -> dict[str, Any]:
    kept = KeptComment(bytes.fromhex(data_key) if data_key else None, bytes.fromhex(comment) if comment else None)
    return {**rest, "comment": kept.read(vault, UUID(notice_id))}


def _name(alias: str) -> str:
    return f"concat_ws(' ', {alias}.surname, {alias}.given_name, {alias}.patronymic)"


def _list(key: str, of: str, order: str, rows: str) -> str:
    return f"""
    '{key}', (
      SELECT coalesce(json_agg(json_build_object('school', h.school, {of}) ORDER BY {order}), '[]')
      FROM here h {rows}
    )"""  # noqa: S608 -- made of the constants below


_LESSON = "JOIN lessons l ON l.school_id = {0}.school_id AND l.lesson_id = {0}.lesson_id"
_SUBJECT = "JOIN subjects s ON s.school_id = {0}.school_id AND s.subject_id = {0}.subject_id"
_FORM = "JOIN control_forms f ON f.school_id = {0}.school_id AND f.control_form_id = {0}.control_form_id"
_AUTHOR = "JOIN staff a ON a.school_id = {0}.school_id AND a.person_id = {0}.author_id"
_OF_PUPIL = "x.school_id = h.school_id AND x.pupil_id = :pupil"
_CELL = "'date', x.date, 'lesson', l.number, 'subject', s.title"

_MARK_HISTORY = f"""(
  SELECT coalesce(json_agg(json_build_object(
    'value', o.value, 'control_form', f.name, 'comment', o.comment, 'author', {_name("a")},
    {instants("o.written_at")}, 'then', o.operation, 'by', {_name("b")}, 'at', {instant("o.replaced_at")},
    'reason', o.reason
  ) ORDER BY o.version), '[]')
  FROM mark_history o {_FORM.format("o")} {_AUTHOR.format("o")}
  LEFT JOIN staff b ON b.school_id = o.school_id AND b.person_id = o.replaced_by
  WHERE o.school_id = x.school_id AND o.mark_id = x.mark_id
)"""  # noqa: S608 -- made of constants
_ABSENCE_HISTORY = f"""(
  SELECT coalesce(json_agg(json_build_object(
    'kind', o.kind, 'reason', o.reason, 'minutes', o.minutes, 'explanation', o.explanation,
    {instants("o.written_at")}, 'then', o.operation, 'at', {instant("o.replaced_at")}, 'because', o.replaced_because
  ) ORDER BY o.version), '[]')
  FROM absence_history o
  WHERE o.school_id = x.school_id AND o.lesson_id = x.lesson_id AND o.pupil_id = x.pupil_id
)"""  # noqa: S608 -- made of constants
_POINT_HISTORY = f"""(
  SELECT coalesce(json_agg(json_build_object(
    'kind', o.kind, 'control_form', f.name, 'due_on', o.due_on, 'comment', o.comment, 'state', o.state,
    {instants("o.written_at")}, 'then', o.operation, 'at', {instant("o.replaced_at")}, 'reason', o.reason
  ) ORDER BY o.version), '[]')
  FROM point_history o {_FORM.format("o")}
  WHERE o.school_id = x.school_id AND o.point_id = x.point_id
)"""  # noqa: S608 -- made of constants
_PERIOD_HISTORY = f"""(
  SELECT coalesce(json_agg(json_build_object(
    'value', o.value, 'reason', o.reason, 'author', {_name("a")}, {instants("o.set_at", "o.replaced_at")}
  ) ORDER BY o.version), '[]')
  FROM attestation_history o {_AUTHOR.format("o")}
  WHERE o.school_id = x.school_id AND o.attestation_mark_id = x.attestation_mark_id
)"""  # noqa: S608 -- made of constants

_SECTIONS = (
    _list(
        "classes",
        "'class', k.name, 'since', x.since",
        "x.since",
        f"JOIN pupil_classes x ON {_OF_PUPIL} "
        "LEFT JOIN classes k ON k.school_id = x.school_id AND k.class_id = x.class_id",
    ),
    _list(
        "groups",
        "'group', k.title, 'subject', s.title, 'since', x.since, 'left_on', x.left_on",
        "x.since NULLS FIRST, k.title",
        f"JOIN group_members x ON {_OF_PUPIL} "
        "JOIN class_groups k ON k.school_id = x.school_id AND k.group_id = x.group_id "
        "LEFT " + _SUBJECT.format("k"),
    ),
    _list(
        "marks",
        f"{_CELL}, 'value', x.value, 'control_form', f.name, 'category', f.category, 'weight', f.weight, "
        f"'comment', x.comment, 'reason', x.reason, 'author', {_name('a')}, {instants('x.posted_at')}, "
        f"{instants('x.changed_at', 'x.removed_at')}, 'before', {_MARK_HISTORY}",
        "x.date, l.number, x.posted_at, x.mark_id",
        f"JOIN marks x ON {_OF_PUPIL} " + " ".join(join.format("x") for join in (_LESSON, _SUBJECT, _FORM, _AUTHOR)),
    ),
    _list(
        "absences",
        f"{_CELL}, 'kind', x.kind, 'reason', x.reason, 'minutes', x.minutes, 'explanation', x.explanation, "
        f"'by_notice', x.notice_id IS NOT NULL, 'author', {_name('a')}, {instants('x.recorded_at')}, "
        f"{instants('x.changed_at', 'x.removed_at')}, 'before', {_ABSENCE_HISTORY}",
        "x.date, l.number",
        f"JOIN absences x ON {_OF_PUPIL} " + " ".join(join.format("x") for join in (_LESSON, _SUBJECT, _AUTHOR)),
    ),
    _list(
        "points",
        f"{_CELL}, 'kind', x.kind, 'control_form', f.name, 'due_on', x.due_on, 'comment', x.comment, "
        f"'state', x.state, 'author', {_name('a')}, {instants('x.set_at', 'x.changed_at')}, "
        f"{instants('x.ended_at', 'x.reminded_at')}, 'before', {_POINT_HISTORY}",
        "x.date, l.number, x.point_id",
        f"JOIN points x ON {_OF_PUPIL} " + " ".join(join.format("x") for join in (_LESSON, _SUBJECT, _FORM, _AUTHOR)),
    ),
    _list(
        "period_marks",
        f"'school_year_from', x.year_starts_on, 'period', p.title, 'subject', s.title, 'value', x.value, "
        f"'reason', x.reason, 'proposed_by_average', x.by_average, 'proposed_by_priority', x.by_priority, "
        f"'author', {_name('a')}, {instants('x.set_at')}, 'before', {_PERIOD_HISTORY}",
        "x.year_starts_on, p.starts_on NULLS LAST, s.title",
        f"JOIN attestation_marks x ON {_OF_PUPIL} {_SUBJECT.format('x')} {_AUTHOR.format('x')} "
        "LEFT JOIN periods p ON p.school_id = x.school_id AND p.period_id = x.period_id",
    ),
    _list(
        "behaviour",
        f"'week_from', x.monday, 'subject', s.title, 'rating', x.rating, 'note', x.note, "
        f"'author', {_name('a')}, {instants('x.written_at')}",
        "x.monday, s.title NULLS FIRST",
        f"JOIN behaviour_notes x ON {_OF_PUPIL} LEFT {_SUBJECT.format('x')} {_AUTHOR.format('x')}",
    ),
    _list(
        "homework_done",
        f"'due_on', w.due_on, 'subject', s.title, 'text', w.text, {instants('x.done_at')}",
        "w.due_on, w.homework_id",
        f"JOIN homework_done x ON {_OF_PUPIL} "
        "JOIN homework w ON w.school_id = x.school_id AND w.homework_id = x.homework_id " + _SUBJECT.format("w"),
    ),
    _list(
        # The document itself only counts byte by byte: it is saved from its own address.
        "signed_weeks",
        f"'week_from', x.monday, 'page_hash', x.page_hash, {instants('x.signed_at')}, "
        "'document', '/api/journal/v1/signatures/' || x.signature_id || '/document'",
        "x.monday, x.signed_at",
        f"JOIN week_signatures x ON {_OF_PUPIL}",
    ),
    _list(
        "announcements",
        f"'title', w.title, 'text', w.text, 'author', {_name('a')}, {instants('w.posted_at', 'w.withdrawn_at')}",
        "w.posted_at, w.announcement_id",
        f"JOIN announcement_pupils x ON {_OF_PUPIL} "
        "JOIN announcements w ON w.school_id = x.school_id AND w.announcement_id = x.announcement_id "
        + _AUTHOR.format("w"),
    ),
)

_OWN_DATA = text(
    f"""
    WITH here AS MATERIALIZED (
      SELECT p.school_id, coalesce(g.name, p.school_id::text) AS school, c.name AS class, p.surname, p.given_name,
             p.patronymic, p.since, p.left_on
      FROM pupils p
      LEFT JOIN schools g ON g.school_id = p.school_id
      LEFT JOIN classes c ON c.school_id = p.school_id AND c.class_id = p.class_id
      WHERE p.pupil_id = :pupil
    )
    SELECT json_build_object(
      'made_at', {instant(":now")},
      'pupil_id', :pupil,
      'schools', (
        SELECT json_agg(json_build_object(
          'school', school, 'class', class, 'surname', surname, 'given_name', given_name, 'patronymic', patronymic,
          'since', since, 'left_on', left_on) ORDER BY since)
        FROM here
      ),
      'who_may_open_the_diary', (
        SELECT coalesce(json_agg(json_build_object(
          'relation', e.relation, 'level', e.level, 'sections', e.scope,
          {instants("e.valid_from", "e.valid_until")}, 'state', e.state
        ) ORDER BY e.valid_from NULLS FIRST, e.edge_id), '[]')
        FROM access_edge e WHERE e.object_type = 'pupil' AND e.object_id = :pupil AND e.relation IS NOT NULL
      ),
      {",".join(_SECTIONS)}
    )::text AS rest,
    (
      SELECT coalesce(json_agg(json_build_array(
        x.notice_id, encode(x.data_key, 'hex'), encode(x.comment, 'hex'), json_build_object(
          'school', h.school, 'first_day', x.first_day, 'last_day', x.last_day, 'reason', x.reason,
          {instants("x.given_at", "x.withdrawn_at")})) ORDER BY x.first_day, x.notice_id), '[]')
      FROM here h JOIN absence_notices x ON {_OF_PUPIL}
    )::text AS notices
    """  # noqa: S608 -- made of the constants above
).bindparams(bindparam("pupil", type_=Uuid), bindparam("now", type_=TIMESTAMP(timezone=True)))
