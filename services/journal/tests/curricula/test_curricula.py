"""J-7: curricula, thematic plans and the topics of lessons."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

RINGS = [
    {"kind": "lesson", "number": 1, "starts_at": "08:30:00", "ends_at": "09:15:00"},
    {"kind": "lesson", "number": 2, "starts_at": "09:25:00", "ends_at": "10:10:00"},
]


@pytest.fixture(autouse=True)
def wednesday(journal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(journal, monkeypatch, datetime(2026, 11, 25, 6, 20, tzinfo=UTC))


def set_clock(journal: Any, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(journal.container.database, "clock", lambda: now)
    monkeypatch.setattr(journal.container.database.uow, "_clock", lambda: now)


@pytest.fixture
async def weekly(journal: Any) -> Any:
    """7А has maths on Monday, Wednesday and Friday, the first lesson; it is Wednesday, 09:20."""
    school = journal.school
    bells = {"name": "Основное", "first_grade": 2, "last_grade": 11, "rings": RINGS}
    year = {"starts_on": "2026-09-01", "ends_on": "2027-05-31"}
    path = f"/schools/{school.school_id}/bell-schedules"
    assert (await journal.call(school.deputy, "POST", path, json=bells | year)).status_code == 201
    lesson = {"number": 1, "subject_id": str(school.maths), "teacher_id": str(school.orlova.person_id), "room": "101"}
    body = year | {"lessons": [lesson | {"weekday": day} for day in (1, 3, 5)]}
    path = f"/classes/{school.class_7a}/weekly-timetables"
    assert (await journal.call(school.deputy, "POST", path, json=body)).status_code == 201
    return journal


async def generate(journal: Any) -> dict[str, int]:
    path = f"/schools/{journal.school.school_id}/lessons/generate"
    body = {"from": "2026-11-23", "to": "2026-12-06"}
    answer = await journal.call(journal.school.deputy, "POST", path, json=body)
    assert answer.status_code == 200, answer.text
    made: dict[str, int] = answer.json()
    return made


async def put_topics(journal: Any, *topics: tuple[str, int], version: int = 0, who: Any = None) -> Any:
    school = journal.school
    path = f"/classes/{school.class_7a}/thematic-plan?subject={school.maths}"
    body = {"version": version, "topics": [{"title": title, "hours": hours} for title, hours in topics]}
    return await journal.call(who or school.orlova, "PUT", path, json=body)


async def apply(journal: Any, who: Any = None) -> Any:
    school = journal.school
    path = f"/classes/{school.class_7a}/thematic-plan/apply?subject={school.maths}"
    return await journal.call(who or school.orlova, "POST", path)


async def lessons(journal: Any) -> list[dict[str, Any]]:
    found = []
    for week in ("2026-W48", "2026-W49"):
        found += (await journal.get(journal.school.orlova, f"/lessons?week={week}")).json()["items"]
    return found


async def topics(journal: Any) -> list[str]:
    return [one["topic"] for one in await lessons(journal)]


def curriculum(school: Any, **changes: Any) -> dict[str, Any]:
    return {
        "grade": 7,
        "name": "Основной",
        "description": "По ФОП ООО",
        "class_ids": [str(school.class_7a)],
        "subjects": [
            {"subject_id": str(school.maths), "hours": 170},
            {"subject_id": str(school.literature), "hours": 68},
        ],
    } | changes


async def post(journal: Any, who: Any, body: dict[str, Any]) -> Any:
    return await journal.call(who, "POST", f"/schools/{journal.school.school_id}/curricula", json=body)


async def test_lessons_get_their_topics_when_they_are_made(weekly: Any) -> None:
    """J-7: a topic takes as many lessons as it has hours; lessons beyond the plan have none."""
    assert (await put_topics(weekly, ("Дроби", 2), ("Проценты", 1), ("Контрольная работа", 2))).status_code == 200
    assert (await generate(weekly))["added"] == 6
    assert await topics(weekly) == ["Дроби", "Дроби", "Проценты", "Контрольная работа", "Контрольная работа", ""]
    assert (await generate(weekly)) == {"added": 0, "changed": 0, "removed": 0, "unchanged": 6, "kept": 0}
    assert (await apply(weekly)).json() == {"changed": 0}


async def test_what_a_teacher_wrote_and_what_is_over_stays(weekly: Any) -> None:
    """J-7: the plan changes, a lesson is cancelled; the coming topics move, the others do not."""
    school = weekly.school
    await put_topics(weekly, *((f"Тема {number}", 1) for number in range(1, 7)))
    await generate(weekly)
    monday, wednesday, friday, *_, last = await lessons(weekly)
    path = f"/lessons/{last['lesson_id']}"
    written = await weekly.call(school.orlova, "PATCH", path, json={"version": 1, "topic": "Урок-игра"})
    assert (written.status_code, written.json()["topic"], written.json()["version"]) == (200, "Урок-игра", 2)
    path = f"/lessons/{friday['lesson_id']}/cancellation"
    gone = await weekly.call(school.deputy, "PUT", path, json={"version": 1, "reason": "Карантин"})
    assert gone.status_code == 200
    changed = await put_topics(weekly, *((f"Новая {number}", 1) for number in range(1, 7)), version=1)
    assert (changed.status_code, changed.json()["version"], changed.json()["hours"]) == (200, 2, 6)
    assert (await apply(weekly)).json() == {"changed": 3}
    assert await topics(weekly) == [monday["topic"], "Новая 2", "Тема 3", "Новая 3", "Новая 4", "Урок-игра"]
    assert wednesday["topic"] == "Тема 2"


async def test_a_topic_is_written_by_who_holds_the_lesson(teaching: Any) -> None:
    """J-7, J-4."""
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    path = f"/lessons/{lesson_id}"

    async def write(who: Any, version: int = 1) -> Any:
        return await teaching.call(who, "PATCH", path, json={"version": version, "topic": "Проценты"})

    assert (await write(school.gusev)).json()["code"] == "not_your_lesson"
    assert (await write(school.mother)).json()["code"] == "lesson_not_found"
    body = {"version": 1, "teacher_id": str(school.gusev.person_id)}
    assert (await teaching.call(school.deputy, "PUT", f"{path}/substitution", json=body)).status_code == 200
    assert (await write(school.gusev)).json()["code"] == "stale_version"
    assert (await write(school.gusev, 2)).status_code == 200
    seen = await teaching.get(school.gusev, f"{path}/pupils")
    assert [one["given_name"] for one in seen.json()["pupils"]] == ["Ольга", "Михаил"]
    assert (await teaching.get(school.stranger, f"{path}/pupils")).status_code == 404
    week = (await teaching.get(school.mother, f"/diaries/{school.misha}/weeks/2026-W48")).json()
    assert week["days"][0]["lessons"][0]["topic"] == "Проценты"


async def test_a_family_sees_hours_passed_and_total(weekly: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """J-7: held lessons count from their last bell on, cancelled ones never."""
    school = weekly.school
    await generate(weekly)
    assert (await post(weekly, school.deputy, curriculum(school))).status_code == 201

    async def passed() -> list[tuple[str, int, int]]:
        (one,) = (await weekly.get(school.mother, f"/diaries/{school.misha}/curricula")).json()["items"]
        return [(of["title"], of["hours_passed"], of["hours_total"]) for of in one["subjects"]]

    assert await passed() == [("Математика", 2, 170), ("Литература", 0, 68)]
    set_clock(weekly, monkeypatch, datetime(2026, 11, 25, 6, 10, tzinfo=UTC))
    assert (await passed())[0] == ("Математика", 1, 170)
    first = (await lessons(weekly))[0]
    path = f"/lessons/{first['lesson_id']}/cancellation"
    await weekly.call(school.deputy, "PUT", path, json={"version": 1, "reason": "Карантин"})
    assert (await passed())[0] == ("Математика", 0, 170)
    assert (await weekly.get(school.stranger, f"/diaries/{school.misha}/curricula")).status_code == 404


async def test_hours_take_the_same_queries_however_many_lessons(weekly: Any) -> None:
    school = weekly.school
    await post(weekly, school.deputy, curriculum(school))
    path = f"/diaries/{school.misha}/curricula"
    await weekly.get(school.mother, path)  # the first look of a day is written down before the answer (J-2)
    with weekly.counting() as few:
        await weekly.get(school.mother, path)
    await generate(weekly)
    await post(weekly, school.deputy, curriculum(school, name="Второй"))
    with weekly.counting() as many:
        assert len((await weekly.get(school.mother, path)).json()["items"]) == 2
    assert len(few) == len(many) <= 10


async def test_a_curriculum_with_mistakes_is_refused_whole(journal: Any) -> None:
    """J-7: a profile from grade 10 only."""
    school = journal.school
    maths = {"subject_id": str(school.maths), "hours": 1}
    wrong = curriculum(
        school,
        profile="Технологический",
        class_ids=[str(school.class_7a), str(school.class_1a)],
        subjects=[maths, maths, {"subject_id": str(uuid4()), "hours": 1}],
    )
    answer = await post(journal, school.deputy, wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "curriculum_refused")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("body.profile", "profile_too_early"),
        ("body.class_ids[1]", "class_unknown"),
        ("body.subjects[1].subject_id", "subject_twice"),
        ("body.subjects[2].subject_id", "subject_unknown"),
    ]
    older = curriculum(school, grade=10, profile="Технологический", class_ids=[])
    assert (await post(journal, school.deputy, older)).json()["profile"] == "Технологический"


async def test_a_curriculum_is_changed_on_the_version_that_was_seen(journal: Any) -> None:
    school = journal.school
    standing = (await post(journal, school.deputy, curriculum(school))).json()
    path = f"/schools/{school.school_id}/curricula/{standing['curriculum_id']}"
    body = curriculum(school, name="Новый", subjects=[]) | {"version": 1}
    changed = await journal.call(school.gromov, "PUT", path, json=body)
    assert (changed.status_code, changed.json()["version"], changed.json()["subjects"]) == (200, 2, [])
    assert (await journal.call(school.gromov, "PUT", path, json=body)).json()["code"] == "stale_version"
    listed = await journal.get(school.mother, f"/schools/{school.school_id}/curricula")
    assert listed.json()["items"] == [changed.json()]
    assert (await journal.call(school.deputy, "DELETE", path, params={"version": 2})).status_code == 204
    assert (await journal.call(school.deputy, "DELETE", path, params={"version": 2})).status_code == 404


@pytest.mark.parametrize(
    ("who", "curricula", "plan"),
    [
        ("gromov", 201, 200),
        ("orlova", 403, 200),
        ("gusev", 403, 403),
        ("administrator", 403, 404),
        ("mother", 404, 404),
    ],
)
async def test_who_plans_what(journal: Any, who: str, curricula: int, plan: int) -> None:
    """J-1: curricula by the direction, topics by the teacher of the subject too."""
    school = journal.school
    caller = getattr(school, who)
    assert (await post(journal, caller, curriculum(school))).status_code == curricula
    assert (await put_topics(journal, ("Дроби", 1), who=caller)).status_code == plan
    assert (await apply(journal, caller)).status_code == plan


async def test_a_topic_and_the_first_mark_at_once_do_not_wait_for_each_other_in_a_ring(teaching: Any) -> None:
    """J-7, J-35: both count the page up; neither fails."""
    school = teaching.school
    form = await teaching.form()
    for number, who in ((0, school.orlova), (0, school.gusev)):
        lesson_id = (await teaching.lesson_ids(who))[number]
        body = {"version": 1, "topic": "Проценты"}
        mark, topic = await asyncio.gather(
            teaching.post_mark(who, lesson_id, control_form_id=form),
            teaching.call(who, "PATCH", f"/lessons/{lesson_id}", json=body),
        )
        assert (mark.status_code, topic.status_code) == (201, 200)
