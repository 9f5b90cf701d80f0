"""J-4: weekly timetables, and the lessons that are made from them."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

DAYS = {"from": "2026-11-23", "to": "2026-12-06"}
"""Two weeks, from the Monday on."""


def rings(*, minutes: int = 45, lessons: int = 6) -> list[dict[str, Any]]:
    """Lessons of so many minutes with ten between them, from 08:30 on."""
    found = []
    for number in range(1, lessons + 1):
        start = 8 * 60 + 30 + (number - 1) * (minutes + 10)
        end = start + minutes
        found.append(
            {
                "kind": "lesson",
                "number": number,
                "starts_at": f"{start // 60:02}:{start % 60:02}:00",
                "ends_at": f"{end // 60:02}:{end % 60:02}:00",
            }
        )
    return found


def bells(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Основное",
        "first_grade": 2,
        "last_grade": 11,
        "starts_on": "2026-09-01",
        "ends_on": "2027-05-31",
        "rings": rings(),
    } | changes


async def post_bells(journal: Any, who: Any, **changes: Any) -> Any:
    path = f"/schools/{journal.school.school_id}/bell-schedules"
    return await journal.call(who, "POST", path, json=bells(**changes))


@pytest_asyncio.fixture
async def ringing(journal: Any) -> Any:
    """The little school with its bells, before it has lessons."""
    answer = await post_bells(journal, journal.school.deputy)
    assert answer.status_code == 201, answer.text
    return journal


@pytest.fixture(autouse=True)
def monday(journal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 5, tzinfo=UTC)
    monkeypatch.setattr(journal.container.database, "clock", lambda: now)
    monkeypatch.setattr(journal.container.database.uow, "_clock", lambda: now)


def week(school: Any, *places: tuple[int, int], **changes: Any) -> dict[str, Any]:
    """Maths by Орлова in room 101 at these weekdays and numbers."""
    lesson = {"subject_id": str(school.maths), "teacher_id": str(school.orlova.person_id), "room": "101"}
    of_lesson = {name: changes.pop(name) for name in list(changes) if name in lesson}
    places = places or ((1, 1), (1, 2), (3, 4))
    lessons = [{"weekday": day, "number": number} | lesson | of_lesson for day, number in places]
    return {"starts_on": "2026-09-01", "ends_on": "2027-05-31", "lessons": lessons} | changes


async def plan(journal: Any, class_id: Any, body: dict[str, Any], who: Any = None) -> Any:
    path = f"/classes/{class_id}/weekly-timetables"
    return await journal.call(who or journal.school.deputy, "POST", path, json=body)


async def replace_week(journal: Any, standing: dict[str, Any], body: dict[str, Any]) -> Any:
    path = f"/classes/{standing['class_id']}/weekly-timetables/{standing['weekly_timetable_id']}"
    return await journal.call(journal.school.deputy, "PUT", path, json=body | {"version": standing["version"]})


async def generate(journal: Any, who: Any = None, **days: str) -> Any:
    path = f"/schools/{journal.school.school_id}/lessons/generate"
    return await journal.call(who or journal.school.deputy, "POST", path, json=DAYS | days)


async def lessons(journal: Any, who: Any = None, week: str = "2026-W48") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await journal.get(who or journal.school.orlova, f"/lessons?week={week}")).json()[
        "items"
    ]
    return found


def counts(answer: Any) -> tuple[int, ...]:
    assert answer.status_code == 200, answer.text
    return tuple(answer.json()[name] for name in ("added", "changed", "removed", "unchanged", "kept"))


async def test_lessons_are_made_from_the_week_by_the_bells_and_again_nothing_changes(ringing: Any) -> None:
    """J-4."""
    school = ringing.school
    made = await plan(ringing, school.class_7a, week(school))
    assert made.status_code == 201, made.text
    assert counts(await generate(ringing)) == (6, 0, 0, 0, 0)
    first = await lessons(ringing)
    assert [(one["date"], one["number"], one["starts_at"], one["room"]) for one in first] == [
        ("2026-11-23", 1, "08:30:00", "101"),
        ("2026-11-23", 2, "09:25:00", "101"),
        ("2026-11-25", 4, "11:15:00", "101"),
    ]
    assert counts(await generate(ringing)) == (0, 0, 0, 6, 0)
    assert await lessons(ringing) == first
    seen = await ringing.get(school.orlova, f"/classes/{school.class_7a}/weekly-timetables")
    assert seen.json()["items"] == [made.json()]


async def test_no_lessons_on_holidays_of_the_school_and_of_the_country(ringing: Any) -> None:
    """J-4: 4 November is a Wednesday, the autumn holidays end on the Monday."""
    school = ringing.school
    await plan(ringing, school.class_7a, week(school, (1, 1), (2, 1), (3, 1)))
    autumn = {"title": "Каникулы", "starts_on": "2026-10-26", "ends_on": "2026-11-02"}
    path = f"/schools/{school.school_id}/holidays"
    assert (await ringing.call(school.deputy, "PUT", path, json={"holidays": [autumn]})).status_code == 200
    assert counts(await generate(ringing, **{"from": "2026-11-01", "to": "2026-11-07"}))[0] == 1
    assert [one["date"] for one in await lessons(ringing, week="2026-W45")] == ["2026-11-03"]


async def test_shortened_days_ring_otherwise(ringing: Any) -> None:
    """J-4."""
    school = ringing.school
    await plan(ringing, school.class_7a, week(school, (3, 2)))
    short = await post_bells(ringing, school.deputy, name="Сокращённый", days=["2026-11-25"], rings=rings(minutes=30))
    assert short.status_code == 201, short.text
    assert counts(await generate(ringing))[0] == 2
    assert [one["ends_at"] for one in await lessons(ringing)] == ["09:40:00"]
    assert [one["ends_at"] for one in await lessons(ringing, week="2026-W49")] == ["10:10:00"]


async def test_clashes_are_named_and_nothing_is_made(ringing: Any) -> None:
    """J-4: teacher and room, between two weekly timetables and with lessons from a file."""
    school = ringing.school
    await plan(ringing, school.class_7a, week(school, (1, 1)))
    await plan(ringing, school.class_7b, week(school, (1, 1)))
    answer = await generate(ringing, to="2026-11-23")
    assert (answer.status_code, answer.json()["code"]) == (409, "lessons_clash")
    assert {(one["field"], one["lesson"], one["other"]) for one in answer.json()["errors"]} == {
        ("teacher", "7Б, № 1, 08:30–09:15", "7А, № 1, 08:30–09:15"),
        ("room", "7Б, № 1, 08:30–09:15", "7А, № 1, 08:30–09:15"),
    }
    assert await lessons(ringing) == []


async def test_a_lesson_without_bells_is_named(ringing: Any) -> None:
    school = ringing.school
    await plan(ringing, school.class_7a, week(school, (1, 7), (2, 7)))
    await plan(ringing, school.class_1a, week(school, (1, 1)))
    answer = await generate(ringing)
    assert (answer.status_code, answer.json()["code"]) == (409, "bells_missing")
    assert sorted((one["class_name"], one["number"], one["date"]) for one in answer.json()["errors"]) == [
        ("1А", 1, "2026-11-23"),
        ("7А", 7, "2026-11-23"),
    ]


async def test_what_people_put_into_lessons_stays(ringing: Any) -> None:
    """J-4: marks, homework, substitutions; what nobody uses follows the new week, what is over stays."""
    school = ringing.school
    standing = (await plan(ringing, school.class_7a, week(school, (1, 1), (2, 1), (3, 1), (4, 1)))).json()
    assert counts(await generate(ringing, to="2026-11-27"))[0] == 4
    marked, given, changed, _ = await lessons(ringing)
    assert (await ringing.post_mark(school.orlova, marked["lesson_id"])).status_code == 201
    path = f"/lessons/{given['lesson_id']}"
    assert (await ringing.call(school.orlova, "POST", f"{path}/homework", json={"text": "§ 1"})).status_code == 201
    path = f"/lessons/{changed['lesson_id']}/cancellation"
    body = {"version": 1, "reason": "Экскурсия"}
    assert (await ringing.call(school.deputy, "PUT", path, json=body)).status_code == 200
    moved = await replace_week(ringing, standing, week(school, (5, 1)))
    assert (moved.status_code, moved.json()["version"]) == (200, 2)
    assert counts(await generate(ringing, to="2026-11-27")) == (1, 0, 1, 0, 3)
    assert [one["date"][-2:] for one in await lessons(ringing)] == ["23", "24", "25", "27"]
    assert counts(await generate(ringing, to="2026-11-27")) == (0, 0, 0, 1, 3)


async def test_a_free_lesson_follows_the_week_and_one_from_a_file_does_not(ringing: Any) -> None:
    school = ringing.school
    line = ringing.school.lesson(1, topic="Дроби")
    header = "date,lesson_number,starts_at,ends_at,class_source_id,subject_source_id,teacher_source_id,room,topic"
    assert (await ringing.import_timetable(school.deputy, f"{header}\n{line}")).status_code == 200
    standing = (await plan(ringing, school.class_7a, week(school, (1, 1), (1, 2)))).json()
    assert counts(await generate(ringing, to="2026-11-23")) == (1, 0, 0, 1, 0)
    assert (await replace_week(ringing, standing, week(school, (1, 1), (1, 2), room="305"))).status_code == 200
    assert counts(await generate(ringing, to="2026-11-23")) == (0, 1, 0, 0, 1)
    assert [one["room"] for one in await lessons(ringing)] == ["101", "305"]


async def test_days_that_are_over_are_only_filled(ringing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    school = ringing.school
    standing = (await plan(ringing, school.class_7a, week(school, (1, 1)))).json()
    assert counts(await generate(ringing, to="2026-11-23"))[0] == 1
    later = datetime(2026, 11, 24, 5, tzinfo=UTC)
    monkeypatch.setattr(ringing.container.database.uow, "_clock", lambda: later)
    await replace_week(ringing, standing, week(school, (1, 2)))
    assert counts(await generate(ringing, to="2026-11-23")) == (1, 0, 0, 0, 1)


async def test_however_many_lessons_it_is_the_same_statements(ringing: Any) -> None:
    school = ringing.school
    await plan(ringing, school.class_7a, week(school))
    with ringing.counting() as few:
        assert counts(await generate(ringing, to="2026-11-24"))[0] == 2
    with ringing.counting() as many:
        assert counts(await generate(ringing, to="2027-05-31"))[0] > 60
    assert len(few) == len(many)
    assert len(many) <= 14


async def test_a_week_with_mistakes_is_refused_whole(ringing: Any) -> None:
    school = ringing.school
    body = week(school, (1, 1), (1, 1), teacher_id=str(school.maths), room="подвал", ends_on="2026-08-01")
    path = f"/schools/{school.school_id}/rooms"
    listed = await ringing.call(school.deputy, "PUT", path, json={"rooms": [{"name": "101", "seats": 30}]})
    assert listed.json() == {"items": [{"name": "101", "seats": 30, "purpose": ""}]}
    answer = await plan(ringing, school.class_7a, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "weekly_timetable_refused")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("body.ends_on", "ends_before_start"),
        ("body.lessons[0].teacher_id", "teacher_unknown"),
        ("body.lessons[0].room", "room_unknown"),
        ("body.lessons[1].teacher_id", "teacher_unknown"),
        ("body.lessons[1].room", "room_unknown"),
        ("body.lessons[1].number", "place_twice"),
    ]


async def test_a_class_has_one_week_at_a_time_and_stale_writes_are_refused(ringing: Any) -> None:
    school = ringing.school
    standing = (await plan(ringing, school.class_7a, week(school))).json()
    second = await plan(ringing, school.class_7a, week(school, starts_on="2027-01-11"))
    assert (second.status_code, second.json()["code"]) == (409, "weekly_timetables_overlap")
    assert (await replace_week(ringing, standing, week(school, ends_on="2027-01-10"))).status_code == 200
    assert (await plan(ringing, school.class_7a, week(school, starts_on="2027-01-11"))).status_code == 201
    stale = await replace_week(ringing, standing, week(school))
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    path = f"/classes/{school.class_7a}/weekly-timetables/{standing['weekly_timetable_id']}"
    gone = await ringing.call(school.deputy, "DELETE", path, params={"version": 2})
    assert gone.status_code == 204
    again = await ringing.call(school.deputy, "DELETE", path, params={"version": 2})
    assert (again.status_code, again.json()["code"]) == (404, "weekly_timetable_not_found")


@pytest.mark.parametrize(
    ("who", "status"), [("gromov", 201), ("administrator", 201), ("orlova", 403), ("mother", 404), ("stranger", 404)]
)
async def test_who_plans_lessons(ringing: Any, who: str, status: int) -> None:
    """J-1."""
    school = ringing.school
    caller = getattr(school, who)
    assert (await plan(ringing, school.class_7a, week(school), caller)).status_code == status
    assert (await post_bells(ringing, caller, shift=2)).status_code == status
    assert (await generate(ringing, caller)).status_code == (200 if status == 201 else status)


async def test_bells_are_changed_on_the_version_that_was_seen(ringing: Any) -> None:
    """J-4, J-5."""
    school = ringing.school
    path = f"/schools/{school.school_id}/bell-schedules"
    (standing,) = (await ringing.get(school.mother, path)).json()["items"]
    rival = await post_bells(ringing, school.deputy, first_grade=5, last_grade=5)
    assert (rival.status_code, rival.json()["code"]) == (409, "bell_schedules_compete")
    one = f"{path}/{standing['bell_schedule_id']}"
    changed = await ringing.call(school.deputy, "PUT", one, json=bells(name="Новое") | {"version": 1})
    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (200, "Новое", 2)
    stale = await ringing.call(school.deputy, "PUT", one, json=bells() | {"version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    long = await ringing.call(school.deputy, "PUT", one, json=bells(first_grade=1) | {"version": 2})
    assert (long.status_code, long.json()["code"]) == (422, "bells_refused")
    assert long.json()["errors"][0]["code"] == "dynamic_pause_missing"
    zoned = bells(rings=[{"kind": "lesson", "number": 1, "starts_at": "08:30:00Z", "ends_at": "09:00:00"}])
    assert (await ringing.call(school.deputy, "PUT", one, json=zoned | {"version": 2})).status_code == 422
    assert (await ringing.call(school.deputy, "DELETE", one, params={"version": 2})).status_code == 204
    assert (await ringing.get(school.mother, path)).json() == {"items": []}


async def test_two_who_make_lessons_at_once_make_them_once(ringing: Any) -> None:
    """J-4."""
    school = ringing.school
    await plan(ringing, school.class_7a, week(school))
    answers = await asyncio.gather(*(generate(ringing) for _ in range(3)))
    assert sorted(counts(answer) for answer in answers) == [(0, 0, 0, 6, 0)] * 2 + [(6, 0, 0, 0, 0)]
