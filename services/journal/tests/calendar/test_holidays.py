"""J-4: the holidays of a school year."""

from datetime import date
from typing import Any

import pytest

from journal.calendar.rules import Holiday, is_school_day

AUTUMN = {"title": "Осенние каникулы", "starts_on": "2026-10-26", "ends_on": "2026-11-04"}
EXTRA = {
    "title": "Дополнительные",
    "first_grade": 1,
    "last_grade": 1,
    "starts_on": "2027-02-15",
    "ends_on": "2027-02-21",
}


async def plan(journal: Any, who: Any, *holidays: dict[str, Any]) -> Any:
    path = f"/schools/{journal.school.school_id}/holidays"
    return await journal.call(who, "PUT", path, json={"holidays": list(holidays)})


async def test_holidays_are_planned_and_seen_by_all(journal: Any) -> None:
    """J-4."""
    school = journal.school
    put = await plan(journal, school.deputy, EXTRA, AUTUMN)
    assert put.status_code == 200, put.text
    assert [(one["title"], one["first_grade"], one["last_grade"]) for one in put.json()["items"]] == [
        ("Осенние каникулы", 1, 11),
        ("Дополнительные", 1, 1),
    ]
    path = f"/schools/{school.school_id}/holidays"
    assert (await journal.get(school.mother, path)).json() == put.json()
    assert (await journal.get(school.stranger, path)).status_code == 404
    assert (await plan(journal, school.gromov, AUTUMN)).json()["items"] == put.json()["items"][:1]


async def test_mistakes_are_named_and_nothing_is_taken(journal: Any) -> None:
    school = journal.school
    await plan(journal, school.deputy, AUTUMN)
    overlapping = EXTRA | {"starts_on": "2026-11-04", "ends_on": "2026-11-05"}
    outside = EXTRA | {"starts_on": "2027-05-31", "ends_on": "2027-06-01"}
    answer = await plan(journal, school.deputy, AUTUMN, overlapping, outside)
    assert (answer.status_code, answer.json()["code"]) == (422, "holidays_refused")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("body.holidays[1]", "overlaps"),
        ("body.holidays[2]", "outside_the_year"),
    ]
    assert len((await journal.get(school.deputy, f"/schools/{school.school_id}/holidays")).json()["items"]) == 1


@pytest.mark.parametrize(("who", "status"), [("orlova", 403), ("administrator", 403), ("mother", 404)])
async def test_the_direction_plans(journal: Any, who: str, status: int) -> None:
    """J-1."""
    assert (await plan(journal, getattr(journal.school, who), AUTUMN)).status_code == status


def test_school_days_are_neither_the_schools_holidays_nor_the_countrys() -> None:
    """J-4."""
    extra = Holiday("Дополнительные", 1, 1, date(2027, 2, 15), date(2027, 2, 21))
    assert not is_school_day(1, date(2027, 2, 15), [extra])
    assert is_school_day(2, date(2027, 2, 15), [extra])
    assert not is_school_day(2, date(2027, 2, 23), [extra])
    assert is_school_day(2, date(2027, 2, 22), [])
