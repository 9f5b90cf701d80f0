"""J-33, J-18, J-35: what deputies and teachers look at, where the class learns in groups."""

from datetime import UTC, datetime
from typing import Any

import pytest

TUESDAY = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAYS = {"from": "2026-11-23", "to": "2026-11-29"}


@pytest.fixture
def tuesday(grouped: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(grouped.journal.container.database, "clock", lambda: TUESDAY)
    return grouped


async def items(grouped: Any, name: str, **params: Any) -> list[dict[str, Any]]:
    school = grouped.school
    path = f"/schools/{school.school_id}/reports/{name}"
    answer = await grouped.journal.get(school.deputy, path, params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_j_33_each_groups_lesson_is_to_be_kept(tuesday: Any) -> None:
    school, journal = tuesday.school, tuesday.journal
    task = {"text": "№ 5", "subject_id": str(school.maths), "due_on": "2026-11-23", "group_id": str(tuesday.first)}
    given = await journal.call(school.orlova, "POST", f"/classes/{school.class_7a}/homework", json=task)
    assert given.status_code == 201, given.text
    await journal.call(school.orlova, "PUT", f"/lessons/{tuesday.first_lesson}/attendance", json={"but": []})
    found = {one["group_title"]: one["missing"] for one in await items(tuesday, "incomplete-lessons", **DAYS)}
    assert found == {
        "Группа 1": ["topic"],
        "Группа 2": ["topic", "homework", "attendance"],
        None: ["topic", "homework", "attendance"],
    }
    day = (await journal.get(school.orlova, "/me/day", params={"date": "2026-11-23"})).json()
    assert [one["missing"] for one in day["lessons"]] == [["topic"]]


async def test_j_33_a_group_without_marks_is_named_though_the_other_has_some(tuesday: Any) -> None:
    school, journal = tuesday.school, tuesday.journal
    found = [(one["subject"], one["group_title"]) for one in await items(tuesday, "without-marks")]
    assert sorted(found, key=str) == [
        ("Литература", None),
        ("Математика", "Группа 1"),
        ("Математика", "Группа 2"),
    ]
    await journal.post_mark(school.orlova, tuesday.first_lesson)
    found = [(one["subject"], one["group_title"]) for one in await items(tuesday, "without-marks")]
    assert found == [("Литература", None), ("Математика", "Группа 2")]
    pages, after = [], {}
    while True:
        path = f"/schools/{school.school_id}/reports/without-marks"
        page = (await journal.get(school.deputy, path, params={"limit": 1} | after)).json()
        pages += [one["subject"] for one in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert pages == ["Литература", "Математика"]


async def test_j_33_a_control_work_of_a_group_counts_by_the_group(tuesday: Any) -> None:
    school, journal = tuesday.school, tuesday.journal
    # Three in the class would make one pupil less than half of it; of the group it is everybody.
    await journal.hears(
        school.enrolled(school.petya, school.class_7a, "Петров", "Пётр"),
        school.enrolled(school.vanya, school.class_7a, "Иванов", "Иван"),
    )
    work = await journal.form("Контрольная работа")
    literature = (await tuesday.lessons(school.gusev))[1]["lesson_id"]
    for pupil in (school.misha, school.olya):
        await journal.post_mark(school.gusev, literature, pupil_id=str(pupil), control_form_id=work)
    assert await items(tuesday, "crowded-days", **DAYS) == []
    await journal.post_mark(school.orlova, tuesday.first_lesson, control_form_id=work)
    (day,) = await items(tuesday, "crowded-days", **DAYS)
    assert [(one["subject"], one["pupils"]) for one in day["works"]] == [("Математика", 1), ("Литература", 2)]


async def test_j_35_a_teacher_hears_of_notices_of_the_own_group(grouped: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    school, journal = grouped.school, grouped.journal
    monkeypatch.setattr(journal.container.database.uow, "_clock", lambda: datetime(2026, 11, 23, 4, tzinfo=UTC))
    notice = {"first_day": "2026-11-23", "last_day": "2026-11-23", "reason": "б"}
    given = await journal.call(school.mother, "POST", f"/diaries/{school.misha}/absence-notices", json=notice)
    assert given.status_code == 201, given.text
    monday = {"date": "2026-11-23"}
    assert len((await journal.get(school.orlova, "/me/day", params=monday)).json()["notices"]) == 1
    # Гусев has the whole class in literature; without it only the second group.
    assert len((await journal.get(school.gusev, "/me/day", params=monday)).json()["notices"]) == 1
    literature = (await grouped.lessons(school.gusev))[1]
    path = f"/lessons/{literature['lesson_id']}/cancellation"
    body = {"version": literature["version"], "reason": "Карантин"}
    assert (await journal.call(school.deputy, "PUT", path, json=body)).status_code == 200
    assert (await journal.get(school.gusev, "/me/day", params=monday)).json()["notices"] == []


async def test_j_18_only_who_learns_a_subject_lacks_its_mark(grouped: Any) -> None:
    """Whoever is in no group of a subject has no lessons of it, and so no mark to miss."""
    school, journal = grouped.school, grouped.journal
    period = {
        "kind": "quarter", "first_grade": 2, "last_grade": 11, "number": 2, "title": "II четверть",
        "starts_on": "2026-11-02", "ends_on": "2026-12-30",
    }  # fmt: skip
    periods = f"/schools/{school.school_id}/periods"
    answer = await journal.call(school.deputy, "PUT", periods, json={"periods": [period]})
    assert answer.is_success, answer.text
    period_id = (await journal.get(school.deputy, periods)).json()["items"][0]["period_id"]
    await journal.hears(grouped.changed(grouped.second))

    async def missing() -> list[tuple[str, str]]:
        found = (await journal.get(school.deputy, f"/periods/{period_id}/anomalies")).json()["items"]
        return sorted((one["subject"], one["pupil"].split()[0]) for one in found)

    assert await missing() == [("Литература", "Авдеева"), ("Литература", "Соколов"), ("Математика", "Соколов")]
    await journal.hears(grouped.changed(grouped.second, school.olya))
    assert ("Математика", "Авдеева") in await missing()
