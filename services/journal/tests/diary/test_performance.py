"""J-29, J-31: the performance table."""

import random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from journal.diary.answers import PerformanceOut
from journal.diary.sql import average_of
from journal.marks.rules import VALUES, Weighted, simple_mean, weighted_average

PERFORMANCE = "performance"
PLAN = [
    {"kind": "half_year", "first_grade": 5, "last_grade": 9, "number": 1, "title": "I", "starts_on": "2026-09-01",
     "ends_on": "2026-12-30"},
    {"kind": "half_year", "first_grade": 5, "last_grade": 9, "number": 2, "title": "II", "starts_on": "2027-01-09",
     "ends_on": "2027-05-30"},
]  # fmt: skip


async def subjects(diary: Any, who: Any = None, **params: Any) -> dict[str, Any]:
    table = await diary.seen(who or diary.school.mother, PERFORMANCE, params=params)
    return {one["subject"]: one for one in table["subjects"]}


async def test_a_subject_has_its_marks_averages_absences_and_marks_of_periods(diary: Any) -> None:
    """J-29, J-12: 4 (weight 5), 5 (3), 5 (1) → 4.44; the mean without weights → 4.67."""
    first, second = await diary.quarters()
    await diary.mark("4", "Контрольная работа", comment="Без ошибок в задаче")
    await diary.mark("5")
    await diary.mark("5", "Домашняя работа")
    await diary.mark("зачёт")
    await diary.miss()
    await diary.attest(first, "3")
    await diary.attest(second, "4")
    await diary.attest(None, "4")
    table = await diary.seen(diary.school.mother, PERFORMANCE)
    assert (table["from"], table["to"], table["period_id"]) == ("2026-11-05", "2026-12-30", second)
    assert [one["title"] for one in table["periods"]] == ["I четверть", "II четверть"]
    found = {one["subject"]: one for one in table["subjects"]}
    maths = found["Математика"]
    assert [(one["value"], one["date"], one["category"], one["weight"]) for one in maths["marks"]] == [
        ("4", "2026-11-23", "control", 5),
        ("5", "2026-11-23", "class", 3),
        ("5", "2026-11-23", "home", 1),
        ("зачёт", "2026-11-23", "class", 3),
    ]
    assert maths["marks"][0]["comment"] == "Без ошибок в задаче"
    assert (maths["weighted_average"], maths["average"]) == ("4.44", "4.67")
    assert [(one["period"], one["value"]) for one in maths["period_marks"]] == [
        ("I четверть", "3"),
        ("II четверть", "4"),
    ]
    assert maths["year_mark"] == "4"
    literature = found["Литература"]
    assert (literature["absent"], literature["late"], literature["marks"]) == (1, 0, [])
    assert (literature["weighted_average"], literature["average"], literature["year_mark"]) == (None, None, None)
    assert PerformanceOut.model_validate(table).model_dump(mode="json", by_alias=True).keys() == table.keys()


async def test_marks_stand_in_the_order_of_their_dates(diary: Any) -> None:
    """J-29"""
    await diary.quarters()
    await diary.mark("5")
    late = await diary.mark("2")
    async with diary.journal.container.database.uow.begin() as tx:
        await tx.session.execute(
            text("UPDATE marks SET date = '2026-11-10' WHERE mark_id = :one"), {"one": late["mark_id"]}
        )
    marks = (await subjects(diary))["Математика"]["marks"]
    assert [one["value"] for one in marks] == ["2", "5"]


async def test_any_days_may_be_chosen(diary: Any) -> None:
    """J-31"""
    await diary.quarters()
    await diary.mark("5")
    assert "Математика" in await subjects(diary, **{"from": "2026-11-23", "to": "2026-11-23"})
    assert await subjects(diary, **{"from": "2026-11-24", "to": "2026-11-30"}) == {}


async def test_without_periods_it_is_the_school_year(diary: Any) -> None:
    await diary.mark("5")
    table = await diary.seen(diary.school.mother, PERFORMANCE)
    assert (table["from"], table["to"], table["period_id"]) == ("2026-09-01", "2027-08-31", None)
    assert [one["subject"] for one in table["subjects"]] == ["Математика"]


async def test_past_years_are_kept(diary: Any) -> None:
    """J-29: the year that began in 2025, when Миша was in grade 6."""
    school = diary.school
    old = uuid4()
    async with diary.journal.container.database.uow.begin() as tx:
        await tx.session.execute(
            text(
                """
                INSERT INTO periods (school_id, period_id, year_title, year_starts_on, kind, first_grade, last_grade,
                                     number, title, starts_on, ends_on)
                SELECT :school, id, '2025/26', '2025-09-01', 'half_year', grade, grade, 1, 'I полугодие ' || grade,
                       '2025-09-01', '2025-12-30'
                FROM (VALUES (CAST(:old AS uuid), 6), (CAST(:other AS uuid), 7)) AS one(id, grade)
                """
            ),
            {"school": school.school_id, "old": old, "other": uuid4()},
        )
        await tx.session.execute(
            text(
                """
                INSERT INTO attestation_marks (school_id, attestation_mark_id, pupil_id, class_id, subject_id,
                                               year_starts_on, period_id, value, author_id, set_at)
                VALUES (:school, gen_random_uuid(), :pupil, :class, :maths, '2025-09-01', :period, '5', :author, now())
                """
            ),
            {"school": school.school_id, "pupil": school.misha, "class": school.class_7a, "maths": school.maths,
             "period": old, "author": school.orlova.person_id},
        )  # fmt: skip
    table = await diary.seen(school.mother, PERFORMANCE, params={"year": 2025})
    assert (table["from"], table["to"], table["year_starts_on"]) == ("2025-09-01", "2026-08-31", "2025-09-01")
    assert [one["title"] for one in table["periods"]] == ["I полугодие 6"]
    assert [one["value"] for one in table["subjects"][0]["period_marks"]] == ["5"]
    empty = await diary.seen(school.mother, PERFORMANCE, params={"year": 2019})
    assert (empty["from"], empty["subjects"]) == ("2019-09-01", [])


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"period": str(uuid4())}, 404, "period_not_found"),
        ({"period": str(uuid4()), "year": "2026"}, 422, "span_unclear"),
        ({"from": "2026-11-01"}, 422, "span_unclear"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, 422, "days_out_of_range"),
        ({"from": "2020-11-02", "to": "2026-11-01"}, 422, "days_out_of_range"),
        ({"year": "99999"}, 422, "validation_failed"),
        ({"from": "вчера"}, 422, "validation_failed"),
    ],
)
async def test_what_is_asked_unclearly_is_refused(diary: Any, params: dict[str, str], status: int, code: str) -> None:
    answer = await diary.get(diary.school.mother, PERFORMANCE, params=params, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["title"].isascii()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("path", ["performance", "chart"])
async def test_days_at_the_ends_of_the_calendar_are_refused(diary: Any, path: str, day: str) -> None:
    """J-31: chosen freely, as long as a school year can lie around them."""
    answer = await diary.get(diary.school.mother, path, params={"from": day, "to": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_another_schools_period_is_unknown(diary: Any) -> None:
    other = type(diary.school)()
    await diary.journal.hears(*other.everything())
    path = f"/schools/{other.school_id}/periods"
    (period, _) = (await diary.ok(other.deputy, "PUT", path, json={"periods": PLAN}))["items"]
    answer = await diary.get(diary.school.mother, PERFORMANCE, params={"period": period["period_id"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "period_not_found")


@pytest.mark.parametrize(
    ("who", "status"),
    [("mother", 200), ("misha_himself", 200), ("orlova", 200), ("gromov", 200), ("deputy", 200), ("gusev", 404),
     ("administrator", 404), ("stranger", 404)],
)  # fmt: skip
async def test_the_table_opens_for_those_who_may(diary: Any, who: str, status: int) -> None:
    """J-1"""
    for path in (PERFORMANCE, "chart"):
        assert (await diary.get(getattr(diary.school, who), path)).status_code == status


async def test_a_trusted_person_needs_the_marks_and_sees_absences_only_with_theirs(diary: Any) -> None:
    """J-1"""
    await diary.mark("5")
    await diary.trust("timetable", "attendance")
    for path in (PERFORMANCE, "chart"):
        assert (await diary.get(diary.school.stranger, path)).status_code == 404


async def test_absences_are_of_another_section(diary: Any) -> None:
    """J-1"""
    await diary.mark("5")
    await diary.miss()
    await diary.trust("marks")
    found = await subjects(diary, diary.school.stranger)
    assert (found["Математика"]["absent"], found["Математика"]["late"]) == (None, None)
    assert "Литература" not in found


async def test_the_table_is_nobody_elses(diary: Any) -> None:
    """J-1"""
    await diary.mark("5")
    await diary.mark("2", pupil_id=diary.school.olya, comment="Не готова")
    answer = await diary.get(diary.school.mother, PERFORMANCE)
    assert not any(word in answer.text for word in ("Авдеева", "Не готова", str(diary.school.olya)))


async def test_two_statements_however_many_marks(diary: Any) -> None:
    """Size and speed: a constant number of queries."""
    await diary.quarters()
    await diary.seen(diary.school.mother, PERFORMANCE)
    with diary.journal.counting() as few:
        await diary.seen(diary.school.mother, PERFORMANCE)
    for value in ("5", "4", "3") * 5:
        await diary.mark(value)
    with diary.journal.counting() as many:
        assert len((await subjects(diary))["Математика"]["marks"]) == 15
    assert len(few) == len(many) == 2


async def test_a_table_that_did_not_change_is_not_sent_again(diary: Any) -> None:
    first = await diary.get(diary.school.mother, PERFORMANCE)
    known = {"If-None-Match": first.headers["etag"]}
    assert (await diary.get(diary.school.mother, PERFORMANCE, headers=known)).status_code == 304
    await diary.mark("5")
    assert (await diary.get(diary.school.mother, PERFORMANCE, headers=known)).status_code == 200


async def test_postgresql_averages_as_the_rule_says(diary: Any) -> None:
    """J-12: the statement's arithmetic and `marks.rules` never differ, halves included."""
    numbers = random.Random(12)
    drawn = [
        [Weighted(numbers.choice(VALUES), numbers.choice((1, 2, 3, 5, 7, 100))) for _ in range(numbers.randint(0, 60))]
        for _ in range(2000)
    ]
    drawn += [[Weighted("5", 1), *[Weighted("4", 1)] * 7]]  # 4.125 → 4.13
    sums = []
    for marks in drawn:
        counted = [(int(mark.value), mark.weight) for mark in marks if mark.value.isdecimal()]
        sums.append(
            (sum(v * w for v, w in counted), sum(w for _, w in counted), sum(v for v, _ in counted), len(counted))
        )
    query = f"""
        SELECT {average_of("p", "w")}, {average_of("t", "n")}
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS one(p, w, t, n, place)
        ORDER BY place
    """  # noqa: S608 - made of constants
    async with diary.journal.container.database.driver() as connection:
        found = [tuple(row) for row in await connection.fetch(query, *zip(*sums, strict=True))]
    assert found == [
        tuple(None if value is None else str(value) for value in (weighted_average(marks), simple_mean(marks)))
        for marks in drawn
    ]
