"""J-4: substitutions and cancelled lessons, and what they allow."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import text

from shared.contracts.identity import StaffReleased

MONDAY = "2026-11-23"
HEADER = ("date,lesson_number,starts_at,ends_at,class_source_id,subject_source_id,teacher_source_id,room,topic",)


async def lesson_of(journal: Any, who: Any, number: int) -> dict[str, Any]:
    items = (await journal.get(who, f"/lessons?date={MONDAY}")).json()["items"]
    found: dict[str, Any] = next(one for one in items if one["number"] == number)
    return found


async def substitute(journal: Any, lesson: dict[str, Any], who: Any = None, **body: Any) -> Any:
    body = {"version": lesson["version"], "teacher_id": str(journal.school.gusev.person_id)} | body
    path = f"/lessons/{lesson['lesson_id']}/substitution"
    return await journal.call(who or journal.school.deputy, "PUT", path, json=body)


async def cancel(journal: Any, lesson: dict[str, Any], who: Any = None, **body: Any) -> Any:
    body = {"version": lesson["version"], "reason": "Актированный день"} | body
    path = f"/lessons/{lesson['lesson_id']}/cancellation"
    return await journal.call(who or journal.school.deputy, "PUT", path, json=body)


async def undo(journal: Any, lesson: dict[str, Any], what: str) -> Any:
    path = f"/lessons/{lesson['lesson_id']}/{what}?version={lesson['version']}"
    return await journal.call(journal.school.deputy, "DELETE", path)


async def told(journal: Any) -> list[dict[str, Any]]:
    async with journal.container.database.read() as session:
        query = "SELECT body FROM outbox_event WHERE type = 'journal.lesson_changed.v1' ORDER BY id"
        bodies = await session.scalars(text(query))
        return [json.loads(body)["data"] for body in bodies]


async def test_a_substitute_keeps_marks_and_attendance_of_that_lesson_alone(teaching: Any) -> None:
    """J-4, J-1."""
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 1)
    form = await teaching.form()
    before = await teaching.post_mark(school.gusev, lesson["lesson_id"], control_form_id=form)
    assert (before.status_code, before.json()["code"]) == (403, "not_your_lesson")
    put = await substitute(teaching, lesson, room="205")
    assert put.status_code == 200, put.text
    body = put.json()
    assert (body["state"], body["teacher_name"], body["planned_teacher_name"], body["room"], body["planned_room"]) == (
        "substituted",
        "Гусев Лев",
        "Орлова Марина Сергеевна",
        "205",
        "101",
    )
    posted = await teaching.post_mark(school.gusev, lesson["lesson_id"], control_form_id=form)
    assert posted.status_code == 201, posted.text
    taken = await teaching.call(school.gusev, "PUT", f"/lessons/{lesson['lesson_id']}/attendance", json={"but": []})
    assert taken.status_code == 200, taken.text
    column = await teaching.get(school.gusev, f"/lessons/{lesson['lesson_id']}/marks")
    cells = {cell["pupil_id"]: cell for cell in column.json()["cells"]}
    assert [(mark["value"], mark["version"]) for mark in cells[str(school.misha)]["marks"]] == [("5", 1)]
    assert cells[str(school.olya)]["marks"] == []
    other = await lesson_of(teaching, school.orlova, 4)
    elsewhere = await teaching.post_mark(
        school.gusev, other["lesson_id"], control_form_id=form, pupil_id=str(school.vanya)
    )
    assert elsewhere.status_code == 404
    who_was_planned = await teaching.post_mark(school.orlova, lesson["lesson_id"], control_form_id=form, value="4")
    assert who_was_planned.status_code == 201
    restored = await undo(teaching, body, "substitution")
    assert (restored.status_code, restored.json()["state"], restored.json()["room"]) == (200, "planned", "101")
    after = await teaching.post_mark(school.gusev, lesson["lesson_id"], control_form_id=form)
    assert after.status_code == 403
    assert (await teaching.get(school.gusev, f"/lessons/{lesson['lesson_id']}/marks")).status_code == 403


async def test_a_substitute_of_a_strange_class_may_write_too_until_released(teaching: Any) -> None:
    """J-4, I-15: Гусев has nothing to do with 1А; who is released writes no more."""
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 4)
    newcomer = school.assigned(school.stranger, "subject_teacher", class_id=school.class_7b, subject_id=school.maths)
    await teaching.hears(newcomer)
    put = await substitute(teaching, lesson, teacher_id=str(school.stranger.person_id))
    assert put.status_code == 200, put.text
    path = f"/lessons/{lesson['lesson_id']}/attendance"
    assert (await teaching.call(school.stranger, "PUT", path, json={"but": []})).status_code == 200
    assert (await teaching.call(school.mother, "PUT", path, json={"but": []})).status_code == 404
    await teaching.hears(
        StaffReleased(
            school_id=school.school_id,
            person_id=newcomer.person_id,
            assignment_id=newcomer.assignment_id,
            released_on=newcomer.valid_from,
            edge_version=2,
        )
    )
    assert (await teaching.call(school.stranger, "PUT", path, json={"but": []})).status_code == 404


async def test_a_clash_is_refused_and_named(teaching: Any) -> None:
    """J-4: teacher and room."""
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 1)
    line = school.lesson(1, class_source_id="cls-7b", teacher_source_id="t-gusev", room="102")
    assert (await teaching.import_timetable(school.deputy, "\n".join((*HEADER, line)))).status_code == 200
    both = await substitute(teaching, lesson, room="102")
    assert (both.status_code, both.json()["code"]) == (409, "lessons_clash")
    assert [(one["field"], one["code"], one["other"]) for one in both.json()["errors"]] == [
        ("teacher", "teacher_twice", "7Б, № 1, 08:30–09:15"),
        ("room", "room_twice", "7Б, № 1, 08:30–09:15"),
    ]
    assert "Гусев" not in both.text
    assert (await lesson_of(teaching, school.orlova, 1)) == lesson
    other = await lesson_of(teaching, school.gusev, 1)
    assert (await cancel(teaching, other)).status_code == 200
    assert (await substitute(teaching, lesson, room="102")).status_code == 200
    back = await undo(teaching, other | {"version": 2}, "cancellation")
    assert (back.status_code, back.json()["code"]) == (409, "lessons_clash")


async def test_a_cancelled_lesson_stays_and_takes_no_marks(teaching: Any) -> None:
    """J-4."""
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 1)
    assert (await cancel(teaching, lesson, reason="")).status_code == 422
    gone = await cancel(teaching, lesson)
    assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
    for path, method, body in (
        (f"/lessons/{lesson['lesson_id']}/attendance", "PUT", {"but": []}),
        (f"/lessons/{lesson['lesson_id']}/marks", "PUT", {"rows": []}),
    ):
        answer = await teaching.call(school.orlova, method, path, json=body)
        assert answer.status_code in {409, 422}, answer.text
    mark = await teaching.post_mark(school.orlova, lesson["lesson_id"])
    assert (mark.status_code, mark.json()["code"]) == (409, "lesson_is_cancelled")
    assert (await substitute(teaching, gone.json())).json()["code"] == "lesson_is_cancelled"
    assert (await cancel(teaching, gone.json())).json()["code"] == "lesson_is_cancelled"
    back = await undo(teaching, gone.json(), "cancellation")
    assert (back.status_code, back.json()["state"], back.json()["version"]) == (200, "planned", 3)
    assert (await undo(teaching, back.json(), "cancellation")).json()["code"] == "lesson_not_cancelled"
    assert (await undo(teaching, back.json(), "substitution")).json()["code"] == "lesson_not_substituted"
    assert (await teaching.post_mark(school.orlova, lesson["lesson_id"])).status_code == 201


async def test_a_lesson_with_entries_was_held(teaching: Any) -> None:
    """J-4: it is cancelled only after what stands in it was removed."""
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 1)
    mark = (await teaching.post_mark(school.orlova, lesson["lesson_id"])).json()
    refused = await cancel(teaching, lesson)
    assert (refused.status_code, refused.json()["code"]) == (409, "lesson_has_entries")
    mark_id = mark.get("mark_id") or mark["mark"]["mark_id"]
    removed = await teaching.call(
        school.orlova, "DELETE", f"/marks/{mark_id}", params={"version": 1}, json={"reason": "не тот урок"}
    )
    assert removed.status_code in {200, 204}, removed.text
    assert (await cancel(teaching, lesson)).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("gromov", 200), ("deputy", 200), ("administrator", 200), ("orlova", 403), ("mother", 404), ("stranger", 404)],
)
async def test_who_plans_lessons_changes_them(teaching: Any, who: str, status: int) -> None:
    """J-1, J-4."""
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 1)
    assert (await substitute(teaching, lesson, getattr(school, who))).status_code == status
    seen = await teaching.get(
        getattr(school, who), f"/schools/{school.school_id}/lesson-changes?from={MONDAY}&to={MONDAY}"
    )
    assert seen.status_code == (200 if status == 200 else 404)
    if status == 200:
        assert [one["state"] for one in seen.json()["items"]] == ["substituted"]


async def test_stale_unknown_and_closed_are_refused(teaching: Any) -> None:
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 1)
    stale = await substitute(teaching, lesson | {"version": 2})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    nobody = await substitute(teaching, lesson, teacher_id=str(uuid4()))
    assert (nobody.status_code, nobody.json()["code"]) == (422, "teacher_unknown")
    missing = await substitute(teaching, lesson | {"lesson_id": str(uuid4())})
    assert (missing.status_code, missing.json()["code"]) == (404, "lesson_not_found")
    same = await substitute(teaching, lesson, teacher_id=None)
    assert (same.json()["state"], same.json()["version"]) == ("planned", 1)


async def test_families_and_both_teachers_see_it_and_are_told(teaching: Any) -> None:
    """J-4, J-28."""
    school = teaching.school
    first, second = await lesson_of(teaching, school.orlova, 1), await lesson_of(teaching, school.gusev, 2)
    assert (await substitute(teaching, first)).status_code == 200
    assert (await cancel(teaching, second)).status_code == 200
    week = (await teaching.get(school.mother, f"/diaries/{school.misha}/weeks/2026-W48")).json()
    monday = week["days"][0]["lessons"]
    assert [(one["substituted"], one["teacher"], one["planned_teacher"], one["cancelled"]) for one in monday] == [
        (True, "Гусев Лев", "Орлова Марина Сергеевна", False),
        (False, "Гусев Лев", None, True),
    ]
    assert monday[1]["cancelled_because"] == "Актированный день"
    assert (await lesson_of(teaching, school.orlova, 1))["teacher_id"] == str(school.gusev.person_id)
    assert (await lesson_of(teaching, school.gusev, 1))["state"] == "substituted"
    events = await told(teaching)
    assert [(one["state"], one["number"], one["lesson_version"]) for one in events] == [
        ("substituted", 1, 2),
        ("cancelled", 2, 2),
    ]
    assert "Актированный" not in str(events)


async def test_calendars_show_it(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """J-6, J-4: a cancelled lesson stays in the feed as cancelled, and its sequence grows."""
    monkeypatch.setattr(teaching.container.database, "clock", lambda: datetime(2026, 11, 23, 5, tzinfo=UTC))
    school = teaching.school
    first, second = await lesson_of(teaching, school.orlova, 1), await lesson_of(teaching, school.gusev, 2)
    await substitute(teaching, first)
    await cancel(teaching, second)

    async def feed(who: Any, path: str) -> list[Any]:
        made = (await teaching.call(who, "POST", path)).json()["path"]
        return list(Calendar.from_ical((await teaching.client.get(made)).content).events)

    of_pupil = await feed(school.mother, f"/diaries/{school.misha}/feeds")
    assert [(str(one["STATUS"]), int(one["SEQUENCE"])) for one in of_pupil] == [("CONFIRMED", 1), ("CANCELLED", 1)]
    assert "Замена: вместо Орлова Марина Сергеевна" in str(of_pupil[0]["DESCRIPTION"])
    of_orlova = await feed(school.orlova, "/feeds")
    assert [str(one["STATUS"]) for one in of_orlova] == ["CANCELLED", "CONFIRMED"]


async def test_a_file_repeats_the_plan_and_does_not_undo_a_substitution(teaching: Any) -> None:
    """J-4."""
    school = teaching.school
    assert (await substitute(teaching, await lesson_of(teaching, school.orlova, 1))).status_code == 200
    again = await teaching.import_timetable(school.deputy, school.timetable())
    assert again.json() == {"added": 0, "changed": 0, "unchanged": 4}
    other = await teaching.import_timetable(school.deputy, school.timetable().replace("101,Дроби", "301,Дроби"))
    assert [one["code"] for one in other.json()["errors"]] == ["lesson_changed_by_hand"]
    assert (await lesson_of(teaching, school.orlova, 1))["state"] == "substituted"


async def test_a_substitution_takes_the_same_statements_however_many_lessons_there_are(teaching: Any) -> None:
    school = teaching.school
    with teaching.counting() as few:
        assert (await substitute(teaching, await lesson_of(teaching, school.orlova, 1))).status_code == 200
    lines = [school.lesson(n, class_source_id="cls-7b", teacher_source_id="t-gusev", room="102") for n in range(5, 12)]
    assert (await teaching.import_timetable(school.deputy, "\n".join((*HEADER, *lines)))).status_code == 200
    with teaching.counting() as many:
        assert (await substitute(teaching, await lesson_of(teaching, school.orlova, 4))).status_code == 200
    assert len(few) == len(many)


async def test_a_cancelled_lesson_is_nobodys_absence_and_nothing_to_pack_for(teaching: Any) -> None:
    """J-4, J-22, J-25, J-35: the grid shows its column, which takes nothing."""
    school = teaching.school
    lesson = await lesson_of(teaching, school.orlova, 1)
    body = {"things": [{"title": "Циркуль", "grams": 50}]}
    path = f"/lessons/{lesson['lesson_id']}/backpack"
    assert (await teaching.call(school.orlova, "PUT", path, json=body)).status_code == 200
    assert (await cancel(teaching, lesson)).status_code == 200
    bag = await teaching.get(school.mother, f"/diaries/{school.misha}/backpack?from={MONDAY}&to={MONDAY}")
    assert bag.json() == {"days": []}
    grid = (await teaching.get(school.orlova, f"/classes/{school.class_7a}/journal?subject={school.maths}")).json()
    (column,) = grid["columns"]
    assert (column["cancelled"], column["may_edit"], column["version"]) == (True, False, 2)


async def test_a_room_that_the_school_does_not_have_is_refused(teaching: Any) -> None:
    """J-4."""
    school = teaching.school
    path = f"/schools/{school.school_id}/rooms"
    rooms = {"rooms": [{"name": "101"}, {"name": "205"}]}
    assert (await teaching.call(school.deputy, "PUT", path, json=rooms)).status_code == 200
    lesson = await lesson_of(teaching, school.orlova, 1)
    answer = await substitute(teaching, lesson, room="подвал")
    assert (answer.status_code, answer.json()["code"]) == (422, "room_unknown")
    assert (await substitute(teaching, lesson, room="205")).status_code == 200


async def test_cancelling_and_marking_at_once_leave_no_mark_in_a_cancelled_lesson(teaching: Any) -> None:
    """J-4: whoever is first wins, in either order."""
    school = teaching.school
    form = await teaching.form()
    for number, who, pupil in ((1, school.orlova, school.misha), (2, school.gusev, school.misha)):
        lesson = await lesson_of(teaching, who, number)
        mark, gone = await asyncio.gather(
            teaching.post_mark(who, lesson["lesson_id"], control_form_id=form, pupil_id=str(pupil)),
            cancel(teaching, lesson),
        )
        assert sorted((mark.status_code, gone.status_code)) in ([200, 409], [201, 409])
