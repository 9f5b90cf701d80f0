"""J-28: the week that a family sees."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from journal.diary.answers import LessonInDiary, WeekOut
from journal.diary.page import week_document
from journal.roster.queries import find_pupil
from journal.weeks import Week
from shared.access import cut_off
from shared.contracts.delegation import DelegationActivated

WEEK = "2026-W48"
FRIDAY = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


async def week(journal: Any, who: Any, pupil_id: Any = None, **options: Any) -> Any:
    return await journal.get(who, f"/diaries/{pupil_id or journal.school.misha}/weeks/{WEEK}", **options)


async def test_a_week_has_its_days_lessons_and_marks_with_tooltips(teaching: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    mark = (await teaching.post_mark(school.orlova, lesson_id, comment="Решил у доски")).json()["mark"]
    await teaching.post_mark(school.orlova, lesson_id, pupil_id=str(school.olya), value="2")
    answer = await week(teaching, school.mother)
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert (seen["week"], seen["monday"], seen["sunday"]) == (WEEK, "2026-11-23", "2026-11-29")
    assert seen["diary"]["label"] == "Михаил, 7А"
    assert [day["date"] for day in seen["days"]] == [f"2026-11-{day}" for day in range(23, 29)]
    maths, literature = seen["days"][0]["lessons"]
    assert LessonInDiary.model_validate(maths).model_dump(mode="json") == {
        "lesson_id": str(lesson_id),
        "number": 1,
        "subject_id": str(school.maths),
        "subject": "Математика",
        "group": None,
        "starts_at": "08:30:00",
        "ends_at": "09:15:00",
        "room": "101",
        "teacher": "Орлова Марина Сергеевна",
        "topic": "Дроби",
        "substituted": False,
        "planned_teacher": None,
        "planned_room": None,
        "cancelled": False,
        "cancelled_because": None,
        # J-10: control form, time, author, comment. Nobody else's mark (J-1).
        "marks": [
            {
                "mark_id": mark["mark_id"],
                "value": "5",
                "control_form": "Ответ на уроке",
                "category": "class",
                "weight": 3,
                "author": "Орлова Марина Сергеевна",
                "posted_at": mark["posted_at"],
                "changed_at": None,
                "comment": "Решил у доски",
            }
        ],
        "point": None,
        "absence": None,
        "homework": [],
    }
    assert (literature["subject"], literature["teacher"], literature["marks"]) == ("Литература", "Гусев Лев", [])


async def test_several_marks_stand_in_one_cell_and_removed_ones_do_not(teaching: Any) -> None:
    """J-8"""
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    marks = [(await teaching.post_mark(school.orlova, lesson_id, value=v)).json()["mark"] for v in ("5", "зачёт", "2")]
    await teaching.call(school.orlova, "DELETE", f"/marks/{marks[2]['mark_id']}", params={"version": 1})
    seen = (await week(teaching, school.misha_himself)).json()
    assert [mark["value"] for mark in seen["days"][0]["lessons"][0]["marks"]] == ["5", "зачёт"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("mother", 200), ("misha_himself", 200), ("orlova", 200), ("gromov", 200), ("deputy", 200), ("gusev", 404),
     ("administrator", 404), ("stranger", 404)],
)  # fmt: skip
async def test_a_diary_opens_for_those_who_may(teaching: Any, who: str, status: int) -> None:
    """J-1; gusev teaches the class a subject, but does not lead it."""
    assert (await week(teaching, getattr(teaching.school, who))).status_code == status


async def test_an_unknown_pupil_and_an_unreadable_one_are_alike(teaching: Any) -> None:
    unreadable = await week(teaching, teaching.school.mother, teaching.school.olya)
    unknown = await week(teaching, teaching.school.mother, uuid4())
    assert unreadable.status_code == unknown.status_code == 404
    differing = {"instance"}
    assert {k: v for k, v in unreadable.json().items() if k not in differing} == {
        k: v for k, v in unknown.json().items() if k not in differing
    }


@pytest.mark.parametrize("text", ["2026-W54", "2026-48", "сейчас", "9999-W52"])
async def test_an_unknown_week_is_named(teaching: Any, text: str) -> None:
    answer = await teaching.get(teaching.school.mother, f"/diaries/{teaching.school.misha}/weeks/{text}")
    assert (answer.status_code, answer.json()["code"]) == (404, "week_unknown")


async def trust(journal: Any, *scope: str) -> None:
    school = journal.school
    now = datetime.now(UTC)
    granted = DelegationActivated(
        grant_id=uuid4(),
        pupil_id=school.misha,
        account_id=school.stranger.account_id,
        granted_by_account_id=school.mother.account_id,
        scope=scope,
        valid_from=now,
        valid_until=now + timedelta(days=1),
        edge_version=1,
    )
    await journal.hears(granted)


async def test_a_trusted_person_reads_the_granted_sections_only(teaching: Any) -> None:
    """J-1"""
    school = teaching.school
    await teaching.post_mark(school.orlova, (await teaching.lesson_ids(school.orlova))[0])
    await trust(teaching, "marks")
    (lesson,) = (await week(teaching, school.stranger)).json()["days"][0]["lessons"]
    assert [mark["value"] for mark in lesson["marks"]] == ["5"]
    assert (lesson["room"], lesson["teacher"], lesson["topic"], lesson["starts_at"]) == (None, None, None, None)


async def test_without_the_marks_section_there_are_no_marks(teaching: Any) -> None:
    school = teaching.school
    await teaching.post_mark(school.orlova, (await teaching.lesson_ids(school.orlova))[0])
    await trust(teaching, "timetable", "homework")
    lessons = (await week(teaching, school.stranger)).json()["days"][0]["lessons"]
    assert [(lesson["topic"], lesson["marks"]) for lesson in lessons] == [("Дроби", []), ("", [])]


async def test_marks_come_along_to_another_class(teaching: Any) -> None:
    school = teaching.school
    await teaching.post_mark(school.orlova, (await teaching.lesson_ids(school.orlova))[0])
    await teaching.hears(school.enrolled(school.misha, school.class_7b, "Соколов", "Михаил"))
    lessons = (await week(teaching, school.mother)).json()["days"][0]["lessons"]
    assert [(lesson["number"], lesson["subject"], len(lesson["marks"])) for lesson in lessons] == [
        (1, "Математика", 1),
        (3, "Математика", 0),
    ]


async def test_a_past_week_is_that_of_the_class_of_then(diary: Any) -> None:
    """J-28, J-22, J-23: lessons, homework and missed days of a pupil who comes to another class stay as they were."""
    school, mother = diary.school, diary.school.mother
    await diary.homework()
    await diary.miss()
    missed = {"but": [{"pupil_id": str(school.misha), "kind": "absent"}]}
    await diary.ok(school.orlova, "PUT", f"/lessons/{diary.maths}/attendance", json=missed)
    days = {"params": {"from": "2026-11-23", "to": "2026-12-06"}}
    before = [await diary.seen(mother, path) for path in (f"weeks/{WEEK}", "weeks/2026-W49")]
    homework = await diary.seen(mother, "homework", **days)
    attendance = await diary.seen(mother, "attendance", **days)
    assert (len(homework["items"]), attendance["days_missed"]) == (2, 1)
    moved = school.enrolled(school.misha, school.class_7b, "Соколов", "Михаил")
    await diary.journal.hears(moved.model_copy(update={"since": date(2026, 11, 30)}))
    after = await diary.seen(mother, f"weeks/{WEEK}")
    assert after["diary"]["class_name"] == "7Б"
    assert after["days"] == before[0]["days"]
    assert await diary.seen(mother, "homework", **days) == homework
    assert await diary.seen(mother, "attendance", **days) == attendance
    # It was put right: the pupil was in the other class all the time.
    await diary.journal.hears(moved)
    lessons = [lesson for day in (await diary.seen(mother, f"weeks/{WEEK}"))["days"] for lesson in day["lessons"]]
    assert any(lesson["lesson_id"] not in {str(diary.maths), str(diary.literature)} for lesson in lessons)


async def test_the_number_of_queries_is_flat(teaching: Any) -> None:
    """One statement asks who may, one writes the page, whatever the number of lessons and marks."""
    school = teaching.school
    await week(teaching, school.mother)  # the first look of a day is noted
    with teaching.counting() as empty:
        assert (await week(teaching, school.mother)).status_code == 200
    lines = [school.lesson(number, date=f"2026-11-{day}", room="") for day in range(24, 29) for number in range(1, 8)]
    header = school.timetable().splitlines()[0]
    assert (await teaching.import_timetable(school.gromov, "\n".join((header, *lines)))).status_code == 200
    items = (await teaching.get(school.orlova, f"/lessons?week={WEEK}")).json()["items"]
    for item in items:
        if item["class_name"] == "7А":
            assert (await teaching.post_mark(school.orlova, item["lesson_id"])).status_code == 201
    with teaching.counting() as full:
        answer = await week(teaching, school.mother)
    assert sum(len(lesson["marks"]) for day in answer.json()["days"] for lesson in day["lessons"]) == 36
    assert len(full) == len(empty) == 2, full


async def test_a_week_that_did_not_change_is_not_sent_again(teaching: Any) -> None:
    school = teaching.school
    first = await week(teaching, school.mother)
    known = {"If-None-Match": first.headers["etag"]}
    again = await week(teaching, school.mother, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    await teaching.post_mark(school.orlova, (await teaching.lesson_ids(school.orlova))[0])
    changed = await week(teaching, school.mother, headers=known)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_answers_are_personal(teaching: Any) -> None:
    assert (await week(teaching, teaching.school.mother)).headers["cache-control"] == "no-store"


async def test_a_week_shows_all_that_the_school_says(diary: Any) -> None:
    """J-28"""
    task = await diary.homework()
    await diary.ok(diary.school.misha_himself, "PUT", f"/diaries/{diary.school.misha}/homework/{task}/done")
    await diary.miss()
    await diary.point()
    await diary.pack()
    (_, second) = await diary.quarters()
    await diary.mark("4")
    await diary.attest(second, "4")
    page = await diary.seen(diary.school.mother, f"weeks/{WEEK}")
    monday = page["days"][0]
    maths, literature = monday["lessons"]
    (todo,) = maths["homework"]
    assert (todo["text"], todo["links"], todo["mandatory"], todo["minutes"]) == (
        "№ 5, 6",
        ["https://example.org/5"],
        False,
        20,
    )
    assert todo["done_at"] is not None
    assert [one["text"] for one in page["days"][2]["homework"]] == ["Читать"]
    assert literature["absence"] == {"kind": "absent", "minutes": None, "reason": "б"}
    assert (literature["point"]["kind"], literature["point"]["due_on"]) == ("debt", "2026-12-01")
    assert literature["point"]["control_form"] == "Ответ на уроке"
    # J-25: 3 800 g against the norm of grade 7; beside the week's name stands its heaviest day.
    assert monday["backpack"] == page["backpack"] == {"grams": 3800, "norm_grams": 3500, "over": True}
    assert page["days"][1]["backpack"] is None
    (set_now,) = page["period_marks"]
    assert (set_now["subject"], set_now["period"], set_now["value"]) == ("Математика", "II четверть", "4")
    # The models of the documentation are the answer's.
    assert WeekOut.model_validate(page).model_dump(mode="json").keys() == page.keys()


async def test_nothing_is_carried_to_a_cancelled_lesson(diary: Any) -> None:
    """J-25: on the week's page as in the list of what to pack."""
    await diary.pack()
    path = f"/lessons/{diary.literature}/cancellation"
    await diary.ok(diary.school.deputy, "PUT", path, json={"version": 1, "reason": "Актированный день"})
    page = await diary.seen(diary.school.mother, f"weeks/{WEEK}")
    packed = await diary.seen(diary.school.mother, "backpack?from=2026-11-23&to=2026-11-29")
    assert page["days"][0]["backpack"] == page["backpack"] == {"grams": 800, "norm_grams": 3500, "over": False}
    assert packed["days"][0]["grams"] == 800


async def test_behaviour_is_shown_from_friday_on(diary: Any) -> None:
    """J-24, J-28"""
    await diary.behave()
    await diary.trust("timetable", "marks", "homework", "attendance")
    assert (await diary.seen(diary.school.mother, f"weeks/{WEEK}"))["behaviour"] == []
    diary.at(FRIDAY)
    (note,) = (await diary.seen(diary.school.mother, f"weeks/{WEEK}"))["behaviour"]
    assert (note["subject"], note["rating"], note["note"]) == ("Математика", "good", "Помогал товарищу")
    assert (await diary.seen(diary.school.stranger, f"weeks/{WEEK}"))["behaviour"] == []


async def test_a_trusted_person_is_told_no_reason(diary: Any) -> None:
    """D-7: attendance without reasons, on the week's page and in the calendar."""
    await diary.miss("нп")
    await diary.trust("attendance")
    (lesson,) = (await diary.seen(diary.school.stranger, f"weeks/{WEEK}"))["days"][0]["lessons"]
    assert lesson["absence"] == {"kind": "absent", "minutes": None, "reason": None}
    days = {"from": "2026-11-23", "to": "2026-11-29"}
    calendar = await diary.seen(diary.school.stranger, "attendance", params=days)
    assert calendar["total"] == {"absent": 1, "late": 0, "excused": None, "unexcused": None, "unknown": None}
    assert calendar["days"][0]["lessons"][0]["reason"] is None
    assert (await diary.seen(diary.school.mother, "attendance", params=days))["total"]["unexcused"] == 1


@pytest.mark.parametrize("section", ["timetable", "marks", "homework", "attendance"])
async def test_each_section_stands_alone(diary: Any, section: str) -> None:
    """J-1: what was not granted is not there."""
    await diary.homework()
    await diary.mark("5")
    await diary.miss()
    await diary.point()
    await diary.pack()
    await diary.attest((await diary.quarters())[1], "5")
    await diary.trust(section)
    page = await diary.seen(diary.school.stranger, f"weeks/{WEEK}")
    lessons = [lesson for day in page["days"] for lesson in day["lessons"]]
    found = {
        "timetable": any(one["room"] or one["teacher"] or one["topic"] or one["starts_at"] for one in lessons)
        or page["backpack"] is not None,
        "marks": any(one["marks"] or one["point"] for one in lessons) or page["period_marks"] != [],
        "homework": any(one["homework"] for one in lessons) or any(day["homework"] for day in page["days"]),
        "attendance": any(one["absence"] for one in lessons),
    }
    assert [name for name, there in found.items() if there] == [section]


async def test_a_week_is_nobody_elses(diary: Any) -> None:
    """J-1: neither names nor marks of other pupils."""
    await diary.mark("2", pupil_id=diary.school.olya, comment="Оля не готова")
    text = (await diary.get(diary.school.mother, f"weeks/{WEEK}")).text
    assert not any(word in text for word in ("Авдеева", "Оля", str(diary.school.olya)))


async def test_the_document_of_a_week_is_the_same_for_all_and_every_time(diary: Any) -> None:
    """J-32: what is signed has no reader in it, and not what the pupil says."""
    task = await diary.homework()
    await diary.mark("5")
    await diary.miss("б")
    await diary.behave()

    async def document() -> dict[str, Any]:
        async with diary.journal.container.database.read() as session:
            pupil = await find_pupil(session, diary.school.misha)
            assert pupil is not None
            return await week_document(session, pupil, Week.parse(WEEK))

    first = await document()
    assert first.keys() == {"week", "pupil", "backpack", "days", "behaviour", "period_marks"}
    await diary.ok(diary.school.misha_himself, "PUT", f"/diaries/{diary.school.misha}/homework/{task}/done")
    await diary.miss("у")  # reasons are P3, and a signed page is given on
    assert await document() == first
    await diary.mark("4")
    assert await document() != first


async def test_an_ended_session_reads_nothing(diary: Any) -> None:
    """I-9: the page's own first statement asks; also of somebody who may read nothing."""
    for who, before in ((diary.school.mother, 200), (diary.school.stranger, 404)):
        assert (await diary.get(who, f"weeks/{WEEK}")).status_code == before
        async with diary.journal.container.database.uow.begin() as tx:
            await cut_off(tx.session, who.account_id, datetime.now(UTC) + timedelta(minutes=1))
        answer = await diary.get(who, f"weeks/{WEEK}")
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
