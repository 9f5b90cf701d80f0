"""A city's journal database made by SQL: schools of 1,000 pupils, 100 marks each."""

import asyncpg

PUPILS, CLASSES, SUBJECTS, WEEKS, PER_DAY = 1_000, 40, 12, 9, 6
MARKS_OF_PUPIL = 100
MARKS_OF_SCHOOL = PUPILS * MARKS_OF_PUPIL


async def fill_city(dsn: str, marks: int) -> None:
    """Add schools until there are `marks` marks; foreign keys are not asked: what is made here is whole."""
    connection = await asyncpg.connect(dsn, command_timeout=1200)
    try:
        await connection.execute("SET session_replication_role = replica")
        known: int = await connection.fetchval("SELECT count(*) FROM schools")
        for number in range(known, marks // MARKS_OF_SCHOOL):
            await connection.execute(_SCHOOL.format(number=number))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _id(kind: str, *parts: str) -> str:
    return f"md5({' || '.join([repr(kind), *(f'({part})::text || {chr(39)}.{chr(39)}' for part in parts)])})::uuid"


_ME = "{number}"
_SCHOOL_ID = _id("school", _ME)
_SCHOOL = f"""
    INSERT INTO schools SELECT {_SCHOOL_ID}, 'org-{{number}}', 'Школа', 'Москва', 'Europe/Moscow', '2026/27',
      '2026-09-01', '2027-05-31';
    INSERT INTO subjects SELECT {_SCHOOL_ID}, {_id("subject", _ME, "n")}, n::text, 'Предмет ' || n
      FROM generate_series(0, {SUBJECTS - 1}) n;
    INSERT INTO classes SELECT {_SCHOOL_ID}, {_id("class", _ME, "n")}, n::text, 5 + n % 5, n::text
      FROM generate_series(0, {CLASSES - 1}) n;
    INSERT INTO staff SELECT {_SCHOOL_ID}, {_id("staff", _ME, "n")}, n::text, NULL, 'Орлова', 'Марина', 'Сергеевна'
      FROM generate_series(0, {SUBJECTS - 1}) n;
    INSERT INTO control_forms (school_id, control_form_id, name, category, weight, position)
      SELECT {_SCHOOL_ID}, {_id("form", _ME, "n")}, 'Форма ' || n, (ARRAY['control', 'class', 'home'])[1 + n % 3],
        5 - n % 3, n FROM generate_series(0, 5) n;
    INSERT INTO pupils SELECT {_SCHOOL_ID}, {_id("pupil", _ME, "n")}, {_id("class", _ME, f"n % {CLASSES}")}, 'Соколов',
      'Михаил', NULL, '2026-09-01' FROM generate_series(0, {PUPILS - 1}) n;
    INSERT INTO access_edge (source, edge_id, account_id, relation, object_type, object_id, scope, level, version,
                             state)
      SELECT 'identity', {_id("edge", _ME, "n")}, {_id("account", _ME, "n")}, 'self', 'pupil', {_id("pupil", _ME, "n")},
        '{{{{}}}}', 2, 1, 'active' FROM generate_series(0, {PUPILS - 1}) n;
    INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at, room,
                         topic, has_marks)
      SELECT {_SCHOOL_ID}, {_id("lesson", _ME, "c", "w", "d", "n")}, {_id("class", _ME, "c")},
        {_id("subject", _ME, f"(c + d * {PER_DAY} + n) % {SUBJECTS}")},
        {
    _id("staff", _ME, f"(c + d * {PER_DAY} + n) % {SUBJECTS}")
}, '2026-09-28'::date + 7 * w + d, n, '08:30', '09:15',
        '101', 'Тема', true
      FROM generate_series(0, {CLASSES - 1}) c, generate_series(0, {WEEKS - 1}) w, generate_series(0, 4) d,
        generate_series(0, {PER_DAY - 1}) n;
    INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, author_id,
                       posted_at)
      SELECT l.school_id, {_id("mark", _ME, "p.n", "k")}, p.pupil_id, l.lesson_id, l.subject_id, l.date,
        (2 + (p.n + k) % 4)::text, {_id("form", _ME, "(p.n + k) % 6")}, l.teacher_id, now()
      FROM generate_series(0, {MARKS_OF_PUPIL - 1}) k
      CROSS JOIN (SELECT n, {_id("pupil", _ME, "n")} AS pupil_id FROM generate_series(0, {PUPILS - 1}) n) p
      JOIN lessons l ON l.school_id = {_SCHOOL_ID} AND l.lesson_id = {
    _id("lesson", _ME, f"p.n % {CLASSES}", f"k * {WEEKS} / {MARKS_OF_PUPIL}", "k % 5", f"(k / 5 + p.n) % {PER_DAY}")
};
"""  # noqa: S608 - made of constants
