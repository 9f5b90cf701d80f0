"""J-24: what teachers say of a week, and when the family reads it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

WEEK = "2026-W48"


async def say(journal: Any, who: Any, **changes: Any) -> Any:
    school = journal.school
    body = {"subject_id": str(school.maths), "rating": "good", "note": "Помогал товарищу"} | changes
    pupil = body.pop("pupil_id", school.misha)
    week = body.pop("week", WEEK)
    return await journal.call(who, "PUT", f"/classes/{school.class_7a}/pupils/{pupil}/behaviour/{week}", json=body)


async def read(journal: Any, who: Any, pupil_id: UUID | None = None) -> Any:
    path = f"/diaries/{pupil_id or journal.school.misha}/behaviour"
    return await journal.get(who, path, params={"from": WEEK, "to": WEEK})


@pytest.fixture
def friday(journal: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The school's Friday of that week has begun."""
    monkeypatch.setattr(journal.container.database, "clock", lambda: datetime(2026, 11, 26, 21, 30, tzinfo=UTC))
    return journal


async def test_the_family_reads_what_teachers_say(friday: Any) -> None:
    school = friday.school
    assert (await say(friday, school.orlova)).json() == {"version": 1}
    assert (await say(friday, school.orlova, subject_id=None, rating="exemplary", note=None)).status_code == 200
    assert (await say(friday, school.gusev, subject_id=str(school.literature), rating="uneven")).status_code == 200
    items = (await read(friday, school.mother)).json()["items"]
    assert [(item["subject"], item["rating"], item["note"], item["author"]) for item in items] == [
        (None, "exemplary", None, "Орлова Марина Сергеевна"),
        ("Литература", "uneven", "Помогал товарищу", "Гусев Лев"),
        ("Математика", "good", "Помогал товарищу", "Орлова Марина Сергеевна"),
    ]
    assert {item["week"] for item in items} == {WEEK}


async def test_the_present_week_appears_on_its_friday(friday: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """J-24, J-32: in the diary of the past week; the present one can be signed, and so is whole, from Friday on."""
    school = friday.school
    assert (await say(friday, school.orlova)).status_code == 200
    monkeypatch.setattr(friday.container.database, "clock", lambda: datetime(2026, 11, 26, 20, 30, tzinfo=UTC))
    assert (await read(friday, school.mother)).json()["items"] == []
    of_class = await friday.get(school.gromov, f"/classes/{school.class_7a}/behaviour/{WEEK}")
    assert [item["pupil_id"] for item in of_class.json()["items"]] == [str(school.misha)]


async def test_writing_anew_takes_the_version_that_was_seen(friday: Any) -> None:
    school = friday.school
    assert (await say(friday, school.orlova)).json() == {"version": 1}
    blind = await say(friday, school.orlova, rating="poor")
    assert (blind.status_code, blind.json()["code"]) == (409, "stale_version")
    assert (await say(friday, school.orlova, rating="poor", version=1)).json() == {"version": 2}
    (item,) = (await read(friday, school.mother)).json()["items"]
    assert (item["rating"], item["version"]) == ("poor", 2)
    path = f"/classes/{school.class_7a}/pupils/{school.misha}/behaviour/{WEEK}"
    params = {"version": 1, "subject": str(school.maths)}
    assert (await friday.call(school.orlova, "DELETE", path, params=params)).status_code == 409
    assert (await friday.call(school.orlova, "DELETE", path, params=params | {"version": 2})).status_code == 204
    assert (await read(friday, school.mother)).json()["items"] == []


async def test_each_teacher_speaks_of_the_own_subject(friday: Any) -> None:
    """J-24: class and subject teachers."""
    school = friday.school
    for who, changes, status in (
        ("gusev", {}, 403),  # maths is Орлова's
        ("gusev", {"subject_id": None}, 403),  # he leads another class
        ("gromov", {}, 403),
        ("mother", {}, 404),
        ("stranger", {}, 404),
    ):
        assert (await say(friday, getattr(school, who), **changes)).status_code == status, (who, changes)
    other = await say(friday, school.orlova, pupil_id=school.petya)
    assert (other.status_code, other.json()["code"]) == (422, "pupil_not_in_class")


async def test_others_do_not_read_it(friday: Any) -> None:
    """J-1."""
    school = friday.school
    await say(friday, school.orlova)
    assert (await read(friday, school.stranger)).status_code == 404
    assert (await read(friday, school.mother, school.olya)).status_code == 404
    of_class = await friday.get(school.mother, f"/classes/{school.class_7a}/behaviour/{WEEK}")
    assert of_class.status_code == 404


async def test_a_week_outside_the_school_year(journal: Any) -> None:
    """J-4: the year begins on a Tuesday, its first week counts."""
    outside = await say(journal, journal.school.orlova, week="2026-W35")
    assert (outside.status_code, outside.json()["code"]) == (422, "date_outside_year")
    assert (await say(journal, journal.school.orlova, week="2026-W36")).status_code == 200


@pytest.mark.parametrize("week", ["2026-W54", "2026", "2026-W00"])
async def test_a_week_that_is_none(journal: Any, week: str) -> None:
    answer = await say(journal, journal.school.orlova, week=week)
    assert (answer.status_code, answer.json()["code"]) == (404, "week_unknown")
