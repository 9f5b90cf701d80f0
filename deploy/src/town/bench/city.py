"""A city's journal database made by SQL: schools of 1,000 pupils who have lived from September to November.

Rows stand in the order in which a city writes them, so a pupil's 100 marks lie on as many pages of the table; ids are
UUIDv7 as the product's are. Marks skip the write-ahead log, which makes no difference to who reads them.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import asyncpg

from shared.ops.ids import new_id

MARKS_OF_SCHOOL = 100_000
"""Every pupil is marked in ten of 27 lessons, and away from one."""
AT_ONCE = 2
"""Schools; what PostgreSQL does here is work for a processor, not for a disk."""
TOLD_EVERY = 5.0
"""Seconds between two words on how far it has come."""


async def fill_city(dsn: str, marks: int, told: Callable[[int], None]) -> None:
    """Add schools until there are `marks` marks, and leave all of it vacuumed, analysed and on the disk."""
    connection = await asyncpg.connect(dsn, command_timeout=1200)
    try:
        known: int = await connection.fetchval("SELECT count(*) FROM schools")
        if not known:
            await connection.execute(_MARKS_WITHOUT_LOG)
        progress = _Progress(known, told)
        async with asyncpg.create_pool(
            dsn, min_size=AT_ONCE, max_size=AT_ONCE, init=_prepare, command_timeout=600
        ) as pool:
            schools = (_found_school(pool, progress) for _ in range(known, marks // MARKS_OF_SCHOOL))
            await asyncio.gather(*schools)
        await connection.execute("VACUUM ANALYZE")
        # Or the first readers would write the pages that filling left in PostgreSQL's memory.
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


class _Progress:
    """Says now and then how far it has come."""

    def __init__(self, schools: int, told: Callable[[int], None]) -> None:
        self._schools, self._told, self._last = schools, told, time.monotonic()

    def one_more(self) -> None:
        self._schools += 1
        if time.monotonic() - self._last > TOLD_EVERY:
            self._last = time.monotonic()
            self._told(self._schools * MARKS_OF_SCHOOL)


async def _prepare(connection: Any) -> None:
    # Foreign keys are not asked: what is made here is whole. The planner knows of no row yet.
    await connection.execute(
        "SET session_replication_role = replica; SET enable_nestloop = off; SET work_mem = '64MB'; "
        "SET synchronous_commit = off"
    )


async def _found_school(pool: Any, progress: _Progress) -> None:
    async with pool.acquire() as connection, connection.transaction():
        school_id = new_id()
        for statement in _SCHOOL:
            await connection.execute(statement, school_id)
    progress.one_more()


_MARKS_WITHOUT_LOG = """
    ALTER TABLE mark_history SET UNLOGGED;
    ALTER TABLE point_history SET UNLOGGED;
    ALTER TABLE points SET UNLOGGED;
    ALTER TABLE marks SET UNLOGGED;
"""
_SCHOOL = (
    """
    INSERT INTO schools VALUES ($1, 'org-' || $1::uuid, 'Школа', 'Москва', 'Europe/Moscow', '2026/27', '2026-09-01',
                                '2027-05-31')
    """,
    """
    INSERT INTO periods (school_id, period_id, year_title, year_starts_on, kind, first_grade, last_grade, number, title,
                         starts_on, ends_on)
    SELECT $1, uuidv7(), '2026/27', '2026-09-01', 'quarter', 1, 11, n, n || ' четверть', starts_on::date, ends_on::date
    FROM (VALUES (1, '2026-09-01', '2026-10-25'), (2, '2026-11-02', '2026-12-30'), (3, '2027-01-11', '2027-03-21'),
                 (4, '2027-03-29', '2027-05-31')) q (n, starts_on, ends_on)
    """,
    "INSERT INTO subjects SELECT $1, uuidv7(), n::text, 'Предмет ' || n FROM generate_series(0, 11) n",
    "INSERT INTO classes SELECT $1, uuidv7(), n::text, 5 + n % 5, n::text FROM generate_series(0, 39) n",
    """
    INSERT INTO staff SELECT $1, uuidv7(), n::text, NULL, 'Орлова', 'Марина', 'Сергеевна' FROM generate_series(0, 59) n
    """,
    """
    INSERT INTO control_forms (school_id, control_form_id, name, category, weight, position)
    SELECT $1, uuidv7(), 'Форма ' || n, (ARRAY['control', 'class', 'home'])[1 + n % 3], 5 - n % 3, n
    FROM generate_series(0, 6) n
    """,
    """
    INSERT INTO pupils SELECT $1, uuidv7(), class_id, 'Соколов', 'Михаил', NULL, '2026-09-01'
    FROM classes, generate_series(1, 25) WHERE school_id = $1
    """,
    "INSERT INTO pupil_classes SELECT school_id, pupil_id, since, class_id FROM pupils WHERE school_id = $1",
    """
    INSERT INTO access_edge (source, edge_id, account_id, relation, object_type, object_id, scope, level, version,
                             state)
    SELECT 'identity', uuidv7(), uuidv7(), relation, 'pupil', pupil_id, '{}', 2, 1, 'active'
    FROM pupils, unnest(ARRAY['self', 'representative', 'representative']) relation WHERE school_id = $1
    """,
    """
    INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at, room,
                         topic, has_marks)
    SELECT $1, uuidv7(), c.class_id, s.subject_id, t.person_id, '2026-09-28'::date + 7 * w + d, n, '08:30', '09:15',
      '101', 'Сложение и вычитание обыкновенных дробей', true
    FROM generate_series(0, 8) w
    CROSS JOIN generate_series(0, 4) d
    CROSS JOIN generate_series(0, 5) n
    CROSS JOIN (SELECT class_id, source_id::int AS c FROM classes WHERE school_id = $1) c
    JOIN subjects s ON s.school_id = $1 AND s.source_id = ((c.c + d * 6 + n) % 12)::text
    JOIN staff t ON t.school_id = $1 AND t.source_id = ((c.c * 7 + d * 6 + n) % 60)::text
    ORDER BY w, d, c.c, n
    """,
    """
    INSERT INTO homework (school_id, homework_id, class_id, subject_id, lesson_id, due_on, kind, mandatory, text, links,
                          author_id, assigned_at, edited_at)
    SELECT $1, uuidv7(), class_id, subject_id, lesson_id, date, 'homework', true, '§ 14, № 321–325', '{}', teacher_id,
      date - 2, date - 2
    FROM lessons WHERE school_id = $1 AND number % 2 = 0 ORDER BY date
    """,
    # k: the number of a lesson in its class's term, n: of a pupil in the class.
    """
    WITH l AS MATERIALIZED (
      SELECT *, ((date - '2026-09-28') / 7 * 5 + (date - '2026-09-28') % 7) * 6 + number AS k
      FROM lessons WHERE school_id = $1
    ), p AS MATERIALIZED (
      SELECT pupil_id, class_id, row_number() OVER (PARTITION BY class_id ORDER BY pupil_id)::int AS n
      FROM pupils WHERE school_id = $1
    ), away AS (
      INSERT INTO absences (school_id, lesson_id, pupil_id, subject_id, date, kind, reason, author_id, recorded_at)
      SELECT $1, l.lesson_id, p.pupil_id, l.subject_id, l.date, 'absent', 'б', l.teacher_id, l.date + l.ends_at
      FROM l JOIN p USING (class_id)
      WHERE (p.n * 7 + l.k) * 10 % 27 = 13
      ORDER BY l.date, l.number, l.class_id, p.n
    )
    INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, comment,
                       author_id, posted_at)
    SELECT $1, uuidv7(), p.pupil_id, l.lesson_id, l.subject_id, l.date, (2 + (p.n + l.k) % 4)::text, f.control_form_id,
      CASE WHEN (p.n + l.k) % 10 = 0 THEN 'Хорошая работа, но не забывай о знаках' END, l.teacher_id, l.date + l.ends_at
    FROM l
    JOIN p USING (class_id)
    JOIN control_forms f ON f.school_id = $1 AND f.position = (p.n + l.k) % 7
    WHERE (p.n * 7 + l.k) * 10 % 27 < 10
    ORDER BY l.date, l.number, l.class_id, p.n
    """,
    """
    INSERT INTO attestation_marks (school_id, attestation_mark_id, pupil_id, class_id, subject_id, year_starts_on,
                                   period_id, value, author_id, set_at)
    SELECT $1, uuidv7(), p.pupil_id, p.class_id, s.subject_id, q.year_starts_on, q.period_id, '4', t.person_id,
      '2026-10-24'
    FROM pupils p
    JOIN subjects s USING (school_id)
    JOIN periods q USING (school_id)
    JOIN staff t ON t.school_id = p.school_id AND t.source_id = s.source_id
    WHERE p.school_id = $1 AND q.number = 1
    ORDER BY p.class_id, s.subject_id
    """,
)
"""Of one school, $1; nothing of it is read by another."""
