"""J-35: the grid of a class in one call, and what changed since."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from journal.class_journal.queries import CHANGED
from shared.ops.ids import new_id


async def grid(lesson: Any, who: Any = None, **params: Any) -> Any:
    school = lesson.journal.school
    wanted = {"subject": str(school.maths)} | params
    return await lesson.journal.get(who or school.orlova, f"/classes/{school.class_7a}/journal", params=wanted)


async def changes(lesson: Any, after: int, who: Any = None, **options: Any) -> Any:
    school = lesson.journal.school
    wanted = {"subject": str(school.maths), "after": after}
    path = f"/classes/{school.class_7a}/journal/changes"
    return await lesson.journal.get(who or school.orlova, path, params=wanted, **options)


async def test_the_grid_has_all_of_a_page(lesson: Any) -> None:
    school = lesson.journal.school
    await lesson.put(
        lesson.add(0, "4", comment="Решил"),
        lesson.row("absent", 1, absence_reason="б"),
        lesson.row("point", 1, kind="debt", control_form_id=lesson.form, due_on="2099-05-20"),
    )
    answer = await grid(lesson)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert (page["class_name"], page["subject"], page["period"], page["revision"]) == ("7А", "Математика", None, 1)
    (column,) = page["columns"]
    assert column["lesson_id"] == str(lesson.lesson_id)
    assert (column["may_edit"], column["closed"], column["needs_reason"]) == (True, False, False)
    olya, misha = page["pupils"]
    assert [pupil["surname"] for pupil in (olya, misha)] == ["Авдеева", "Соколов"]
    (mark,) = misha["cells"][0]["marks"]
    assert (mark["value"], mark["version"], mark["control_form"], mark["category"], mark["weight"]) == (
        "4",
        1,
        "Ответ на уроке",
        "class",
        3,
    )
    assert (mark["author"], mark["comment"]) == ("Орлова Марина Сергеевна", "Решил")
    assert (misha["weighted"], misha["simple"], misha["absences"]) == ("4.00", "4.00", 0)
    # J-16: both proposals, with their operands.
    assert misha["proposals"]["by_average"]["proposed"] == misha["proposals"]["by_priority"]["proposed"] == 4
    assert misha["proposals"]["by_average"]["sum_of_products"] == 12
    assert misha["proposals"]["enough"] is False
    cell = olya["cells"][0]
    assert (cell["absence"]["kind"], cell["absence"]["reason"], cell["points"][0]["state"]) == ("absent", "б", "open")
    assert (olya["weighted"], olya["absences"]) == (None, 1)
    assert school.misha != school.olya


async def test_the_grid_costs_as_many_queries_however_large_the_class(lesson: Any) -> None:
    """J-35"""
    with lesson.journal.counting() as small:
        await grid(lesson)
    await lesson.enrol(28)
    await lesson.put(*(lesson.add(pupil) for pupil in range(30)))
    with lesson.journal.counting() as large:
        page = (await grid(lesson)).json()
    assert len(page["pupils"]) == 30
    assert large == small
    assert len(large) == 15


@pytest.mark.parametrize(
    ("who", "status", "may_edit", "may_take"),
    [
        ("orlova", 200, True, True),
        ("gromov", 200, False, False),
        ("deputy", 200, False, False),
        ("gusev", 404, None, None),
        ("administrator", 404, None, None),
        ("mother", 404, None, None),
    ],
)
async def test_who_sees_the_grid_and_may_write(
    lesson: Any, who: str, status: int, may_edit: Any, may_take: Any
) -> None:
    """J-1"""
    answer = await grid(lesson, getattr(lesson.journal.school, who))
    assert answer.status_code == status
    if status == 200:
        (column,) = answer.json()["columns"]
        assert (column["may_edit"], column["may_take_attendance"]) == (may_edit, may_take)
    assert (await changes(lesson, 0, getattr(lesson.journal.school, who))).status_code == status


async def test_a_closed_column_is_not_edited_and_an_old_one_needs_a_reason(lesson: Any) -> None:
    """J-11"""
    await lesson.put(lesson.add(0))
    await lesson.sql("UPDATE marks SET posted_at = posted_at - interval '8 days'")
    (column,) = (await grid(lesson)).json()["columns"]
    assert (column["closed"], column["may_edit"], column["needs_reason"]) == (False, True, True)
    await lesson.close_period()
    ((period_id,),) = await lesson.sql("SELECT period_id FROM periods")
    page = (await grid(lesson, period=str(period_id))).json()
    (column,) = page["columns"]
    assert (column["closed"], column["may_edit"], page["period"]["title"]) == (True, False, "I полугодие")
    unknown = await grid(lesson, period=str(uuid4()))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "period_not_found")


async def test_notices_show_their_days_and_not_their_reasons(lesson: Any) -> None:
    """J-21: shown on the lessons; why is for the class teacher."""
    school = lesson.journal.school
    day = datetime.now(UTC).date() + timedelta(days=3)
    body = {"first_day": day.isoformat(), "last_day": day.isoformat(), "reason": "б", "comment": "Операция"}
    await lesson.journal.call(school.mother, "POST", f"/diaries/{school.misha}/absence-notices", json=body)
    answer = await grid(lesson)
    assert answer.json()["pupils"][1]["notices"] == [{"first_day": day.isoformat(), "last_day": day.isoformat()}]
    assert "Операция" not in answer.text


async def test_changes_are_the_columns_that_changed(lesson: Any) -> None:
    """J-35: what came after a revision, whole columns, each once."""
    assert (await changes(lesson, 0)).json() == {"revision": 0, "columns": [], "pupils": []}
    await lesson.put(lesson.add(0))
    first = (await changes(lesson, 0)).json()
    assert (first["revision"], [column["lesson_id"] for column in first["columns"]]) == (1, [str(lesson.lesson_id)])
    assert (await changes(lesson, 1)).json()["columns"] == []
    (cell,) = (await lesson.put(lesson.add(1, "3"))).json()["cells"]
    await lesson.put(lesson.row("clear", 1, version=1, mark_id=cell["marks"][0]["mark_id"]))
    later = (await changes(lesson, 1)).json()
    assert later["revision"] == 3
    olya, misha = later["pupils"]
    assert (olya["cells"], misha["cells"][0]["marks"][0]["value"]) == ([], "5")
    other = {"subject": str(lesson.journal.school.literature), "after": 0}
    path = f"/classes/{lesson.journal.school.class_7a}/journal/changes"
    assert (await lesson.journal.get(lesson.journal.school.gusev, path, params=other)).json()["revision"] == 0


async def test_nothing_new_is_304_and_costs_one_query_beside_the_right_to_ask(lesson: Any) -> None:
    """J-35: cheap enough for a poll every ten seconds."""
    await lesson.put(lesson.add(0))
    etag = (await changes(lesson, 0)).headers["etag"]
    with lesson.journal.counting() as statements:
        again = await changes(lesson, 1, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    # Is the token void? Which class? Whose edges? What changed?
    assert len(statements) == 4
    await lesson.put(lesson.add(0))
    assert (await changes(lesson, 1, headers={"If-None-Match": etag})).status_code == 200


async def test_a_poll_reads_two_indexes_and_no_table(lesson: Any) -> None:
    """J-35: the plan, on a big school's pages."""
    school, classes = new_id(), [new_id() for _ in range(4000)]
    async with lesson.journal.container.database.engine.begin() as connection:
        await connection.execute(
            text("ALTER TABLE journal_columns DROP CONSTRAINT journal_columns_school_id_lesson_id_fkey")
        )
        await connection.execute(
            text(
                """
                WITH page AS (
                  INSERT INTO journal_pages (school_id, class_id, subject_id, revision)
                  SELECT :school, c, c, 600 FROM unnest(CAST(:classes AS uuid[])) c RETURNING class_id
                )
                INSERT INTO journal_columns (school_id, lesson_id, class_id, subject_id, revision)
                SELECT :school, gen_random_uuid(), class_id, class_id, n FROM page, generate_series(591, 600) n
                """
            ),
            {"school": school, "classes": classes},
        )
        await connection.execute(text("ANALYZE journal_pages, journal_columns"))
        wanted = {"school": school, "class": classes[7], "subject": classes[7], "after": 599}
        sql = str(CHANGED.compile(dialect=postgresql.dialect(), compile_kwargs={"render_postcompile": True}))
        for name, value in wanted.items():
            sql = sql.replace(f"%({name})s::UUID", f"'{value}'::uuid").replace(f"%({name})s", f"'{value}'")
        plan = "\n".join((await connection.scalars(text("EXPLAIN (ANALYZE, BUFFERS) " + sql))).all())
        await connection.rollback()
    assert "journal_pages_pkey" in plan
    assert "journal_columns_page_idx" in plan
    assert "Seq Scan" not in plan
