"""Size and speed: what a family reads is found by indexes, however many schools and marks there are."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from journal.access.read_diary import OPEN
from journal.diary.chart import CHARTS
from journal.diary.page import WEEK
from journal.diary.performance import PERFORMANCE

_FILL = """
    INSERT INTO pupils (school_id, pupil_id, class_id, surname, given_name, since)
    SELECT CASE WHEN n % 10 = 0 THEN :school ELSE gen_random_uuid() END, gen_random_uuid(), gen_random_uuid(), 'Яшин',
      'Яков', '2026-09-01' FROM generate_series(1, 3000) n;
    INSERT INTO pupil_classes SELECT school_id, pupil_id, since, class_id FROM pupils ON CONFLICT DO NOTHING;
    INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, author_id,
                       posted_at)
    SELECT p.school_id, gen_random_uuid(), p.pupil_id, gen_random_uuid(), gen_random_uuid(),
      '2026-09-01'::date + n % 200, '5', gen_random_uuid(), gen_random_uuid(), now()
    FROM pupils p, generate_series(1, 20) n;
    INSERT INTO absences (school_id, lesson_id, pupil_id, subject_id, date, kind, author_id, recorded_at)
    SELECT school_id, lesson_id, pupil_id, subject_id, date, 'absent', author_id, posted_at FROM marks LIMIT 30000;
    INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at, room,
                         topic)
    SELECT school_id, lesson_id, gen_random_uuid(), subject_id, author_id, date, 1, '08:30', '09:15', '', ''
    FROM marks LIMIT 30000;
    INSERT INTO homework (school_id, homework_id, class_id, subject_id, lesson_id, due_on, kind, mandatory, text, links,
                          author_id, assigned_at, edited_at)
    SELECT school_id, gen_random_uuid(), class_id, subject_id, lesson_id, date, 'homework', true, '', '{}', teacher_id,
      now(), now() FROM lessons LIMIT 20000;
    INSERT INTO access_edge (source, edge_id, account_id, relation, object_type, object_id, scope, level, version,
                             state)
    SELECT 'identity', pupil_id::text, gen_random_uuid(), 'self', 'pupil', pupil_id, '{}', 2, 1, 'active' FROM pupils;
"""
BIG = ("marks", "absences", "lessons", "homework", "pupils", "pupil_classes", "access_edge")


@pytest.mark.parametrize("name", ["open", "week", "performance", "chart"])
async def test_no_big_table_is_read_from_end_to_end(diary: Any, name: str) -> None:
    school = diary.school
    nothing: list[Any] = [None, None, None, None]
    of_table = [school.school_id, school.misha, *nothing, date(2026, 11, 26), 7]
    monday, sunday = date(2026, 11, 23), date(2026, 11, 29)
    statement, arguments = {
        "open": (OPEN, [school.mother.account_id, uuid4(), datetime.now(UTC), school.misha]),
        "week": (WEEK, [school.school_id, school.misha, monday, sunday, sunday, 3500, *[True] * 7]),
        "performance": (PERFORMANCE, [*of_table, True]),
        "chart": (CHARTS["week"], [*of_table, school.class_7a, None, None, True, True]),
    }[name]
    database = diary.journal.container.database
    async with database.engine.connect() as connection:
        # All of it is taken back: other tests want a little school.
        await connection.execute(text("SELECT 1"))
        driver = (await connection.get_raw_connection()).driver_connection
        for table in BIG:
            await driver.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for (key,) in await driver.fetch(
                "SELECT conname FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype = 'f'", table
            ):
                await driver.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key} CASCADE")
        await driver.execute(_FILL.replace(":school", f"'{school.school_id}'::uuid"))
        await driver.execute("ANALYZE " + ", ".join(BIG))
        await driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        plan = "\n".join(row[0] for row in await driver.fetch(f"EXPLAIN {statement}", *arguments))
        await connection.rollback()
    assert "Index" in plan
    read = re.findall(r"Seq Scan on (\w+)", plan)
    assert not set(read) & set(BIG), plan
    if name != "open":
        # A pupil's marks lie on a page of the table each: what is shown of them is read from the index.
        assert "Index Only Scan using marks_school_id_pupil_id_date_idx on marks" in plan, plan
