"""One week of a diary (J-28) in one statement, however many lessons and marks it has."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.open_diary import OpenDiary
from journal.backpack.rules import norm_grams
from journal.diary.frozen import frozen_page, page_hash, state_of
from journal.diary.sql import MARK, MARKS, name_of
from journal.instants import instant, instants
from journal.roster.groups import concerns_sql
from journal.roster.places import PLACES
from journal.roster.queries import Pupil
from journal.weeks import Week
from shared.db import driver_of


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a week is shown."""

    timetable: bool = True
    marks: bool = True
    homework: bool = True
    attendance: bool = True
    reasons: bool = True
    """Why a lesson was missed."""
    behaviour: bool = True
    """From the week's Friday on (J-24)."""
    done: bool = True
    """What the pupil has ticked off."""

    @classmethod
    def to(cls, diary: OpenDiary, *, judged: bool) -> "Shown":
        """What a reader sees of a week that may be judged already, or not yet (J-1, D-7)."""
        sections = diary.sections
        return cls(
            timetable="timetable" in sections,
            marks="marks" in sections,
            homework="homework" in sections,
            attendance="attendance" in sections,
            reasons=diary.sees_all,
            behaviour=judged and diary.sees_all,
            done="homework" in sections,
        )


@dataclass(frozen=True, slots=True)
class WeekPage:
    """A page as PostgreSQL writes it, and which versions of it were signed."""

    content: str
    """A JSON object with backpack, days, behaviour and period_marks."""
    signed: Mapping[str, str]
    """By the hash of the version, when it was signed last; the newest last, none where reasons are not shown."""

    def signature(self, pupil: Pupil, week: Week) -> dict[str, str | None]:
        """The state of the week's signature (J-32), for a reader who is shown every section."""
        if not self.signed:
            return {"state": "unsigned", "signed_at": None}
        current = page_hash(_frozen(self, pupil, week))
        newest = [*self.signed.values()][-1]
        return {"state": state_of(current, self.signed.keys()), "signed_at": self.signed.get(current, newest)}


async def week_document(session: AsyncSession, pupil: Pupil, week: Week) -> dict[str, Any]:
    """The page that is signed (J-32). Plain JSON values, no floats."""
    return _frozen(await read_week(await driver_of(session), pupil, week, Shown(), None), pupil, week)


def _frozen(page: WeekPage, pupil: Pupil, week: Week) -> dict[str, Any]:
    return frozen_page(str(week), str(pupil.pupil_id), pupil.full_name, json.loads(page.content))


async def read_week(connection: Any, pupil: Pupil, week: Week, shown: Shown, grade: int | None) -> WeekPage:
    """A week and its signatures in one statement."""
    last = min(week.sunday, pupil.left_on) if pupil.left_on else week.sunday
    row = await connection.fetchrow(
        WEEK,
        pupil.school_id,
        pupil.pupil_id,
        week.monday,
        week.sunday,
        last,
        norm_grams(grade) if grade else None,
        shown.timetable,
        shown.marks,
        shown.homework,
        shown.attendance,
        shown.reasons,
        shown.behaviour,
        shown.done,
    )
    return WeekPage(row["page"], json.loads(row["signed"]))


_BAG = "json_build_object('grams', {grams}, 'norm_grams', $6::int, 'over', coalesce({grams} > $6::int, false))"

WEEK = f"""
    WITH {PLACES},
    cell_marks AS (
      SELECT m.lesson_id, json_agg(json_build_object({MARK}) ORDER BY m.posted_at, m.mark_id) AS found
      FROM {MARKS}
      WHERE $8 AND m.school_id = $1 AND m.pupil_id = $2 AND m.date BETWEEN $3 AND $4 AND m.removed_at IS NULL
      GROUP BY m.lesson_id
    ),
    cell_points AS (
      SELECT p.lesson_id, json_build_object(
               'point_id', p.point_id, 'kind', p.kind, 'control_form', f.name, 'category', f.category,
               'due_on', p.due_on, 'comment', p.comment, 'author', {name_of("a")}) AS found
      FROM points p
      JOIN control_forms f ON f.school_id = p.school_id AND f.control_form_id = p.control_form_id
      JOIN staff a ON a.school_id = p.school_id AND a.person_id = p.author_id
      WHERE $8 AND p.school_id = $1 AND p.pupil_id = $2 AND p.date BETWEEN $3 AND $4 AND p.state = 'open'
    ),
    cell_absences AS (
      SELECT x.lesson_id, json_build_object(
               'kind', x.kind, 'minutes', x.minutes, 'reason', CASE WHEN $11 THEN x.reason END) AS found
      FROM absences x
      WHERE $10 AND x.school_id = $1 AND x.pupil_id = $2 AND x.date BETWEEN $3 AND $4 AND x.removed_at IS NULL
    ),
    tasks AS (
      SELECT h.lesson_id, h.due_on, json_agg(json_build_object(
               'homework_id', h.homework_id, 'subject_id', h.subject_id, 'subject', s.title, 'kind', h.kind,
               'mandatory', h.mandatory, 'text', h.text, 'links', h.links,
               'files', coalesce(f.found, '[]'), 'minutes', h.minutes,
               {instants("h.edited_at", "d.done_at")}) ORDER BY h.homework_id) AS found
      FROM homework h
      JOIN subjects s ON s.school_id = h.school_id AND s.subject_id = h.subject_id
      LEFT JOIN LATERAL (
        SELECT json_agg(json_build_object('file_id', f.file_id, 'name', f.name, 'media_type', f.media_type,
                                          'size', f.size) ORDER BY f.file_id) AS found
        FROM homework_files f WHERE f.school_id = h.school_id AND f.homework_id = h.homework_id
      ) f ON true
      LEFT JOIN homework_done d
        ON $13 AND d.school_id = h.school_id AND d.pupil_id = $2 AND d.homework_id = h.homework_id
      JOIN places c ON c.class_id = h.class_id AND h.due_on BETWEEN c.first_day AND c.last_day
      WHERE $9 AND h.school_id = $1 AND h.due_on BETWEEN $3 AND $5 AND h.removed_at IS NULL
        AND {concerns_sql("h.group_id", "h.due_on", "$1", "$2")}
      GROUP BY h.lesson_id, h.due_on
    ),
    planned AS (
      SELECT l.* FROM lessons l
      JOIN places c ON c.class_id = l.class_id AND l.date BETWEEN c.first_day AND c.last_day
      WHERE $7 AND l.school_id = $1 AND l.date BETWEEN $3 AND $5
        AND {concerns_sql("l.group_id", "l.date", "$1", "$2")}
    ),
    -- Of the class that the pupil was in before, or all there is where the timetable is not shown.
    besides AS (
      SELECT lesson_id FROM cell_marks
      UNION SELECT lesson_id FROM cell_points
      UNION SELECT lesson_id FROM cell_absences
      UNION SELECT lesson_id FROM tasks WHERE lesson_id IS NOT NULL
      EXCEPT SELECT lesson_id FROM planned
    ),
    -- Only those are looked up by key: in a city each key is pages away from the next.
    of_week AS (
      SELECT * FROM planned
      UNION ALL
      SELECT l.* FROM besides b JOIN lessons l ON l.school_id = $1 AND l.lesson_id = b.lesson_id
    ),
    lessons_of_day AS (
      SELECT l.date, json_agg(json_build_object(
               'lesson_id', l.lesson_id, 'number', l.number, 'subject_id', l.subject_id, 'subject', s.title,
               'group', CASE WHEN $7 THEN g.title END,
               'starts_at', CASE WHEN $7 THEN l.starts_at END, 'ends_at', CASE WHEN $7 THEN l.ends_at END,
               'room', CASE WHEN $7 THEN l.room END, 'teacher', CASE WHEN $7 THEN {name_of("t")} END,
               'topic', CASE WHEN $7 THEN l.topic END,
               'substituted', $7 AND l.planned_teacher_id IS NOT NULL,
               'planned_teacher', CASE WHEN $7 AND l.planned_teacher_id IS NOT NULL THEN {name_of("u")} END,
               'planned_room', CASE WHEN $7 THEN l.planned_room END, 'cancelled', l.cancelled_at IS NOT NULL,
               'cancelled_because', CASE WHEN $7 THEN l.cancelled_because END,
               'marks', coalesce(m.found, '[]'), 'point', p.found, 'absence', x.found,
               'homework', coalesce(h.found, '[]')) ORDER BY l.number, l.lesson_id) AS found
      FROM of_week l
      JOIN subjects s ON s.school_id = l.school_id AND s.subject_id = l.subject_id
      JOIN staff t ON t.school_id = l.school_id AND t.person_id = l.teacher_id
      LEFT JOIN class_groups g ON g.school_id = l.school_id AND g.group_id = l.group_id
      LEFT JOIN staff u ON u.school_id = l.school_id AND u.person_id = l.planned_teacher_id
      LEFT JOIN cell_marks m ON m.lesson_id = l.lesson_id
      LEFT JOIN cell_points p ON p.lesson_id = l.lesson_id
      LEFT JOIN cell_absences x ON x.lesson_id = l.lesson_id
      LEFT JOIN tasks h ON h.lesson_id = l.lesson_id
      GROUP BY l.date
    ),
    -- The same thing for two lessons of one subject lies in the bag once; the heavier one counts (J-25).
    bags AS (
      SELECT one.date, sum(one.grams)::int AS grams FROM (
        SELECT l.date, max(b.grams) AS grams
        FROM lessons l
        JOIN backpack_things b ON b.school_id = l.school_id AND b.lesson_id = l.lesson_id
        JOIN places c ON c.class_id = l.class_id AND l.date BETWEEN c.first_day AND c.last_day
        WHERE $7 AND l.school_id = $1 AND l.date BETWEEN $3 AND $5 AND l.cancelled_at IS NULL
          AND {concerns_sql("l.group_id", "l.date", "$1", "$2")}
        GROUP BY l.date, l.subject_id, casefold(b.title COLLATE pg_unicode_fast)
      ) one
      GROUP BY one.date
    )
    SELECT json_build_object(
      'backpack', (SELECT {_BAG.format(grams="max(grams)")} FROM bags HAVING count(*) > 0),
      'days', (
        SELECT json_agg(json_build_object(
                 'date', n.day, 'backpack', CASE WHEN b.grams IS NOT NULL THEN {_BAG.format(grams="b.grams")} END,
                 'lessons', coalesce(l.found, '[]'), 'homework', coalesce(h.found, '[]')) ORDER BY n.day)
        FROM (SELECT $3::date + i AS day, i = 6 AS sunday FROM generate_series(0, 6) i) n
        LEFT JOIN bags b ON b.date = n.day
        LEFT JOIN lessons_of_day l ON l.date = n.day
        LEFT JOIN tasks h ON h.due_on = n.day AND h.lesson_id IS NULL
        WHERE NOT n.sunday OR l.found IS NOT NULL OR h.found IS NOT NULL
      ),
      'behaviour', (
        SELECT coalesce(json_agg(json_build_object(
                 'subject_id', n.subject_id, 'subject', s.title, 'rating', n.rating, 'note', n.note,
                 'author', {name_of("a")}, {instants("n.written_at")}) ORDER BY s.title NULLS FIRST), '[]')
        FROM behaviour_notes n
        JOIN staff a ON a.school_id = n.school_id AND a.person_id = n.author_id
        LEFT JOIN subjects s ON s.school_id = n.school_id AND s.subject_id = n.subject_id
        WHERE $12 AND n.school_id = $1 AND n.pupil_id = $2 AND n.monday = $3
      ),
      'period_marks', (
        SELECT coalesce(json_agg(json_build_object(
                 'subject_id', p.subject_id, 'subject', s.title, 'period_id', p.period_id, 'period', q.title,
                 'value', p.value, 'author', {name_of("a")}, {instants("p.set_at")}
               ) ORDER BY s.title, q.starts_on), '[]')
        FROM attestation_marks p
        JOIN schools g ON g.school_id = p.school_id
        JOIN subjects s ON s.school_id = p.school_id AND s.subject_id = p.subject_id
        JOIN staff a ON a.school_id = p.school_id AND a.person_id = p.author_id
        LEFT JOIN periods q ON q.school_id = p.school_id AND q.period_id = p.period_id
        WHERE $8 AND p.school_id = $1 AND p.pupil_id = $2 AND p.value IS NOT NULL
          AND (p.set_at AT TIME ZONE g.time_zone)::date BETWEEN $3 AND $4
      )
    )::text AS page,
    (
      SELECT coalesce(json_object_agg(s.page_hash, {instant("s.signed_at")} ORDER BY s.signed_at), '{{}}')
      FROM week_signatures s
      WHERE $11 AND s.school_id = $1 AND s.pupil_id = $2 AND s.monday = $3
    )::text AS signed
"""  # noqa: S608 - made of constants
