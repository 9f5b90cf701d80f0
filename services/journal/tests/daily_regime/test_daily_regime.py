"""J-5: «Режим пребывания» of a day."""

from typing import Any
from uuid import uuid4

import pytest

MONDAY = "2026-11-23"
RINGS = [
    {"kind": "lesson", "number": 1, "starts_at": "08:30:00", "ends_at": "09:05:00"},
    {"kind": "break", "starts_at": "09:05:00", "ends_at": "09:25:00", "meal": "Завтрак"},
    {"kind": "lesson", "number": 2, "starts_at": "09:25:00", "ends_at": "10:00:00"},
    {"kind": "dynamic_pause", "starts_at": "10:00:00", "ends_at": "10:40:00"},
    {"kind": "lesson", "number": 3, "starts_at": "10:40:00", "ends_at": "11:15:00"},
    {"kind": "lesson", "number": 4, "starts_at": "11:25:00", "ends_at": "12:00:00"},
    {"kind": "lesson", "number": 5, "starts_at": "12:10:00", "ends_at": "12:45:00"},
]
BELLS = {
    "name": "I полугодие",
    "first_grade": 1,
    "last_grade": 1,
    "starts_on": "2026-09-01",
    "ends_on": "2026-12-31",
    "rings": RINGS,
}


def item(kind: str, title: str, weekday: int = 1, starts_at: str = "13:00:00", ends_at: str = "14:00:00") -> Any:
    return {"kind": kind, "weekday": weekday, "starts_at": starts_at, "ends_at": ends_at, "title": title}


ITEMS = [
    item("walk", "Прогулка", starts_at="14:00:00", ends_at="15:00:00"),
    item("extracurricular", "Разговоры о важном"),
    item("club", "Шахматы"),
    item("club", "Хор", weekday=2),
    item("physical_activity", "Спортивный час"),
    item("meal", "Обед", starts_at="12:50:00", ends_at="13:10:00"),
]


async def put(journal: Any, who: Any, *items: Any, version: int = 0, class_id: Any = None) -> Any:
    path = f"/classes/{class_id or journal.school.class_1a}/daily-regime"
    return await journal.call(who, "PUT", path, json={"version": version, "items": list(items)})


@pytest.fixture
async def of_vanya(teaching: Any) -> Any:
    """1А has bells, a lesson (the fourth) on Monday and a regime; Ваня's father looks."""
    school = teaching.school
    await teaching.hears(school.granted(school.stranger, school.vanya, "representative", 1))
    path = f"/schools/{school.school_id}/bell-schedules"
    assert (await teaching.call(school.deputy, "POST", path, json=BELLS)).status_code == 201
    assert (await put(teaching, school.deputy, *ITEMS)).status_code == 200
    return teaching


async def day(journal: Any, of: str = MONDAY, who: Any = None, pupil: Any = None) -> Any:
    path = f"/diaries/{pupil or journal.school.vanya}/daily-regime?date={of}"
    return await journal.get(who or journal.school.stranger, path)


async def test_a_day_has_bells_breaks_apart_and_all_that_is_besides_lessons(of_vanya: Any) -> None:
    """J-5: bells after the last lesson of the class do not ring for it."""
    answer = await day(of_vanya)
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert (seen["school_day"], seen["bell_schedule"]) == (True, "I полугодие")
    assert [(one["number"], one["subject"]) for one in seen["bells"]] == [
        (1, None),
        (2, None),
        (3, None),
        (4, "Математика"),
    ]
    assert [(one["starts_at"], one["minutes"], one["meal"]) for one in seen["breaks"]] == [
        ("09:05:00", 20, "Завтрак"),
        ("11:15:00", 10, None),
    ]
    assert [(one["starts_at"], one["minutes"]) for one in seen["dynamic_pauses"]] == [("10:00:00", 40)]
    for kind, title in (
        ("extracurricular", "Разговоры о важном"),
        ("clubs", "Шахматы"),
        ("physical_activity", "Спортивный час"),
        ("meals", "Обед"),
        ("walks", "Прогулка"),
    ):
        assert [one["title"] for one in seen[kind]] == [title]


async def test_other_days_are_their_own_and_free_days_are_free(of_vanya: Any) -> None:
    """J-5, J-4."""
    tuesday = (await day(of_vanya, "2026-11-24")).json()
    assert ([one["title"] for one in tuesday["clubs"]], len(tuesday["bells"]), tuesday["walks"]) == (["Хор"], 5, [])
    for free in ("2026-11-22", "2026-11-04", "2027-07-01"):
        seen = (await day(of_vanya, free)).json()
        assert (seen["school_day"], seen["bells"], seen["clubs"]) == (False, [], [])
    assert (await day(of_vanya, "2027-01-12")).json()["bell_schedule"] is None


async def test_lessons_that_came_by_a_file_ring_the_bells_where_none_were_set(teaching: Any) -> None:
    """J-5: a school that imports its timetable has said when lessons are."""
    seen = (await day(teaching, who=teaching.school.mother, pupil=teaching.school.misha)).json()
    assert (seen["school_day"], seen["bell_schedule"]) == (True, None)
    assert [(one["number"], one["starts_at"], one["ends_at"], one["subject"]) for one in seen["bells"]] == [
        (1, "08:30:00", "09:15:00", "Математика"),
        (2, "09:25:00", "10:10:00", "Литература"),
    ]
    assert [(one["starts_at"], one["ends_at"], one["minutes"]) for one in seen["breaks"]] == [
        ("09:15:00", "09:25:00", 10)
    ]


async def test_who_may_not_read_the_diary_reads_no_regime(of_vanya: Any) -> None:
    """J-1."""
    for who, pupil in (
        (of_vanya.school.mother, None),
        (of_vanya.school.gusev, None),
        (of_vanya.school.stranger, of_vanya.school.misha),
        (of_vanya.school.stranger, uuid4()),
    ):
        assert (await day(of_vanya, who=who, pupil=pupil)).json()["code"] == "pupil_not_found"


async def test_a_regime_is_replaced_on_the_version_that_was_seen(of_vanya: Any) -> None:
    """J-5: 409 with the current version."""
    school = of_vanya.school
    stale = await put(of_vanya, school.deputy, version=0)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    changed = await put(of_vanya, school.administrator, ITEMS[0], version=1)
    assert (changed.status_code, changed.json()["version"], len(changed.json()["items"])) == (200, 2, 1)
    seen = await of_vanya.get(school.orlova, f"/classes/{school.class_1a}/daily-regime")
    assert seen.json() == changed.json()
    backwards = item("walk", "Прогулка", starts_at="14:00:00", ends_at="13:00:00")
    assert (await put(of_vanya, school.deputy, backwards, version=2)).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("gromov", 200), ("administrator", 200), ("orlova", 403), ("mother", 404), ("stranger", 404)]
)
async def test_who_plans_sets_it(journal: Any, who: str, status: int) -> None:
    """J-1."""
    answer = await put(journal, getattr(journal.school, who), *ITEMS, class_id=journal.school.class_7a)
    assert answer.status_code == status
    seen = await journal.get(getattr(journal.school, who), f"/classes/{journal.school.class_7a}/daily-regime")
    assert seen.status_code == (404 if status == 404 else 200)


async def test_a_day_takes_the_same_queries_whatever_is_on_it(of_vanya: Any) -> None:
    await day(of_vanya)  # the first look of a day is written down before the answer (J-2)
    with of_vanya.counting() as full:
        await day(of_vanya)
    assert (await put(of_vanya, of_vanya.school.deputy, version=1)).status_code == 200
    with of_vanya.counting() as empty:
        await day(of_vanya)
    assert len(full) == len(empty) <= 12
