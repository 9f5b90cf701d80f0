"""J-35: a teacher's day, the class teacher's and the director's overviews."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.ops.ids import new_id

MONDAY = "2026-11-23"


async def sql(made: Any, statement: str, **values: Any) -> None:
    async with made.container.database.uow.begin() as tx:
        await tx.session.execute(text(statement), values)


async def notice(made: Any, pupil: Any, reason: str = "б", first: str = MONDAY, last: str = MONDAY) -> None:
    await sql(
        made,
        """
        INSERT INTO absence_notices (school_id, notice_id, pupil_id, first_day, last_day, reason, given_by, given_at)
        VALUES (:school, :id, :pupil, :first, :last, :reason, :by, now())
        """,
        school=made.school.school_id,
        id=new_id(),
        pupil=pupil,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        reason=reason,
        by=made.school.mother.account_id,
    )


async def point(made: Any, lesson_id: Any, due_on: str, pupil: Any = None, who: Any = None) -> Any:
    """Set by a route, then moved to its day: a route takes no due date of the past."""
    school = made.school
    body = {
        "pupil_id": str(pupil or school.misha),
        "kind": "debt",
        "control_form_id": await made.form("Контрольная работа"),
        "due_on": "2099-05-20",
    }
    answer = await made.call(who or school.orlova, "POST", f"/lessons/{lesson_id}/points", json=body)
    assert answer.status_code == 201, answer.text
    await sql(made, "UPDATE points SET due_on = :day WHERE due_on > '2099-01-01'", day=date.fromisoformat(due_on))


async def day_of(made: Any, who: Any, day: str | None = MONDAY) -> dict[str, Any]:
    answer = await made.get(who, "/me/day", params={"date": day} if day else {})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def of_class(made: Any, who: Any = None, day: str = MONDAY) -> dict[str, Any]:
    path = f"/classes/{made.school.class_7a}/overview"
    answer = await made.get(who or made.school.orlova, path, params={"date": day})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def of_school(made: Any, who: Any = None) -> dict[str, Any]:
    answer = await made.get(who or made.school.gromov, f"/schools/{made.school.school_id}/overview")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_j_35_a_teachers_day(teaching: Any) -> None:
    school = teaching.school
    first, fourth = await teaching.lesson_ids(school.orlova)
    day = await day_of(teaching, school.orlova)
    assert [(one["number"], one["class_name"], one["room"], one["topic"]) for one in day["lessons"]] == [
        (1, "7А", "101", "Дроби"),
        (4, "1А", "101", ""),
    ]
    missing = [one["missing"] for one in day["lessons"]]
    assert missing == [["homework", "attendance"], ["topic", "homework", "attendance"]]
    await teaching.call(school.orlova, "POST", f"/lessons/{first}/homework", json={"text": "№ 5"})
    await teaching.call(school.orlova, "PUT", f"/lessons/{first}/attendance", json={"but": []})
    await teaching.post_mark(school.orlova, first)
    await sql(
        teaching,
        "UPDATE lessons SET cancelled_at = now(), cancelled_because = 'мороз' WHERE lesson_id = :id",
        id=fourth,
    )
    day = await day_of(teaching, school.orlova)
    assert [(one["state"], one["marks"], one["missing"]) for one in day["lessons"]] == [
        ("planned", 1, []),
        ("cancelled", 0, []),
    ]


async def test_the_day_tells_what_is_due_and_who_will_be_absent(teaching: Any) -> None:
    """Points of the own lessons; that a family gave notice, but not why (J-21)."""
    school = teaching.school
    first = (await teaching.lesson_ids(school.orlova))[0]
    await point(teaching, first, MONDAY)
    await notice(teaching, school.olya)
    await notice(teaching, school.petya)
    day = await day_of(teaching, school.orlova)
    assert [(one["pupil"], one["control_form"], one["subject"]) for one in day["points_due"]] == [
        ("Соколов Михаил Дмитриевич", "Контрольная работа", "Математика")
    ]
    assert [(one["class_name"], one["pupil"]) for one in day["notices"]] == [("7А", "Авдеева Ольга Дмитриевич")]
    assert set(day["notices"][0]) == {"pupil_id", "pupil", "class_id", "class_name"}
    of_gusev = await day_of(teaching, school.gusev)
    assert of_gusev["points_due"] == [], "another teacher's"
    assert {one["class_name"] for one in of_gusev["notices"]} == {"7А", "7Б"}
    tomorrow = await day_of(teaching, school.orlova, "2026-11-24")
    assert (tomorrow["lessons"], tomorrow["points_due"], tomorrow["notices"]) == ([], [], [])


async def test_today_is_where_the_school_is(teaching: Any, at: Any) -> None:
    """Half past midnight in Moscow is yesterday in London."""
    at("2026-11-23 00:30")
    assert (await day_of(teaching, teaching.school.orlova, None))["date"] == MONDAY


async def test_who_teaches_nowhere_has_no_day(teaching: Any) -> None:
    for who in (teaching.school.mother, teaching.school.stranger):
        answer = await teaching.get(who, "/me/day")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_a_teacher")


async def test_j_35_a_class_at_a_glance(teaching: Any, at: Any) -> None:
    at("2026-11-27 12:00")
    school = teaching.school
    first = (await teaching.lesson_ids(school.orlova))[0]
    attended = await teaching.call(
        school.orlova,
        "PUT",
        f"/lessons/{first}/attendance",
        json={"but": [{"pupil_id": str(school.olya), "kind": "absent", "absence_reason": "нп"}]},
    )
    assert attended.status_code == 200, attended.text
    await notice(teaching, school.misha)
    await point(teaching, first, "2026-11-30", pupil=school.olya)
    await teaching.post_mark(school.orlova, first, value="2")
    await teaching.post_mark(school.orlova, first, value="4")
    await sql(
        teaching,
        """
        INSERT INTO behaviour_notes (school_id, note_id, pupil_id, class_id, monday, rating, note, author_id,
                                     written_at)
        VALUES (:school, :id, :pupil, :class, '2026-11-23', 'poor', 'Шумел', :author, now())
        """,
        school=school.school_id,
        id=new_id(),
        pupil=school.misha,
        author=school.orlova.person_id,
        **{"class": school.class_7a},
    )
    seen = await of_class(teaching)
    assert (seen["class_name"], seen["pupils"], seen["lessons"]) == ("7А", 2, 2)
    assert [(one["pupil"], one["missed"], one["reasons"], one["notice"]) for one in seen["absent"]] == [
        ("Авдеева Ольга Дмитриевич", 1, ["нп"], False),
        ("Соколов Михаил Дмитриевич", 0, ["б"], True),
    ]
    assert [(one["pupil"], one["due_on"]) for one in seen["open_points"]] == [
        ("Авдеева Ольга Дмитриевич", "2026-11-30")
    ]
    assert [(one["value"], one["subject"]) for one in seen["low_marks"]] == [("2", "Математика")]
    assert [(one["pupil"], one["rating"], one["note"]) for one in seen["behaviour"]] == [
        ("Соколов Михаил Дмитриевич", "poor", "Шумел")
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_day_at_the_ends_of_the_calendar_is_refused(teaching: Any, day: str) -> None:
    """J-35: the weeks before it and its own Sunday must be there."""
    school = teaching.school
    for path in ("/me/day", f"/classes/{school.class_7a}/overview"):
        answer = await teaching.get(school.orlova, path, params={"date": day})
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_unsigned_weeks_are_those_with_lessons_that_may_be_signed(teaching: Any, at: Any) -> None:
    """J-32: the present week from its Friday on; nobody signs holidays."""
    school = teaching.school
    at("2026-11-26 12:00")
    assert (await of_class(teaching))["unsigned_weeks"] == [], "Thursday"
    at("2026-11-27 12:00")
    (week,) = (await of_class(teaching))["unsigned_weeks"]
    assert week["week"] == "2026-W48"
    assert [one["pupil"] for one in week["pupils"]] == ["Авдеева Ольга Дмитриевич", "Соколов Михаил Дмитриевич"]
    await sql(
        teaching,
        """
        INSERT INTO week_signatures (school_id, signature_id, pupil_id, class_id, monday, page_hash, account_id,
                                     signed_at, document)
        VALUES (:school, :id, :pupil, :class, '2026-11-23', 'abc', :account, now(), '{}')
        """,
        id=new_id(),
        school=school.school_id,
        pupil=school.misha,
        account=school.mother.account_id,
        **{"class": school.class_7a},
    )
    (week,) = (await of_class(teaching))["unsigned_weeks"]
    assert [one["pupil"] for one in week["pupils"]] == ["Авдеева Ольга Дмитриевич"]


@pytest.mark.parametrize(
    ("who", "of_class_status", "of_school_status"),
    [
        ("orlova", 200, 404),
        ("deputy", 200, 200),
        ("gromov", 200, 200),
        ("gusev", 404, 404),
        ("administrator", 404, 404),
        ("mother", 404, 404),
        ("misha_himself", 404, 404),
        ("stranger", 404, 404),
    ],
)
async def test_who_has_which_overview(teaching: Any, who: str, of_class_status: int, of_school_status: int) -> None:
    """J-1: reasons of absences are for the class teacher and the direction, not for every teacher."""
    school, somebody = teaching.school, getattr(teaching.school, who)
    assert (await teaching.get(somebody, f"/classes/{school.class_7a}/overview")).status_code == of_class_status
    assert (await teaching.get(somebody, f"/schools/{school.school_id}/overview")).status_code == of_school_status
    assert (await teaching.get(somebody, f"/classes/{uuid4()}/overview")).status_code == 404
    assert (await teaching.get(somebody, f"/schools/{uuid4()}/overview")).status_code == 404


async def test_j_35_a_school_at_a_glance(teaching: Any, at: Any) -> None:
    at("2026-11-23 18:00")
    school = teaching.school
    first = (await teaching.lesson_ids(school.orlova))[0]
    but = [{"pupil_id": str(pupil), "kind": "absent"} for pupil in (school.misha, school.olya)]
    attended = await teaching.call(school.orlova, "PUT", f"/lessons/{first}/attendance", json={"but": but})
    assert attended.status_code == 200, attended.text
    await notice(teaching, school.misha)
    await notice(teaching, school.petya, reason="у", first="2026-11-20", last="2026-11-24")
    await sql(
        teaching,
        """
        INSERT INTO periods (school_id, period_id, year_title, year_starts_on, kind, first_grade, last_grade, number,
                             title, starts_on, ends_on)
        VALUES (:school, :one, '2026/27', '2026-09-01', 'quarter', 2, 9, 1, 'I четверть', '2026-09-01', '2026-10-25'),
               (:school, :two, '2026/27', '2026-09-01', 'quarter', 2, 9, 2, 'II четверть', '2026-11-02', '2026-12-30')
        """,
        school=school.school_id,
        one=new_id(),
        two=new_id(),
    )
    seen = await of_school(teaching)
    assert (seen["date"], seen["pupils"], seen["absent"], seen["without_notice"], seen["announced"]) == (
        MONDAY,
        4,
        2,
        1,
        2,
    )
    assert [(one["class_name"], one["absent"], one["announced"]) for one in seen["classes"]] == [
        ("1А", 0, 0),
        ("7А", 2, 1),
        ("7Б", 0, 1),
    ]
    assert seen["lessons"] == {"planned": 4, "cancelled": 0, "substituted": 0}
    assert seen["completeness_percent"] == {"lessons": 4, "with_topic": 25, "with_homework": 0, "with_attendance": 25}
    assert seen["without_marks"] == 3
    assert seen["crowded_days"] == 0
    assert [period["title"] for period in seen["periods_to_close"]] == ["I четверть"]


async def test_overviews_take_the_same_queries_however_much_there_is(half_year: Any, at: Any) -> None:
    at("2026-11-27 18:00")
    teaching, school = half_year.journal, half_year.journal.school
    asked = (
        (school.gusev, "/me/day", {"date": MONDAY}),
        (school.orlova, "/me/day", {"date": MONDAY}),
        (school.gusev, f"/classes/{school.class_7b}/overview", {"date": MONDAY}),
        (school.orlova, f"/classes/{school.class_7a}/overview", {"date": MONDAY}),
    )
    counts = []
    for who, path, params in asked:
        with teaching.counting() as statements:
            answer = await teaching.get(who, path, params=params)
        assert answer.status_code == 200, answer.text
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]
    with teaching.counting() as statements:
        await of_school(teaching)
    assert len(statements) <= 12
