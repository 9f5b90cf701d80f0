"""What a family sees of groups: the lessons of the class and of the pupil's own groups, and nothing of the others."""

from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import text

from journal.diary.page import week_document
from journal.roster.queries import find_pupil
from journal.weeks import Week
from shared.contracts.journal import AnnouncementPosted, HomeworkAssigned

WEEK = "2026-W48"
DAYS = {"from": "2026-11-23", "to": "2026-11-29"}


async def monday_of(grouped: Any) -> list[dict[str, Any]]:
    school = grouped.school
    answer = await grouped.journal.get(school.mother, f"/diaries/{school.misha}/weeks/{WEEK}")
    assert answer.status_code == 200, answer.text
    lessons: list[dict[str, Any]] = answer.json()["days"][0]["lessons"]
    return lessons


async def test_j_28_a_week_has_the_lessons_of_the_class_and_of_the_own_groups(grouped: Any) -> None:
    school = grouped.school
    lessons = await monday_of(grouped)
    assert lessons[0]["lesson_id"] == grouped.first_lesson
    assert [(one["number"], one["group"]) for one in lessons] == [(1, "Группа 1"), (2, None)]
    # In both groups, in none; and what was written stays in the diary.
    await grouped.journal.post_mark(school.orlova, grouped.first_lesson)
    await grouped.journal.hears(grouped.changed(grouped.first), grouped.changed(grouped.second, school.olya))
    assert [(one["number"], len(one["marks"])) for one in await monday_of(grouped)] == [(1, 1), (2, 0)]


async def test_j_28_a_week_costs_no_statement_more(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    path = f"/diaries/{school.misha}/weeks/{WEEK}"
    await journal.get(school.mother, path)
    with journal.counting() as with_groups:
        await journal.get(school.mother, path)
    async with journal.container.database.uow.begin() as tx:
        await tx.session.execute(text("UPDATE lessons SET group_id = NULL, number = number + 5 WHERE room = '101'"))
        await tx.session.execute(text("UPDATE lessons SET group_id = NULL"))
    with journal.counting() as without:
        await journal.get(school.mother, path)
    assert len(with_groups) == len(without)


async def test_j_22_a_day_is_missed_if_all_lessons_of_the_pupil_are(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    literature = (await grouped.lessons(school.gusev))[1]["lesson_id"]
    absent = {"but": [{"pupil_id": str(school.misha), "kind": "absent"}]}
    await journal.call(school.orlova, "PUT", f"/lessons/{grouped.first_lesson}/attendance", json=absent)
    path = f"/diaries/{school.misha}/attendance"
    assert (await journal.get(school.mother, path, params=DAYS)).json()["days_missed"] == 0
    await journal.call(school.gusev, "PUT", f"/lessons/{literature}/attendance", json=absent)
    calendar = (await journal.get(school.mother, path, params=DAYS)).json()
    assert (calendar["days_missed"], calendar["days"][0]["whole_day"]) == (1, True)
    overview = (
        await journal.get(school.orlova, f"/classes/{school.class_7a}/overview", params={"date": "2026-11-23"})
    ).json()
    assert (overview["lessons"], [one["missed"] for one in overview["absent"]]) == (2, [2])


async def test_j_25_the_bag_holds_what_the_own_group_brings(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    for lesson_id, who, title in (
        (grouped.first_lesson, school.orlova, "Циркуль"),
        (grouped.second_lesson, school.gusev, "Счёты"),
    ):
        things = {"things": [{"title": title, "grams": 100}]}
        planned = await journal.call(who, "PUT", f"/lessons/{lesson_id}/backpack", json=things)
        assert planned.json()["grams"] == 100, planned.text
    bag = (await journal.get(school.mother, f"/diaries/{school.misha}/backpack", params=DAYS)).json()
    assert [[thing["title"] for thing in day["things"]] for day in bag["days"]] == [["Циркуль"]]
    week = (await journal.get(school.mother, f"/diaries/{school.misha}/weeks/{WEEK}")).json()
    assert week["backpack"]["grams"] == 100


async def give(grouped: Any, who: Any, path: str, **body: Any) -> Any:
    task = {"text": "№ 5", "minutes": 100} | body
    return await grouped.journal.call(who, "POST", path, json=task)


async def test_j_23_homework_of_a_group_is_for_its_pupils(grouped: Any, emitted: Any) -> None:
    school, journal = grouped.school, grouped.journal
    given = await give(grouped, school.orlova, f"/lessons/{grouped.first_lesson}/homework")
    assert (given.status_code, given.json()["homework"]["group_title"]) == (201, "Группа 1")
    other = await give(grouped, school.gusev, f"/lessons/{grouped.second_lesson}/homework", text="№ 6")
    # Nobody has the tasks of both groups to do: the day's load is that of one (norm of grade 7: 150 minutes).
    assert (other.json()["load"]["minutes"], other.json()["load"]["over"]) == (100, False)
    told = [event for event in await emitted(journal.container.database) if isinstance(event, HomeworkAssigned)]
    assert [event.pupil_ids for event in told] == [(school.misha,), (school.olya,)]
    seen = (await journal.get(school.mother, f"/diaries/{school.misha}/homework", params=DAYS)).json()["items"]
    assert [one["text"] for one in seen] == ["№ 5"]
    week = (await journal.get(school.mother, f"/diaries/{school.misha}/weeks/{WEEK}")).json()
    assert [task["text"] for lesson in week["days"][0]["lessons"] for task in lesson["homework"]] == ["№ 5"]
    done = f"/diaries/{school.misha}/homework/{other.json()['homework']['homework_id']}/done"
    ticked = await journal.call(school.misha_himself, "PUT", done)
    assert (ticked.status_code, ticked.json()["code"]) == (404, "homework_not_found")


async def test_j_23_a_task_for_a_day_may_be_a_groups(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    path = f"/classes/{school.class_7a}/homework"
    day = {"subject_id": str(school.maths), "due_on": "2026-11-25"}
    given = await give(grouped, school.orlova, path, **day, group_id=str(grouped.second))
    assert given.status_code == 201, given.text
    assert (await journal.get(school.mother, f"/diaries/{school.misha}/homework", params=DAYS)).json()["items"] == []
    wrong = await give(
        grouped, school.gusev, path, subject_id=str(school.literature), due_on="2026-11-25", group_id=str(grouped.first)
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "group_unknown")


async def test_j_23_files_of_another_group_are_not_open(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    given = (await give(grouped, school.gusev, f"/lessons/{grouped.second_lesson}/homework")).json()["homework"]
    path = f"/homework/{given['homework_id']}/files"
    content = {"file": ("a.txt", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
    attached = await journal.call(school.gusev, "POST", path, files=content)
    assert attached.status_code == 201, attached.text
    file = f"{path}/{attached.json()['file_id']}"
    assert (await journal.get(school.gusev, file)).status_code == 200
    assert (await journal.get(school.mother, file)).status_code == 404


async def test_j_6_the_feed_of_a_pupil_has_the_own_lessons_and_a_teachers_names_the_group(
    grouped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, journal = grouped.school, grouped.journal
    monkeypatch.setattr(journal.container.database, "clock", lambda: datetime(2026, 11, 23, 5, tzinfo=UTC))
    made = (await journal.call(school.mother, "POST", f"/diaries/{school.misha}/feeds")).json()
    events = Calendar.from_ical((await journal.client.get(made["path"])).content).events
    assert str(events[0]["UID"]).split("@")[0] == grouped.first_lesson
    assert len(events) == 2
    own = (await journal.call(school.orlova, "POST", "/feeds")).json()
    (event,) = Calendar.from_ical((await journal.client.get(own["path"])).content).events
    assert str(event["SUMMARY"]) == "Математика, 7А, Группа 1"


async def test_j_5_the_day_shows_the_own_groups_subject(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    rings = [
        {"kind": "lesson", "number": 1, "starts_at": "08:30:00", "ends_at": "09:15:00"},
        {"kind": "lesson", "number": 2, "starts_at": "09:25:00", "ends_at": "10:10:00"},
    ]
    bells = {"name": "Основное", "first_grade": 2, "last_grade": 11, "starts_on": "2026-09-01", "ends_on": "2027-05-31"}
    path = f"/schools/{school.school_id}/bell-schedules"
    assert (await journal.call(school.deputy, "POST", path, json=bells | {"rings": rings})).status_code == 201
    await journal.hears(grouped.changed(grouped.first))
    day = await journal.get(school.mother, f"/diaries/{school.misha}/daily-regime", params={"date": "2026-11-23"})
    assert [one["subject"] for one in day.json()["bells"]] == [None, "Литература"]


async def test_j_32_another_name_of_the_group_is_no_change_of_the_page(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal

    async def page() -> Any:
        async with journal.container.database.read() as session:
            pupil = await find_pupil(session, school.misha)
            assert pupil is not None
            return await week_document(session, pupil, Week.asked(WEEK))

    before = await page()
    await journal.hears(grouped.changed(grouped.first, school.misha, title="А"))
    assert (await monday_of(grouped))[0]["group"] == "А"
    assert await page() == before


async def test_j_26_a_group_is_told_something(grouped: Any, emitted: Any) -> None:
    school, journal = grouped.school, grouped.journal
    path, words = f"/classes/{school.class_7a}/announcements", {"title": "Замена", "text": "Идём в кабинет 205."}
    second = await journal.call(school.gusev, "POST", path, json=words | {"group_id": str(grouped.second)})
    assert second.status_code == 201, second.text
    assert (await journal.get(school.mother, "/announcements")).json()["items"] == []
    await journal.call(school.orlova, "POST", path, json=words | {"group_id": str(grouped.first)})
    (heard,) = (await journal.get(school.mother, "/announcements")).json()["items"]
    assert heard["title"] == "Замена"
    told = [event for event in await emitted(journal.container.database) if isinstance(event, AnnouncementPosted)]
    assert [event.pupil_ids for event in told] == [(school.olya,), (school.misha,)]
    listed = (await journal.get(school.orlova, path)).json()["items"]
    assert [one["group_title"] for one in listed] == ["Группа 1", "Группа 2"]


async def test_j_26_a_group_is_of_the_class_and_not_beside_picked_pupils(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    words = {"title": "Замена", "text": "Идём.", "group_id": str(grouped.first)}
    elsewhere = await journal.call(school.deputy, "POST", f"/classes/{school.class_7b}/announcements", json=words)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "group_unknown")
    both = words | {"pupil_ids": [str(school.misha)]}
    answer = await journal.call(school.orlova, "POST", f"/classes/{school.class_7a}/announcements", json=both)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "group_or_pupils"
