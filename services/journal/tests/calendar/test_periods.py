"""J-4, J-19, J-11, J-17: planning the year, setting by what the journal is kept, closing and reopening."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

QUARTERS = (
    (1, "I четверть", "2026-09-01", "2026-10-25"),
    (2, "II четверть", "2026-11-05", "2026-12-30"),
    (3, "III четверть", "2027-01-11", "2027-03-21"),
    (4, "IV четверть", "2027-03-29", "2027-05-31"),
)


def quarters(**changes: Any) -> list[dict[str, Any]]:
    common = {"kind": "quarter", "first_grade": 1, "last_grade": 9} | changes
    return [
        common | {"number": number, "title": title, "starts_on": first, "ends_on": last}
        for number, title, first, last in QUARTERS
    ]


async def plan(journal: Any, who: Any, periods: list[dict[str, Any]]) -> Any:
    return await journal.call(who, "PUT", f"/schools/{journal.school.school_id}/periods", json={"periods": periods})


async def planned(journal: Any) -> list[dict[str, Any]]:
    answer = await plan(journal, journal.school.deputy, quarters())
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_year_is_planned_and_seen_by_all(journal: Any) -> None:
    items = await planned(journal)
    assert [(item["number"], item["title"], item["closed_at"]) for item in items] == [
        (number, title, None) for number, title, _, _ in QUARTERS
    ]
    for who in (journal.school.mother, journal.school.gusev, journal.school.gromov):
        seen = await journal.get(who, f"/schools/{journal.school.school_id}/periods")
        assert seen.json()["items"] == items
    stranger = await journal.get(journal.school.stranger, f"/schools/{journal.school.school_id}/periods")
    assert stranger.status_code == 404


async def test_the_same_plan_changes_nothing_another_changes_what_differs(journal: Any) -> None:
    before = await planned(journal)
    assert await planned(journal) == before
    other = quarters()
    other[0]["ends_on"] = "2026-10-23"
    del other[3]
    after = (await plan(journal, journal.school.gromov, other)).json()["items"]
    assert [item["period_id"] for item in after] == [item["period_id"] for item in before[:3]]
    assert [item["version"] for item in after] == [2, 1, 1]


async def test_a_plan_that_contradicts_itself_is_refused_whole(journal: Any) -> None:
    before = await planned(journal)
    wrong = quarters()
    wrong[1]["starts_on"] = "2026-10-25"
    wrong[3]["ends_on"] = "2027-06-01"
    answer = await plan(journal, journal.school.deputy, wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "periods_refused")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [
        ("body.periods[1]", "overlaps"),
        ("body.periods[3]", "outside_the_year"),
    ]
    seen = await journal.get(journal.school.deputy, f"/schools/{journal.school.school_id}/periods")
    assert seen.json()["items"] == before


@pytest.mark.parametrize(
    ("who", "status"), [("orlova", 403), ("administrator", 403), ("mother", 404), ("stranger", 404)]
)
async def test_the_direction_plans(journal: Any, who: str, status: int) -> None:
    """J-1."""
    assert (await plan(journal, getattr(journal.school, who), quarters())).status_code == status


@pytest.fixture
def january(journal: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The second quarter is over."""
    monkeypatch.setattr(journal.container.database, "clock", lambda: datetime(2027, 1, 10, 9, tzinfo=UTC))
    monkeypatch.setattr(
        journal.container.database.uow, "_clock", lambda: datetime(2027, 1, 10, 9, tzinfo=UTC), raising=True
    )
    return journal


async def test_a_period_is_closed_and_reopened_with_a_reason(january: Any) -> None:
    """J-19: deputies close, the director alone reopens, both are written down."""
    school = january.school
    second = (await planned(january))[1]
    path = f"/periods/{second['period_id']}"
    closed = await january.call(school.deputy, "POST", f"{path}/close", json={"version": 1})
    assert closed.status_code == 200, closed.text
    assert closed.json()["closed_at"] is not None
    again = await january.call(school.deputy, "POST", f"{path}/close", json={"version": 2})
    assert (again.status_code, again.json()["code"]) == (409, "period_closed")
    by_deputy = await january.call(school.deputy, "POST", f"{path}/reopen", json={"version": 2, "reason": "ошибка"})
    assert (by_deputy.status_code, by_deputy.json()["code"]) == (403, "not_yours_to_plan")
    silent = await january.call(school.gromov, "POST", f"{path}/reopen", json={"version": 2})
    assert silent.status_code == 422
    opened = await january.call(school.gromov, "POST", f"{path}/reopen", json={"version": 2, "reason": "ошибка"})
    assert (opened.status_code, opened.json()["closed_at"], opened.json()["version"]) == (200, None, 3)
    twice = await january.call(school.gromov, "POST", f"{path}/reopen", json={"version": 3, "reason": "ошибка"})
    assert (twice.status_code, twice.json()["code"]) == (409, "period_not_closed")
    audit = (await january.get(school.deputy, f"{path}/audit")).json()["items"]
    assert [(one["version"], one["operation"], one["person"], one["reason"]) for one in audit] == [
        (2, "closed", "Громов Павел Николаевич", None),
        (3, "reopened", "Громов Павел Николаевич", "ошибка"),
    ]
    assert (await january.get(school.orlova, f"{path}/audit")).status_code == 404


async def test_a_stale_close_is_refused(january: Any) -> None:
    second = (await planned(january))[1]
    path = f"/periods/{second['period_id']}/close"
    stale = await january.call(january.school.deputy, "POST", path, json={"version": 2})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")


async def test_a_period_that_is_not_over_is_not_closed(january: Any) -> None:
    """J-19."""
    third = (await planned(january))[2]
    answer = await january.call(
        january.school.gromov, "POST", f"/periods/{third['period_id']}/close", json={"version": 1}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "period_not_over")


async def test_a_closed_period_neither_moves_nor_goes(january: Any) -> None:
    school = january.school
    first = (await planned(january))[0]
    path = f"/periods/{first['period_id']}"
    assert (await january.call(school.gromov, "POST", f"{path}/close", json={"version": 1})).status_code == 200
    moved = quarters()
    moved[0]["ends_on"] = "2026-10-24"
    assert (await plan(january, school.gromov, moved)).json()["code"] == "period_closed"
    assert (await plan(january, school.gromov, quarters()[1:])).json()["code"] == "period_closed"
    await january.call(school.gromov, "POST", f"{path}/reopen", json={"version": 2, "reason": "ошибка"})
    assert (await plan(january, school.gromov, quarters()[1:])).json()["code"] == "period_in_use"
    assert len((await january.get(school.gromov, f"/schools/{school.school_id}/periods")).json()["items"]) == 4


async def test_an_unknown_period_is_not_found(journal: Any) -> None:
    for who in (journal.school.gromov, journal.school.mother):
        answer = await journal.call(who, "POST", f"/periods/{uuid4()}/close", json={"version": 1})
        assert (answer.status_code, answer.json()["code"]) == (404, "period_not_found")


async def test_a_school_sets_by_what_it_keeps_its_journal(journal: Any) -> None:
    """J-11, J-16, J-17."""
    school = journal.school
    path = f"/schools/{school.school_id}/settings"
    defaults = (await journal.get(school.mother, path)).json()
    assert defaults == {
        "edit_window_days": 7,
        "threshold_five": "4.60",
        "threshold_four": "3.60",
        "threshold_three": "2.60",
        "minimum_marks": 3,
        "point_reminder_days": 2,
        "unmarked_subjects": [],
        "version": 0,
    }
    changed = await journal.call(
        school.deputy, "PATCH", path, json={"version": 0, "threshold_five": "4.75", "minimum_marks": 5}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json() == defaults | {"threshold_five": "4.75", "minimum_marks": 5, "version": 1}
    assert (await journal.get(school.orlova, path)).json() == changed.json()
    stale = await journal.call(school.deputy, "PATCH", path, json={"version": 0, "minimum_marks": 4})
    assert stale.json()["code"] == "stale_version"
    reversed_ = await journal.call(school.deputy, "PATCH", path, json={"version": 1, "threshold_four": "4.75"})
    assert (reversed_.status_code, reversed_.json()["code"]) == (422, "thresholds_out_of_order")
    assert (await journal.call(school.orlova, "PATCH", path, json={"version": 1})).status_code == 403
