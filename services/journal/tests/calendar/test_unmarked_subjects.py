"""Subjects on the timetable in which no marks are set, as «Классный час»: here it is the literature of 7А."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
import pytest_asyncio

PLAN = [
    {"kind": "quarter", "first_grade": 1, "last_grade": 9, "number": 2, "title": "II четверть",
     "starts_on": "2026-11-05", "ends_on": "2026-12-30"},
]  # fmt: skip


async def say(teaching: Any, *subjects: Any, who: Any = None, version: int = 0) -> Any:
    school = teaching.school
    body = {"version": version, "unmarked_subjects": [str(one) for one in subjects]}
    return await teaching.call(who or school.deputy, "PATCH", f"/schools/{school.school_id}/settings", json=body)


async def post(teaching: Any, **changes: Any) -> Any:
    """A mark in literature."""
    return await teaching.post_mark(teaching.school.gusev, await lesson(teaching), **changes)


async def lesson(teaching: Any) -> Any:
    return (await teaching.lesson_ids(teaching.school.gusev))[0]


async def read(teaching: Any, who: Any, path: str, **params: Any) -> Any:
    answer = await teaching.get(who, path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest_asyncio.fixture
async def unmarked(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """No marks in literature; it is Friday, and the second quarter has begun."""
    school = teaching.school
    monkeypatch.setattr(teaching.container.database, "clock", lambda: datetime(2026, 11, 27, 12, tzinfo=UTC))
    planned = await teaching.call(school.deputy, "PUT", f"/schools/{school.school_id}/periods", json={"periods": PLAN})
    assert planned.status_code == 200, planned.text
    said = await say(teaching, school.literature, school.literature)
    assert said.status_code == 200, said.text
    assert said.json()["unmarked_subjects"] == [str(school.literature)]
    return teaching


async def period(teaching: Any) -> str:
    found = await read(teaching, teaching.school.deputy, f"/schools/{teaching.school.school_id}/periods")
    return str(found["items"][0]["period_id"])


async def test_the_direction_says_it_with_the_other_settings(teaching: Any) -> None:
    """J-1"""
    school = teaching.school
    path = f"/schools/{school.school_id}/settings"
    assert (await say(teaching, school.literature, who=school.gusev)).status_code == 403
    strange = await say(teaching, school.literature, uuid4())
    assert (strange.status_code, strange.json()["code"]) == (422, "subject_unknown")
    assert (await read(teaching, school.mother, path))["unmarked_subjects"] == []
    assert (await say(teaching, school.literature)).json()["version"] == 1
    assert (await say(teaching, version=0)).json()["code"] == "stale_version"
    other = {"version": 1, "minimum_marks": 5}
    kept = await teaching.call(school.deputy, "PATCH", path, json=other)
    assert kept.json()["unmarked_subjects"] == [str(school.literature)], "what is not named stays"
    assert (await say(teaching, version=2)).json()["unmarked_subjects"] == []
    assert (await post(teaching)).status_code == 201


async def test_a_mark_is_refused_absences_and_homework_are_not(unmarked: Any) -> None:
    school = unmarked.school
    refused = await post(unmarked)
    assert (refused.status_code, refused.json()["code"]) == (422, "subject_has_no_marks")
    assert refused.json()["detail"].startswith("По предмету «Литература» отметки не ставятся")
    english = await post(unmarked, headers={"Accept-Language": "en"})
    assert english.json()["title"] == "No marks are set in this subject"
    path = f"/lessons/{await lesson(unmarked)}"
    rows = [
        {"op": "add", "pupil_id": str(school.olya), "value": "5", "control_form_id": await unmarked.form()},
        {"op": "absent", "pupil_id": str(school.misha)},
    ]
    column = (await unmarked.call(school.gusev, "PUT", f"{path}/marks", json={"rows": rows})).json()
    assert [one["code"] for one in column["refused"]] == ["subject_has_no_marks"]
    assert [one["pupil_id"] for one in column["saved"]] == [str(school.misha)]
    given = await unmarked.call(school.gusev, "POST", f"{path}/homework", json={"text": "Принести фотографии"})
    assert given.status_code == 201
    in_maths = await unmarked.post_mark(school.orlova, (await unmarked.lesson_ids(school.orlova))[0])
    assert in_maths.status_code == 201, "another subject"


async def test_what_stood_before_is_taken_back_and_not_corrected(teaching: Any) -> None:
    school = teaching.school
    mark = (await post(teaching)).json()["mark"]
    await say(teaching, school.literature)
    path = f"/marks/{mark['mark_id']}"
    corrected = await teaching.call(school.gusev, "PATCH", path, json={"version": 1, "value": "4"})
    assert (corrected.status_code, corrected.json()["code"]) == (422, "subject_has_no_marks")
    assert (await teaching.call(school.gusev, "DELETE", path, params={"version": 1})).status_code == 200


async def test_j_33_no_marks_are_missing_in_it(unmarked: Any) -> None:
    school = unmarked.school
    path = f"/schools/{school.school_id}/reports/without-marks"
    found = await read(unmarked, school.deputy, path, days=14)
    assert [(one["class_name"], one["subject"]) for one in found["items"]] == [
        ("7А", "Математика"),
        ("7Б", "Математика"),
    ]
    assert (await read(unmarked, school.gromov, f"/schools/{school.school_id}/overview"))["without_marks"] == 2
    await say(unmarked, version=1)
    again = await read(unmarked, school.deputy, path, days=14)
    assert [one["subject"] for one in again["items"]] == ["Литература", "Математика", "Математика"]


async def test_j_18_no_period_mark_is_missing_in_it(unmarked: Any) -> None:
    school, quarter = unmarked.school, await period(unmarked)
    found = await read(unmarked, school.deputy, f"/periods/{quarter}/anomalies")
    assert {(one["subject"], one["kind"]) for one in found["items"]} == {("Математика", "mark_missing")}
    sheet = await read(unmarked, school.orlova, f"/classes/{school.class_7a}/attestation/summary")
    assert [one["subject"] for one in sheet["subjects"]] == ["Математика"]


async def test_j_18_no_period_mark_is_set_what_was_set_is_taken_back(
    unmarked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, quarter = unmarked.school, await period(unmarked)

    async def put(value: str | None, version: int = 0) -> Any:
        row = {"pupil_id": str(school.misha), "value": value, "version": version, "reason": "Старается"}
        body = {"subject_id": str(school.literature), "period_id": quarter, "rows": [row]}
        answer = await unmarked.call(school.gusev, "PUT", f"/classes/{school.class_7a}/attestation", json=body)
        return answer.json()["items"][0]

    refused = await put("5")
    assert (refused["saved"], refused["code"]) == (False, "subject_has_no_marks")
    assert refused["detail"].startswith("По предмету «Литература»")
    await say(unmarked, version=1)
    assert (await put("5"))["saved"]
    await say(unmarked, school.literature, version=2)
    assert (await put("4", version=1))["code"] == "subject_has_no_marks"
    monkeypatch.setattr(unmarked.container.database, "clock", lambda: datetime(2027, 6, 1, 12, tzinfo=UTC))
    sheet = await read(unmarked, school.orlova, f"/classes/{school.class_7a}/attestation/summary")
    assert [one["subject"] for one in sheet["subjects"]] == ["Литература", "Математика"], "what was set is shown"
    assert [cell["anomalies"] for cell in sheet["items"][0]["cells"]] == [
        [],
        ["period_mark_missing", "year_mark_missing"],
    ]
    assert (await put(None, version=1))["saved"]


async def test_families_have_no_line_of_it(unmarked: Any) -> None:
    """J-29, J-34: nor where the child was absent; what was marked before stays in the table."""
    school = unmarked.school
    path = f"/diaries/{school.misha}/performance"

    async def subjects() -> list[tuple[str, int]]:
        table = await read(unmarked, school.mother, path)
        found = [(one["subject"], one["absent"]) for one in table["subjects"]]
        printed = await unmarked.get(school.mother, f"{path}.xlsx")
        cells = [str(cell) for row in openpyxl.load_workbook(io.BytesIO(printed.content)).active.values for cell in row]
        assert [one for one in cells if one == "Литература"] == [name for name, _ in found], "as on paper"
        return found

    absent = {"but": [{"pupil_id": str(school.misha), "kind": "absent"}]}
    taken = await unmarked.call(school.gusev, "PUT", f"/lessons/{await lesson(unmarked)}/attendance", json=absent)
    assert taken.status_code == 200, taken.text
    assert await subjects() == []
    await say(unmarked, version=1)
    assert await subjects() == [("Литература", 1)]
    assert (await post(unmarked, reason="Ответил позже")).status_code == 201
    await say(unmarked, school.literature, version=2)
    assert await subjects() == [("Литература", 1)]


async def test_there_is_nothing_to_reach_in_it(unmarked: Any) -> None:
    """J-12"""
    school = unmarked.school
    path = f"/diaries/{school.misha}/outlook"
    answer = await unmarked.get(school.mother, path, params={"subject": str(school.literature), "mark": 5})
    assert (answer.status_code, answer.json()["code"]) == (422, "subject_has_no_marks")


async def test_a_page_of_the_journal_says_whether_marks_are_set(unmarked: Any) -> None:
    """J-35, J-8"""
    school = unmarked.school

    async def has_marks(class_id: Any, subject: Any) -> bool:
        page = await read(unmarked, school.gromov, f"/classes/{class_id}/journal", subject=str(subject))
        return bool(page["has_marks"])

    assert not await has_marks(school.class_7a, school.literature)
    assert await has_marks(school.class_7a, school.maths)
    assert not await has_marks(school.class_1a, school.maths)
