"""J-25: planned by the subject teacher, packed by the family."""

from typing import Any

import pytest

DAYS = {"from": "2026-11-23", "to": "2026-11-29"}
BOOK = {"title": "Учебник алгебры", "grams": 620}


async def plan(teaching: Any, who: Any, lesson: int = 0, **body: Any) -> Any:
    lesson_id = (await teaching.lesson_ids(who))[lesson]
    return await teaching.call(who, "PUT", f"/lessons/{lesson_id}/backpack", json={"things": [BOOK]} | body)


async def pack(teaching: Any, who: Any) -> Any:
    return await teaching.get(who, f"/diaries/{teaching.school.misha}/backpack", params=DAYS)


async def test_each_day_shows_what_to_bring_and_its_weight(teaching: Any) -> None:
    school = teaching.school
    assert (await plan(teaching, school.orlova)).json() == {
        "grams": 620,
        "norm_grams": 3500,
        "over": False,
        "version": 1,
    }
    heavy = {"title": "Толковый словарь", "grams": 3000}
    assert (await plan(teaching, school.gusev, things=[heavy])).json()["over"] is True
    (day,) = (await pack(teaching, school.mother)).json()["days"]
    assert (day["date"], day["grams"], day["over"]) == ("2026-11-23", 3620, True)
    assert [(thing["number"], thing["subject"], thing["title"], thing["grams"]) for thing in day["things"]] == [
        (1, "Математика", "Учебник алгебры", 620),
        (2, "Литература", "Толковый словарь", 3000),
    ]


async def test_a_list_is_replaced_whole_on_the_version_seen(teaching: Any) -> None:
    school = teaching.school
    await plan(teaching, school.orlova)
    stale = await plan(teaching, school.orlova, things=[])
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert (await plan(teaching, school.orlova, version=7)).status_code == 409
    assert (await plan(teaching, school.orlova, things=[], version=1)).json()["grams"] == 0
    assert (await pack(teaching, school.mother)).json()["days"] == []


async def test_only_the_subject_teacher_plans(teaching: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    for who, status in ((school.gusev, 403), (school.mother, 404), (school.stranger, 404)):
        answer = await teaching.call(who, "PUT", f"/lessons/{lesson_id}/backpack", json={"things": [BOOK]})
        assert answer.status_code == status


@pytest.mark.parametrize(("last", "status"), [("2026-12-31", 200), ("2027-01-01", 422), ("2026-11-30", 422)])
async def test_a_bag_is_packed_for_a_month_at_most(teaching: Any, last: str, status: int) -> None:
    school = teaching.school
    days = {"from": "2026-12-01", "to": last}
    answer = await teaching.get(school.mother, f"/diaries/{school.misha}/backpack", params=days)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "days_out_of_range"
        assert "31" in answer.json()["detail"]


async def test_a_strangers_bag_is_not_shown(teaching: Any) -> None:
    assert (await pack(teaching, teaching.school.stranger)).status_code == 404


@pytest.mark.parametrize("thing", [{"title": "", "grams": 1}, {"title": "x", "grams": -1}, {"title": "x"}])
async def test_bad_things_are_refused(teaching: Any, thing: dict[str, Any]) -> None:
    assert (await plan(teaching, teaching.school.orlova, things=[thing])).status_code == 422
