"""J-16 … J-19 over HTTP: proposals, the teacher's word, anomalies, a closed period."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from journal.calendar.queries import hold_period
from shared.contracts.journal import PeriodMarkSet

PLAN = [
    {
        "kind": "quarter",
        "first_grade": 1,
        "last_grade": 9,
        "number": number,
        "title": title,
        "starts_on": first,
        "ends_on": last,
    }
    for number, title, first, last in (
        (1, "I четверть", "2026-09-01", "2026-10-25"),
        (2, "II четверть", "2026-11-05", "2026-12-30"),
    )
]


@pytest_asyncio.fixture
async def quarters(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The periods of the year; it is January, so the second one may be closed."""
    school = teaching.school
    answer = await teaching.call(school.deputy, "PUT", f"/schools/{school.school_id}/periods", json={"periods": PLAN})
    assert answer.status_code == 200, answer.text
    return [item["period_id"] for item in answer.json()["items"]]


async def give(teaching: Any, pupil_id: UUID, *marks: tuple[str, str]) -> None:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    for value, form in marks:
        answer = await teaching.post_mark(
            teaching.school.orlova,
            lesson_id,
            pupil_id=str(pupil_id),
            value=value,
            control_form_id=await teaching.form(form),
        )
        assert answer.status_code == 201, answer.text


async def put(teaching: Any, period: str | None, *rows: dict[str, Any], who: Any = None, **more: Any) -> Any:
    school = teaching.school
    body = {"subject_id": str(school.maths), "period_id": period, "rows": list(rows)} | more
    return await teaching.call(who or school.orlova, "PUT", f"/classes/{school.class_7a}/attestation", json=body)


async def page(teaching: Any, period: str | None, who: Any = None) -> list[dict[str, Any]]:
    school = teaching.school
    params = {"subject": str(school.maths)} | ({"period": period} if period else {})
    answer = await teaching.get(who or school.orlova, f"/classes/{school.class_7a}/attestation", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


MARKS = (("4", "Контрольная работа"), ("5", "Ответ на уроке"), ("5", "Домашняя работа"))


async def test_both_proposals_are_explained_step_by_step(teaching: Any, quarters: list[str]) -> None:
    """J-16: 4 (w5), 5 (w3), 5 (w1): (a) 40/9 = 4.44 → 4; (b) the control work leads: 4, and agrees with nothing."""
    school = teaching.school
    await give(teaching, school.misha, *MARKS)
    lines = {line["pupil_id"]: line for line in await page(teaching, quarters[1])}
    proposals = lines[str(school.misha)]["proposals"]
    assert proposals["by_average"] == {
        "proposed": 4,
        "sum_of_products": 40,
        "sum_of_weights": 9,
        "average": "4.44",
        "thresholds": {"five": "4.60", "four": "3.60", "three": "2.60"},
        "reached": "3.60",
    }
    assert proposals["by_priority"] == {
        "proposed": 4,
        "chosen": "control",
        "control_works": {"count": 1, "sum": 4, "mean": "4.00", "whole": 4},
        "class_work": {"count": 1, "sum": 5, "mean": "5.00", "whole": 5},
        "home_work": {"count": 1, "sum": 5, "mean": "5.00", "whole": 5},
        "class_agrees_with_home": True,
        "control_agrees_with": [],
    }
    assert (proposals["marks_count"], proposals["enough"]) == (3, True)
    assert lines[str(school.olya)]["proposals"]["by_average"]["proposed"] is None
    assert not lines[str(school.olya)]["proposals"]["enough"]


async def test_the_teacher_sets_the_mark_and_the_family_reads_why(
    teaching: Any, quarters: list[str], emitted: Any
) -> None:
    """J-17, J-16: by hand, seeing both proposals."""
    school = teaching.school
    await give(teaching, school.misha, *MARKS)
    answer = await put(teaching, quarters[1], {"pupil_id": str(school.misha), "value": "4"})
    (row,) = answer.json()["items"]
    assert row["saved"], row
    assert (row["mark"]["value"], row["mark"]["by_average"], row["mark"]["by_priority"]) == ("4", 4, 4)
    told = (await emitted(teaching.container.database))[-1]
    assert isinstance(told, PeriodMarkSet)
    assert (told.pupil_id, told.value, told.period_title) == (school.misha, "4", "II четверть")
    seen = await teaching.get(school.mother, f"/diaries/{school.misha}/attestation", params={"period": quarters[1]})
    (subject,) = seen.json()["items"]
    assert (subject["subject"], subject["mark"]["value"], subject["mark"]["author"]) == (
        "Математика",
        "4",
        "Орлова Марина Сергеевна",
    )
    assert subject["proposals"]["by_average"]["average"] == "4.44"


async def test_differing_from_both_needs_a_reason(teaching: Any, quarters: list[str], emitted: Any) -> None:
    """J-17."""
    school = teaching.school
    await give(teaching, school.misha, *MARKS)
    before = len(await emitted(teaching.container.database))
    refused = (await put(teaching, quarters[1], {"pupil_id": str(school.misha), "value": "5"})).json()["items"][0]
    assert (refused["saved"], refused["code"], refused["mark"]) == (False, "reason_to_differ", None)
    assert len(await emitted(teaching.container.database)) == before
    given = {"pupil_id": str(school.misha), "value": "5", "reason": "Победитель олимпиады"}
    saved = (await put(teaching, quarters[1], given)).json()["items"][0]
    assert (saved["saved"], saved["mark"]["reason"]) == (True, "Победитель олимпиады")


async def test_too_few_marks_do_not_attest_without_a_reason(teaching: Any, quarters: list[str]) -> None:
    """J-17: three by default."""
    school = teaching.school
    await give(teaching, school.misha, MARKS[0])
    row = {"pupil_id": str(school.misha), "value": "4"}
    assert (await put(teaching, quarters[1], row)).json()["items"][0]["code"] == "too_few_marks"
    assert (await put(teaching, quarters[1], row | {"value": "осв"})).json()["items"][0]["saved"]
    settings = {"version": 0, "minimum_marks": 1}
    await teaching.call(school.deputy, "PATCH", f"/schools/{school.school_id}/settings", json=settings)
    assert (await put(teaching, quarters[1], row | {"version": 1})).json()["items"][0]["saved"]


async def test_too_few_marks_propose_not_to_attest(teaching: Any, quarters: list[str]) -> None:
    """J-17: who has fewer marks than the minimum is not attested, and nobody asks why."""
    school = teaching.school
    await give(teaching, school.misha, MARKS[0])
    row = {"pupil_id": str(school.misha), "value": "н/а"}
    assert (await put(teaching, quarters[1], row)).json()["items"][0]["saved"]
    await give(teaching, school.olya, *MARKS)
    enough = (await put(teaching, quarters[1], row | {"pupil_id": str(school.olya)})).json()["items"][0]
    assert enough["code"] == "reason_to_differ"


async def test_what_says_the_same_again_is_neither_written_nor_told(
    teaching: Any, quarters: list[str], emitted: Any
) -> None:
    """J-11, J-17: no version, no history and no news to a family without a change."""
    school = teaching.school
    nothing = {"pupil_id": str(school.misha), "value": None}
    assert (await put(teaching, quarters[1], nothing)).json()["items"] == [
        {"pupil_id": str(school.misha), "saved": True, "code": None, "title": None, "detail": None, "mark": None}
    ]
    row = {"pupil_id": str(school.misha), "value": "5", "reason": "Олимпиада"}
    assert (await put(teaching, quarters[1], row)).json()["items"][0]["mark"]["version"] == 1
    told = len(await emitted(teaching.container.database))
    again = (await put(teaching, quarters[1], row | {"version": 1})).json()["items"][0]
    assert (again["saved"], again["mark"]["version"]) == (True, 1)
    assert len(await emitted(teaching.container.database)) == told
    other = (await put(teaching, quarters[1], row | {"version": 1, "reason": "Пересдача"})).json()["items"][0]
    assert (other["mark"]["version"], other["mark"]["reason"]) == (2, "Пересдача")


async def test_grade_one_is_attested_by_no_mark(teaching: Any, quarters: list[str]) -> None:
    """J-8: neither for a period nor for the year."""
    school = teaching.school
    rows = [{"pupil_id": str(school.vanya), "value": "5", "reason": "Старается"}]
    for period in (quarters[1], None):
        body = {"subject_id": str(school.maths), "period_id": period, "rows": rows}
        answer = await teaching.call(school.orlova, "PUT", f"/classes/{school.class_1a}/attestation", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "grade_one_has_no_marks")


async def test_good_rows_are_saved_beside_refused_ones(teaching: Any, quarters: list[str]) -> None:
    school = teaching.school
    await give(teaching, school.misha, *MARKS)
    answer = await put(
        teaching,
        quarters[1],
        {"pupil_id": str(school.misha), "value": "4"},
        {"pupil_id": str(school.olya), "value": "н/а", "version": 3},
        {"pupil_id": str(school.petya), "value": "5"},
    )
    assert [(row["saved"], row["code"]) for row in answer.json()["items"]] == [
        (True, None),
        (False, "stale_version"),
        (False, "pupil_not_in_class"),
    ]
    twice = {"pupil_id": str(school.olya), "value": "н/а"}
    assert [row["code"] for row in (await put(teaching, quarters[1], twice, twice)).json()["items"]] == [
        "row_repeated",
        "row_repeated",
    ]


async def test_what_was_set_is_changed_on_the_version_seen_and_kept_in_history(
    teaching: Any, quarters: list[str]
) -> None:
    """J-11, J-17."""
    school = teaching.school
    row = {"pupil_id": str(school.olya), "value": "н/а"}
    assert (await put(teaching, quarters[1], row)).json()["items"][0]["mark"]["version"] == 1
    blind = (await put(teaching, quarters[1], row | {"value": "осв"})).json()["items"][0]
    assert (blind["code"], blind["mark"]["value"]) == ("stale_version", "н/а")
    taken_back = (await put(teaching, quarters[1], row | {"value": None, "version": 1})).json()["items"][0]
    assert (taken_back["saved"], taken_back["mark"]["value"], taken_back["mark"]["version"]) == (True, None, 2)
    assert (await put(teaching, quarters[1], row | {"version": 2})).json()["items"][0]["mark"]["version"] == 3
    async with teaching.container.database.read() as session:
        from sqlalchemy import text

        kept = await session.execute(text("SELECT version, value FROM attestation_history ORDER BY version"))
    assert [tuple(one) for one in kept] == [(1, "н/а"), (2, None)]


async def test_the_year_is_proposed_from_its_periods(teaching: Any, quarters: list[str]) -> None:
    """J-18."""
    school = teaching.school
    for period, value in zip(quarters, ("4", "5"), strict=True):
        reason = {"pupil_id": str(school.misha), "value": value, "reason": "Пересдача"}
        assert (await put(teaching, period, reason)).json()["items"][0]["saved"]
    line = next(line for line in await page(teaching, None) if line["pupil_id"] == str(school.misha))
    assert line["of_year"] == {"proposed": 5, "count": 2, "sum": 9, "mean": "4.50"}
    other = (await put(teaching, None, {"pupil_id": str(school.misha), "value": "4"})).json()["items"][0]
    assert other["code"] == "reason_to_differ"
    year = (await put(teaching, None, {"pupil_id": str(school.misha), "value": "5"})).json()["items"][0]
    assert (year["saved"], year["mark"]["period_id"]) == (True, None)


async def test_anomalies_are_shown_to_the_direction(teaching: Any, quarters: list[str]) -> None:
    """J-18: missing, one-mark periods, a mark against both proposals."""
    school = teaching.school
    await give(teaching, school.misha, *MARKS)
    await put(teaching, quarters[1], {"pupil_id": str(school.misha), "value": "5", "reason": "Олимпиада"})
    await give(teaching, school.olya, MARKS[1])
    await put(teaching, quarters[1], {"pupil_id": str(school.olya), "value": "5", "reason": "Болела"})
    with teaching.counting() as statements:
        answer = await teaching.get(school.deputy, f"/periods/{quarters[1]}/anomalies")
    assert len(statements) <= 6, statements
    found = {(one["pupil_id"], one["subject"]): one["kind"] for one in answer.json()["items"]}
    assert found[str(school.misha), "Математика"] == "against_both_proposals"
    assert found[str(school.olya), "Математика"] == "too_few_marks"
    assert found[str(school.misha), "Литература"] == "mark_missing"
    assert not any(pupil == str(school.vanya) for pupil, _ in found), "grade 1 has no marks"
    assert (await teaching.get(school.orlova, f"/periods/{quarters[1]}/anomalies")).status_code == 404


async def test_anomalies_of_a_whole_school_are_read_page_by_page(teaching: Any, quarters: list[str]) -> None:
    """J-18: at the end of a quarter thousands are missing; no list is without an end, no name in a cursor."""
    school = teaching.school
    await give(teaching, school.olya, MARKS[1])
    await put(teaching, quarters[1], {"pupil_id": str(school.olya), "value": "5", "reason": "Болела"})

    async def read(**params: str) -> list[tuple[str, str, str, str]]:
        found, after = [], {}
        while True:
            path = f"/periods/{quarters[1]}/anomalies"
            page = (await teaching.get(school.deputy, path, params=params | after)).json()
            assert len(page["items"]) <= int(params.get("limit", 50))
            found += [
                (one["class_name"], one["subject"], one["pupil"].split()[0], one["kind"]) for one in page["items"]
            ]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    missing = "mark_missing"
    everything = [
        ("7А", "Литература", "Авдеева", missing),
        ("7А", "Литература", "Соколов", missing),
        ("7А", "Математика", "Авдеева", "too_few_marks"),
        ("7А", "Математика", "Соколов", missing),
        ("7Б", "Математика", "Петров", missing),
    ]
    assert await read() == await read(limit="1") == await read(limit="2") == everything
    assert await read(**{"class": str(school.class_7b)}) == everything[-1:]
    assert await read(kind="too_few_marks", limit="1") == everything[2:3]
    broken = await teaching.get(school.deputy, f"/periods/{quarters[1]}/anomalies", params={"after": "x"})
    assert (broken.status_code, broken.json()["code"]) == (400, "invalid_cursor")


async def test_a_closed_period_takes_no_mark(
    teaching: Any, quarters: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """J-19."""
    school = teaching.school
    january = datetime(2027, 1, 10, 9, tzinfo=UTC)
    monkeypatch.setattr(teaching.container.database.uow, "_clock", lambda: january)
    closed = await teaching.call(school.deputy, "POST", f"/periods/{quarters[1]}/close", json={"version": 1})
    assert closed.status_code == 200, closed.text
    answer = await put(teaching, quarters[1], {"pupil_id": str(school.misha), "value": "н/а"})
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")


async def test_teachers_set_marks_of_one_period_beside_each_other(teaching: Any, quarters: list[str]) -> None:
    """J-17: at the end of a quarter all do it at once."""
    school = teaching.school
    row = {"pupil_id": str(school.misha), "value": "н/а"}
    async with teaching.container.database.uow.begin() as another:
        await hold_period(another.session, UUID(quarters[1]), alone=False)
        async with asyncio.timeout(20):
            assert (await put(teaching, quarters[1], row)).json()["items"][0]["saved"]


async def test_each_sees_the_own_subject_and_the_own_child(teaching: Any, quarters: list[str]) -> None:
    """J-1."""
    school = teaching.school
    path = f"/classes/{school.class_7a}/attestation"
    params = {"subject": str(school.maths), "period": quarters[1]}
    for who, status in (("gusev", 404), ("gromov", 200), ("deputy", 200), ("mother", 404), ("stranger", 404)):
        assert (await teaching.get(getattr(school, who), path, params=params)).status_code == status, who
    row = {"pupil_id": str(school.misha), "value": "н/а"}
    assert (await put(teaching, quarters[1], row, who=school.gusev)).status_code == 403
    assert (await put(teaching, quarters[1], row, who=school.mother)).status_code == 404
    other = await teaching.get(school.mother, f"/diaries/{school.olya}/attestation", params={"period": quarters[1]})
    assert other.status_code == 404
    unknown = await teaching.get(school.mother, f"/diaries/{school.misha}/attestation", params={"period": str(uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "period_not_found")


async def test_a_class_takes_as_many_statements_as_a_pupil(teaching: Any, quarters: list[str]) -> None:
    school = teaching.school
    with teaching.counting() as one:
        await put(teaching, quarters[0], {"pupil_id": str(school.misha), "value": "н/а"})
    with teaching.counting() as two:
        await put(
            teaching,
            quarters[1],
            {"pupil_id": str(school.misha), "value": "н/а"},
            {"pupil_id": str(school.olya), "value": "н/а"},
        )
    assert len(one) == len(two)
