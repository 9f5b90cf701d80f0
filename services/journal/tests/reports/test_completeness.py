"""J-33: what a deputy looks at: lessons without topic, homework or attendance, subjects without marks, crowded days."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from journal.reports.completeness import BY_TEACHER, INCOMPLETE, TOTALS, Scope
from journal.reports.regularity import CROWDED, WITHOUT_MARKS
from journal.roster.queries import find_school
from shared.ops.ids import new_id

DAYS = {"from": "2026-11-23", "to": "2026-11-29"}


async def report(made: Any, name: str, who: Any = None, **params: Any) -> Any:
    school = made.school
    return await made.get(who or school.deputy, f"/schools/{school.school_id}/reports/{name}", params=params)


async def items(made: Any, name: str, **params: Any) -> list[dict[str, Any]]:
    answer = await report(made, name, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def every_item(made: Any, name: str, **params: Any) -> list[dict[str, Any]]:
    """All pages, two at a time."""
    found, after = [], {}
    while True:
        page = (await report(made, name, limit=2, **params, **after)).json()
        found += page["items"]
        if page["next"] is None:
            return found
        assert len(page["items"]) == 2
        after = {"after": page["next"]}


async def sql(made: Any, statement: str, **values: Any) -> Any:
    async with made.container.database.uow.begin() as tx:
        return await tx.session.execute(text(statement), values)


async def attend(made: Any, lesson_id: Any, who: Any) -> None:
    answer = await made.call(who, "PUT", f"/lessons/{lesson_id}/attendance", json={"but": []})
    assert answer.status_code == 200, answer.text


async def test_j_33_lessons_without_topic_homework_or_attendance(teaching: Any, at: Any) -> None:
    """The timetable of Monday: only the first lesson has a topic."""
    at("2026-11-24 07:00")
    school = teaching.school
    first = (await teaching.lesson_ids(school.orlova))[0]
    given = await teaching.call(school.orlova, "POST", f"/lessons/{first}/homework", json={"text": "№ 5"})
    assert given.status_code == 201
    await attend(teaching, first, school.orlova)
    answer = (await report(teaching, "completeness", **DAYS)).json()
    assert answer["total"] == {"lessons": 4, "without_topic": 3, "without_homework": 3, "without_attendance": 3}
    of_7a = [one for one in answer["items"] if one["class_name"] == "7А"]
    assert [(one["subject"], one["teacher"], one["without_topic"]) for one in of_7a] == [
        ("Литература", "Гусев Лев", 1),
        ("Математика", "Орлова Марина Сергеевна", 0),
    ]
    assert [one["class_name"] for one in answer["items"]] == ["1А", "7А", "7А", "7Б"]
    lessons = await items(teaching, "incomplete-lessons", **DAYS)
    assert [(one["number"], one["missing"]) for one in lessons] == [
        (number, ["topic", "homework", "attendance"]) for number in (2, 3, 4)
    ]
    await sql(teaching, "UPDATE lessons SET topic = 'Пушкин' WHERE number = 2")
    assert [one["number"] for one in await items(teaching, "incomplete-lessons", **DAYS, missing="topic")] == [3, 4]
    assert [one["number"] for one in await items(teaching, "incomplete-lessons", **DAYS, missing="homework")] == [
        2,
        3,
        4,
    ]
    assert len(await items(teaching, "completeness", **DAYS, gaps="true")) == 3, "maths of 7А is complete"


async def test_what_is_due_on_the_day_is_homework_of_its_lesson(teaching: Any, at: Any) -> None:
    at("2026-11-24 07:00")
    school = teaching.school
    body = {"text": "Прочитать", "subject_id": str(school.maths), "due_on": "2026-11-23"}
    given = await teaching.call(school.orlova, "POST", f"/classes/{school.class_7a}/homework", json=body)
    assert given.status_code == 201
    missing = await items(teaching, "incomplete-lessons", **DAYS, missing="homework")
    assert [one["number"] for one in missing] == [2, 3, 4]


async def test_filters_of_class_and_teacher(teaching: Any, at: Any) -> None:
    at("2026-11-24 07:00")
    school = teaching.school
    of_class = await items(teaching, "incomplete-lessons", **DAYS, **{"class": str(school.class_7a)})
    assert [one["number"] for one in of_class] == [1, 2]
    of_teacher = await items(teaching, "incomplete-lessons", **DAYS, teacher=str(school.gusev.person_id))
    assert [one["number"] for one in of_teacher] == [2, 3]
    answer = (await report(teaching, "completeness", **DAYS, teacher=str(school.gusev.person_id))).json()
    assert answer["total"]["lessons"] == 2


async def test_only_lessons_that_are_over_count(teaching: Any, at: Any) -> None:
    """By the clock on the wall of the school; cancelled lessons were not held."""
    at("2026-11-23 09:14")
    assert await items(teaching, "incomplete-lessons", **DAYS) == []
    at("2026-11-23 09:15")
    assert [one["number"] for one in await items(teaching, "incomplete-lessons", **DAYS)] == [1]
    at("2026-11-24 07:00")
    await sql(teaching, "UPDATE lessons SET cancelled_at = now(), cancelled_because = 'мороз' WHERE number > 2")
    assert [one["number"] for one in await items(teaching, "incomplete-lessons", **DAYS)] == [1, 2]


async def test_pages_follow_without_gaps_or_repetitions(teaching: Any, at: Any) -> None:
    at("2026-11-24 07:00")
    for name, key in (("incomplete-lessons", "lesson_id"), ("completeness", "class_id")):
        whole = await items(teaching, name, **DAYS)
        assert await every_item(teaching, name, **DAYS) == whole
        assert len(whole) == 4
        assert whole[0][key]
    wrong = await report(teaching, "incomplete-lessons", **DAYS, after="WzEsMl0")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_cursor")


async def test_j_33_subjects_without_marks(teaching: Any, at: Any) -> None:
    """Grade 1 has no marks to miss (J-8)."""
    at("2026-11-27 12:00")
    school = teaching.school
    found = await items(teaching, "without-marks", days=14)
    assert [(one["class_name"], one["subject"], one["lessons"], one["last_mark_on"]) for one in found] == [
        ("7А", "Литература", 1, None),
        ("7А", "Математика", 1, None),
        ("7Б", "Математика", 1, None),
    ]
    assert await every_item(teaching, "without-marks", days=14) == found
    posted = await teaching.post_mark(school.orlova, (await teaching.lesson_ids(school.orlova))[0])
    assert posted.status_code == 201
    assert [one["subject"] for one in await items(teaching, "without-marks", **{"class": str(school.class_7a)})] == [
        "Литература"
    ]
    await sql(teaching, "UPDATE marks SET removed_at = now()")
    assert len(await items(teaching, "without-marks", days=14)) == 3, "a removed mark is none"
    assert await items(teaching, "without-marks", days=4) == [], "there were no lessons in these days"


async def test_the_last_mark_before_is_told(half_year: Any, at: Any) -> None:
    made, school = half_year.journal, half_year.journal.school
    at("2026-11-27 18:00")
    await half_year.sql("DELETE FROM marks WHERE date > '2026-11-03'")
    found = await items(made, "without-marks", days=21, **{"class": str(school.class_7a)})
    assert [(one["subject"], one["last_mark_on"]) for one in found] == [("Математика", "2026-11-03")]


async def test_j_33_two_control_works_a_day(half_year: Any, at: Any) -> None:
    """At least half of the class; one subject twice is one work; points of planned works count before marks do."""
    made, school = half_year.journal, half_year.journal.school
    at("2026-11-27 18:00")
    maths, literature, monday = half_year.lessons[-4][0], new_id(), half_year.lessons[-4][1]
    assert monday.isoformat() == "2026-11-23"
    await half_year.sql(
        """
        INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at,
                             room, topic, has_marks)
        SELECT school_id, :id, class_id, :literature, teacher_id, date, 7, starts_at, ends_at, room, topic, true
        FROM lessons WHERE lesson_id = :maths
        """,
        id=literature,
        literature=school.literature,
        maths=maths,
    )
    await half_year.sql("DELETE FROM marks WHERE lesson_id = :maths", maths=maths)

    async def works() -> list[list[tuple[str, int, bool]]]:
        days = await items(made, "crowded-days", **DAYS)
        return [[(work["subject"], work["pupils"], work["planned"]) for work in day["works"]] for day in days]

    for pupil in half_year.pupils[:20]:
        await half_year.mark(pupil, -4, "4", "Контрольная работа")
    plan = """
        INSERT INTO points (school_id, point_id, pupil_id, lesson_id, subject_id, date, kind, control_form_id, due_on,
                            state, author_id, set_at)
        VALUES (:school, :id, :pupil, :lesson, :subject, '2026-11-23', :kind, :form, '2026-11-23', 'open', :author,
                now())
    """
    row = {
        "school": school.school_id,
        "lesson": literature,
        "subject": school.literature,
        "kind": "planned",
        "form": half_year.forms["Контрольная работа"],
        "author": school.gusev.person_id,
    }
    await half_year.sql(plan, [row | {"id": new_id(), "pupil": pupil} for pupil in half_year.pupils[:14]])
    assert await works() == [], "fourteen of thirty: not the class"
    await half_year.sql(plan, [row | {"id": new_id(), "pupil": half_year.pupils[14], "kind": "debt"}])
    assert await works() == [], "a debt is no work of the class"
    await half_year.sql(plan, [row | {"id": new_id(), "pupil": half_year.pupils[15]}])
    assert await works() == [[("Математика", 20, False), ("Литература", 15, True)]]
    (day,) = await items(made, "crowded-days", **DAYS, **{"class": str(school.class_7a)})
    assert (day["date"], day["class_name"]) == ("2026-11-23", "7А")
    assert day["works"][0]["control_form"] == "Контрольная работа"
    assert await items(made, "crowded-days", **DAYS, **{"class": str(school.class_7b)}) == []
    await half_year.sql("UPDATE points SET state = 'withdrawn', ended_at = now()")
    assert await works() == []


@pytest.mark.parametrize("name", ["completeness", "incomplete-lessons", "without-marks", "crowded-days"])
async def test_for_deputies_and_the_director_alone(teaching: Any, name: str) -> None:
    """J-33, J-1: others do not learn that there is such a school."""
    school = teaching.school
    params = {} if name == "without-marks" else DAYS
    for who in (school.deputy, school.gromov):
        assert (await report(teaching, name, who=who, **params)).status_code == 200
    for who in (school.orlova, school.administrator, school.mother, school.misha_himself, school.stranger):
        answer = await report(teaching, name, who=who, **params)
        assert (answer.status_code, answer.json()["code"]) == (404, "school_not_found")
    elsewhere = await teaching.get(school.deputy, f"/schools/{uuid4()}/reports/{name}", params=params)
    assert elsewhere.status_code == 404


async def test_days_are_in_order_and_not_too_many(teaching: Any) -> None:
    for days in ({"from": "2026-11-29", "to": "2026-11-23"}, {"from": "2024-11-29", "to": "2026-11-23"}):
        answer = await report(teaching, "completeness", **days)
        assert (answer.status_code, answer.json()["code"]) == (422, "days_out_of_range")


async def fill(made: Any, classes: int = 40, subjects: int = 10, days: int = 60) -> None:
    """A school of 40 classes with 24,000 lessons, a million cells' worth of marks left out; a neighbour as large."""
    school = made.school
    await sql(
        made,
        """
        WITH new_classes AS (
          INSERT INTO classes (school_id, class_id, source_id, grade, name)
          SELECT :school, uuidv7(), 'c' || n, 2 + n % 10, (2 + n % 10) || chr(1040 + n / 10)
          FROM generate_series(1, :classes) n RETURNING class_id
        ), new_subjects AS (
          INSERT INTO subjects (school_id, subject_id, source_id, title)
          SELECT :school, uuidv7(), 's' || n, 'Предмет ' || n FROM generate_series(1, :subjects) n RETURNING subject_id
        ), new_staff AS (
          INSERT INTO staff (school_id, person_id, source_id, surname, given_name)
          SELECT :school, uuidv7(), 't' || n, 'Учителева', 'Вера' FROM generate_series(1, :classes) n
          RETURNING person_id
        )
        INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at,
                             room, topic, has_marks)
        SELECT :school, uuidv7(), c.class_id, s.subject_id, t.person_id, DATE '2026-09-01' + d, s.n, '08:30', '09:15',
               '1', CASE WHEN (d + s.n) % 7 = 0 THEN '' ELSE 'Тема' END, (d + s.n) % 3 = 0
        FROM (SELECT class_id, row_number() OVER () AS n FROM new_classes) c
        JOIN (SELECT person_id, row_number() OVER () AS n FROM new_staff) t USING (n)
        CROSS JOIN (SELECT subject_id, row_number() OVER () AS n FROM new_subjects) s
        CROSS JOIN generate_series(0, :days - 1) d
        """,
        school=school.school_id,
        classes=classes,
        subjects=subjects,
        days=days,
    )
    await sql(
        made,
        """
        INSERT INTO pupils (school_id, pupil_id, class_id, surname, given_name, since)
        SELECT school_id, uuidv7(), class_id, 'Яшин', 'Яков', '2026-09-01' FROM classes, generate_series(1, 4)
        WHERE source_id LIKE 'c%'
        """,
    )
    await sql(
        made,
        """
        INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, author_id,
                           posted_at)
        SELECT l.school_id, uuidv7(), p.pupil_id, l.lesson_id, l.subject_id, l.date, '4', f.control_form_id,
               l.teacher_id, now()
        FROM lessons l
        JOIN pupils p ON p.school_id = l.school_id AND p.class_id = l.class_id
        JOIN LATERAL (SELECT control_form_id FROM control_forms f WHERE f.school_id = l.school_id
                      ORDER BY (f.category = 'control') = (l.number = 1) DESC LIMIT 1) f ON true
        WHERE l.has_marks AND l.date < '2026-10-15'
        """,
    )
    await sql(
        made,
        """
        INSERT INTO homework (school_id, homework_id, class_id, subject_id, lesson_id, due_on, kind, mandatory, text,
                              links, author_id, assigned_at, edited_at)
        SELECT school_id, uuidv7(), class_id, subject_id, lesson_id, date, 'homework', true, '№ 1', '{}', teacher_id,
               now(), now()
        FROM lessons WHERE number % 2 = 0
        """,
    )
    await sql(
        made,
        """
        INSERT INTO journal_columns (school_id, lesson_id, class_id, subject_id, revision, attendance_taken_at)
        SELECT school_id, lesson_id, class_id, subject_id, 1, CASE WHEN number % 4 > 0 THEN now() END FROM lessons
        """,
    )
    await sql(
        made,
        """
        INSERT INTO points (school_id, point_id, pupil_id, lesson_id, subject_id, date, kind, control_form_id, due_on,
                            state, author_id, set_at)
        SELECT school_id, uuidv7(), pupil_id, lesson_id, subject_id, date, 'planned', control_form_id, date, 'open',
               author_id, now()
        FROM marks WHERE date < '2026-09-20'
        """,
    )
    for table in ("lessons", "marks", "homework", "journal_columns", "points", "classes", "subjects", "pupils"):
        await sql(made, f"ANALYZE {table}")


async def test_a_filled_school_is_read_by_its_indexes(teaching: Any, at: Any) -> None:
    """A week out of a year: no table that grows with the years is read whole; a constant number of statements."""
    at("2026-10-20 18:00")
    with teaching.counting() as few:
        await report(teaching, "completeness", **DAYS)
    await fill(teaching)
    week = {"from": "2026-10-12", "to": "2026-10-16"}
    with teaching.counting() as many:
        answer = await report(teaching, "completeness", **week)
    assert len(few) == len(many)
    assert answer.json()["total"]["lessons"] == 40 * 10 * 5
    first, last = date(2026, 10, 12), date(2026, 10, 16)
    async with teaching.container.database.read() as session:
        school = await find_school(session, teaching.school.school_id)
        assert school is not None
        scope = Scope.of(school, first, last, teaching.container.database.clock())
        nowhere = dict.fromkeys(
            (
                "grade",
                "class_name",
                "subject",
                "class_id",
                "subject_id",
                "group_id",
                "teacher_id",
                "date",
                "number",
                "lesson_id",
            )
        )
        more = {"limit": 51, "gaps": False, "missing": None, "year": date(2026, 9, 1)}
        asked = scope.values | nowhere | more
        for statement in (TOTALS, BY_TEACHER, INCOMPLETE, WITHOUT_MARKS, CROWDED):
            bound = statement._bindparams
            explain = text(f"EXPLAIN {statement}").bindparams(*bound.values())
            found = await session.scalars(explain, {name: asked[name] for name in bound})
            plan = "\n".join(found.all())
            for table in ("lessons", "marks", "homework", "points", "journal_columns"):
                assert f"Seq Scan on {table} " not in plan, plan
            if statement is INCOMPLETE:
                assert "lessons_school_id_date_number_lesson_id_idx" in plan, plan
                assert "homework_school_id_class_id_due_on_idx" in plan, plan
