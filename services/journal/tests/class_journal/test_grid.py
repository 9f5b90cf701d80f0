"""J-35: the grid of a class in one call, and what changed since."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from journal.attestation.rules import MarkOfPeriod, propose
from journal.class_journal.grid_answers import ChangesOut, GridOut
from journal.class_journal.page import OPEN
from journal.marks.rules import Weighted, simple_mean, trend, weighted_average
from shared.access import cut_off
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
    assert (mark["value"], mark["version"], mark["comment"]) == ("4", 1, "Решил")
    (form,) = [one for one in page["control_forms"] if one["control_form_id"] == mark["control_form_id"]]
    assert (form["name"], form["category"], form["weight"], form["archived"]) == ("Ответ на уроке", "class", 3, False)
    assert page["authors"] == [{"person_id": mark["author_id"], "name": "Орлова Марина Сергеевна"}]
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
    # Is the session still on, which page, and may the caller? What stands on it?
    assert len(large) == 2


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
    nothing: dict[str, Any] = {"control_forms": [], "authors": [], "groups": [], "columns": [], "pupils": []}
    assert (await changes(lesson, 0)).json() == {"revision": 0} | nothing
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


async def another_lesson(lesson: Any, *, days: int, later: int) -> Any:
    """A lesson of the same page: some days after that one, some lessons later in the day."""
    lesson_id = new_id()
    await lesson.sql(
        """
        INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at,
                             room, topic)
        SELECT school_id, :id, class_id, subject_id, teacher_id, date + CAST(:days AS int), number + :later,
               starts_at + :later * interval '1 hour', ends_at + :later * interval '1 hour', room, topic
        FROM lessons WHERE lesson_id = :of
        """,
        id=lesson_id,
        of=lesson.lesson_id,
        days=days,
        later=later,
    )
    return replace(lesson, lesson_id=lesson_id)


async def test_cells_stand_in_the_order_of_their_lessons(lesson: Any) -> None:
    """J-35: whatever was written first; changes list the cells of changed lessons only, with averages of the page."""
    after = await another_lesson(lesson, days=0, later=5)
    before = await another_lesson(lesson, days=-7, later=0)
    for one, value in ((after, "3"), (lesson, "4"), (before, "5")):
        answer = await one.put(
            one.add(0, value),
            one.add(0, "зачёт"),
            one.row("point", 1, kind="debt", control_form_id=one.form, due_on="2099-05-20"),
        )
        assert answer.status_code == 200, answer.text
        assert not answer.json()["refused"], answer.text
    page = strict(GridOut, await grid(lesson))
    assert [column.lesson_id for column in page.columns] == [before.lesson_id, lesson.lesson_id, after.lesson_id]
    olya, misha = page.pupils
    assert [[mark.value for mark in cell.marks] for cell in misha.cells] == [
        ["5", "зачёт"],
        ["4", "зачёт"],
        ["3", "зачёт"],
    ]
    for row in (olya, misha):
        assert [cell.lesson_id for cell in row.cells] == [column.lesson_id for column in page.columns]
    told = strict(ChangesOut, await changes(lesson, page.revision - 1))
    assert [column.lesson_id for column in told.columns] == [before.lesson_id]
    for changed, whole in zip(told.pupils, page.pupils, strict=True):
        assert changed == whole.model_copy(update={"cells": whole.cells[:1]})


async def test_an_ended_session_reads_no_page(lesson: Any) -> None:
    """I-9: the page's own first statement asks; also of somebody who may read nothing."""
    school = lesson.journal.school
    exported = f"/classes/{school.class_7a}/journal.xlsx"
    for who, before in ((school.orlova, 200), (school.gusev, 404)):
        assert (await grid(lesson, who)).status_code == before
        async with lesson.journal.container.database.uow.begin() as tx:
            await cut_off(tx.session, who.account_id, datetime.now(UTC) + timedelta(minutes=1))
        answers = [
            await grid(lesson, who),
            await changes(lesson, 0, who),
            await lesson.journal.get(who, exported, params={"subject": str(school.maths)}),
        ]
        assert [(one.status_code, one.json()["code"]) for one in answers] == [(401, "token_invalid")] * 3


NASTY = 'Сказал: "5/5" \\ {"a":1}\n\t</script> \u2028 ё\u0301 🙂'


def strict(model: Any, answer: Any) -> Any:
    """Read with the model of the OpenAPI document: each field there and of its type, and none besides."""
    assert answer.status_code == 200, answer.text
    read = model.model_validate_json(answer.content)
    again = json.loads(read.model_dump_json())
    assert keys(again) == keys(answer.json())
    return read


def keys(value: Any) -> Any:
    match value:
        case dict():
            return {name: keys(one) for name, one in value.items()}
        case list():
            return [keys(one) for one in value]
    return None


async def test_what_the_database_writes_is_what_the_models_tell(lesson: Any) -> None:
    """J-35: the bytes are valid, whatever stands in comments, names and topics."""
    school = lesson.journal.school
    assert strict(GridOut, await grid(lesson)).revision == 0
    await lesson.journal.hears(
        school.enrolled(new_id(), school.class_7a, 'О"Нил\\', "Д'Артаньян"),
        school.assigned(school.orlova, "deputy", surname='Орл"ова', given_name="М\\", patronymic=None),
    )
    await lesson.sql("UPDATE lessons SET topic = :topic", topic=NASTY)
    await lesson.put(
        lesson.add(0, "4", comment=NASTY),
        lesson.add(0, "зачёт"),
        lesson.row("late", 0, minutes=5),
        lesson.row("absent", 1, absence_reason="б"),
        lesson.row("point", 0, kind="planned", control_form_id=lesson.form, due_on="2099-05-20", comment=NASTY),
        lesson.row("point", 1, kind="debt", control_form_id=lesson.form, due_on="2099-05-20"),
    )
    (cell,) = (await lesson.put(lesson.add(0, "3"))).json()["cells"]
    last = cell["marks"][-1]
    await lesson.put(lesson.row("set", 0, mark_id=last["mark_id"], version=last["version"], value="2"))
    page = strict(GridOut, await grid(lesson))
    (misha,) = [row for row in page.pupils if row.pupil_id == school.misha]
    (cell,) = misha.cells
    assert [mark.value for mark in cell.marks] == ["4", "зачёт", "2"]
    assert cell.marks[0].comment == cell.points[0].comment == page.columns[0].topic == NASTY
    assert cell.marks[2].changed_at is not None
    assert (cell.absence.kind, cell.absence.minutes) == ("late", 5)
    assert [author.name for author in page.authors] == ['Орл"ова М\\']
    assert {row.surname for row in page.pupils} == {"Авдеева", "Соколов", 'О"Нил\\'}
    told = strict(ChangesOut, await changes(lesson, 0))
    assert (told.columns, told.pupils, told.revision) == (page.columns, page.pupils, page.revision)
    assert (told.control_forms, told.authors) == (page.control_forms, page.authors)
    assert strict(ChangesOut, await changes(lesson, page.revision)).pupils == []


async def test_the_grid_reckons_as_attestation_does(lesson: Any) -> None:
    """J-16, J-12: sums made by the database give what the rules give for the marks one by one."""
    forms = (await lesson.journal.get(lesson.journal.school.orlova, "/control-forms")).json()["items"]
    values = ["5", "4", "зачёт", "2", "3", "5", "осв", "5", "1", "4"]
    rows = [
        lesson.add(0, value, control_form_id=forms[n % len(forms)]["control_form_id"]) for n, value in enumerate(values)
    ]
    rows += [lesson.add(1, value) for value in values[:4]]
    await lesson.put(*rows)
    # Each a minute after the other, so that the last three are known.
    await lesson.sql(
        """
        UPDATE marks m SET posted_at = posted_at + n * interval '1 minute'
        FROM (SELECT mark_id, row_number() OVER (ORDER BY mark_id) AS n FROM marks) o WHERE o.mark_id = m.mark_id
        """
    )
    page = strict(GridOut, await grid(lesson))
    of_form = {form.control_form_id: form for form in page.control_forms}
    for row in page.pupils:
        marks = [(mark.value, of_form[mark.control_form_id]) for cell in row.cells for mark in cell.marks]
        weighted = [Weighted(value, form.weight) for value, form in marks]
        assert row.weighted == weighted_average(weighted)
        assert row.simple == simple_mean(weighted)
        assert row.trend == trend(weighted)
        assert row.proposals == propose([MarkOfPeriod(value, form.weight, form.category) for value, form in marks])
    assert {row.trend for row in page.pupils} == {None, "falling"}


async def test_nothing_new_is_304_and_costs_one_query(lesson: Any) -> None:
    """J-35: cheap enough for a poll every ten seconds."""
    await lesson.put(lesson.add(0))
    etag = (await changes(lesson, 0)).headers["etag"]
    with lesson.journal.counting() as statements:
        again = await changes(lesson, 1, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    # Is the session still on, which page, may the caller, and what changed?
    assert len(statements) == 1
    await lesson.put(lesson.add(0))
    assert (await changes(lesson, 1, headers={"If-None-Match": etag})).status_code == 200


async def test_a_poll_reads_two_indexes_of_pages(lesson: Any) -> None:
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
        await connection.execute(
            text("INSERT INTO classes (school_id, class_id, source_id, grade, name) VALUES (:s, :c, 'x', 7, '7Я')"),
            {"s": school, "c": classes[7]},
        )
        driver = (await connection.get_raw_connection()).driver_connection
        nobody = new_id()
        asked = (nobody, nobody, datetime.now(UTC), classes[7], classes[7], None, 599)
        explained = await driver.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {OPEN}", *asked)
        plan = "\n".join(line for (line,) in explained)
        await connection.rollback()
    assert "journal_pages_pkey" in plan
    assert "journal_columns_page_idx" in plan
    assert "Seq Scan on journal_" not in plan
