"""What else a year leaves behind: notices, lateness, points, period marks, homework, behaviour, substitutions …"""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from journal.history.desk import Brought

MISHA, OLYA, PETYA = "Соколов Михаил Дмитриевич", "Авдеева Ольга Дмитриевич", "Петров Пётр Дмитриевич"
MATHS = {"date": "2026-11-23", "lesson_number": "1", "class_source_id": "cls-7a", "subject_source_id": "crs-math"}
LITERATURE = MATHS | {"lesson_number": "2", "subject_source_id": "crs-lit"}
OF_7B = MATHS | {"lesson_number": "3", "class_source_id": "cls-7b"}
OF_1A = MATHS | {"lesson_number": "4", "class_source_id": "cls-1a"}
SUBSTITUTE = {"author_source_id": "t-gusev", "teacher_source_id": "t-gusev", "room": "", "cancelled_because": ""}
WORK = {"control_form": "Контрольная работа"}


def of(place: dict[str, str], pupil: str = MISHA, **cells: str) -> dict[str, str]:
    return place | {"pupil": pupil} | cells


def mark(value: str, place: dict[str, str] = MATHS, pupil: str = MISHA, **cells: str) -> dict[str, str]:
    return of(place, pupil, value=value, **(WORK | cells))


NOTICE = {"class_source_id": "cls-7a", "pupil": MISHA, "first_day": "2026-11-20", "last_day": "2026-11-23"} | {
    "reason": "б",
    "comment": "Простудился",
}


async def rows_of(journal: Any, query: str) -> list[tuple[Any, ...]]:
    async with journal.container.database.read() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def week_of_misha(journal: Any) -> Any:
    answer = await journal.get(journal.school.mother, f"/diaries/{journal.school.misha}/weeks/2026-W48")
    return answer.json()


async def test_an_absence_takes_its_reason_from_the_notice_of_the_family(monday: Any, bring: Any) -> None:
    """J-21: the notice covers «н» with its reason; whose account gave it, no file knows."""
    assert await bring(NOTICE) == Brought(1, 0)
    assert await bring(NOTICE) == Brought(0, 1)
    assert await bring(of(MATHS, value="н"), of(MATHS, OLYA, value="н")) == Brought(2, 0)
    found = await rows_of(monday, "SELECT reason, notice_id IS NOT NULL FROM absences ORDER BY reason")
    assert found == [("б", True), (None, False)]
    assert await rows_of(monday, "SELECT given_by FROM absence_notices") == [(None,)]
    school = monday.school
    params = {"from": "2026-11-01", "to": "2026-11-30"}
    calendar = (await monday.get(school.mother, f"/diaries/{school.misha}/attendance", params=params)).json()
    assert [one["comment"] for one in calendar["notices"]] == ["Простудился"]


async def test_late_is_late_and_may_have_a_mark_beside_it(monday: Any, bring: Any, refusals: Any) -> None:
    """J-20, J-13: only «н» excludes a mark."""
    late = of(MATHS, value="оп", minutes="7")
    assert await bring(late, mark("4")) == Brought(2, 0)
    assert await bring(late) == Brought(0, 1)
    assert await rows_of(monday, "SELECT kind, minutes, reason FROM absences") == [("late", 7, None)]
    lesson = (await week_of_misha(monday))["days"][0]["lessons"][0]
    assert lesson["absence"]["kind"] == "late"
    assert await refusals(mark("4", minutes="5"), of(MATHS, OLYA, value="оп", minutes="121")) == [
        (2, "minutes", "minutes_without_late"),
        (3, "minutes", "bad_number"),
    ]


async def test_a_point_ends_by_the_rules_and_not_by_the_file(monday: Any, bring: Any, emitted: Any) -> None:
    """J-15: settled by the mark that came after it, vanished after its due date, open until then."""
    point = {"kind": "долг", **WORK, "due_on": "2026-11-30"}
    await bring(mark("2"), mark("3", LITERATURE), mark("4", LITERATURE, reason="Пересдал", control_form="Диктант"))
    points = (
        of(MATHS, **point, set_on="2026-11-20"),  # before the mark: settled by it
        of(MATHS, OLYA, **point, comment="Сдать тетрадь"),
        of(OF_7B, PETYA, kind="retake", **WORK, set_on="2026-11-10", due_on="2026-11-20"),
    )
    assert await bring(*points) == Brought(3, 0)
    assert await bring(*points) == Brought(0, 3)
    ended = "SELECT state, settled_by_mark IS NOT NULL, ended_at IS NOT NULL, version FROM points ORDER BY state"
    assert await rows_of(monday, ended) == [
        ("open", False, False, 1),
        ("settled", True, True, 2),
        ("vanished", False, True, 2),
    ]
    history = "SELECT operation, reason FROM point_history ORDER BY operation"
    assert await rows_of(monday, history) == [("settled", None), ("vanished", "due_date")]
    assert await emitted(monday.container.database) == []


async def test_wrong_points_are_named(refusals: Any) -> None:
    point = {"kind": "debt", **WORK, "due_on": "2026-11-30"}
    assert await refusals(
        of(MATHS, **(point | {"kind": "штраф"})),
        of(MATHS, **(point | {"due_on": "2026-11-22"})),
        of(OF_1A, "Иванов Иван Дмитриевич", **point),
        of(MATHS, OLYA, **point),
        of(MATHS, OLYA, **point),
    ) == [
        (2, "kind", "unknown_word"),
        (3, "due_on", "due_before_set"),
        (4, "kind", "no_marks_in_grade_1"),
        (6, "pupil", "row_repeated"),
    ]


PERIOD_MARK = {"class_source_id": "cls-7a", "subject_source_id": "crs-math", "pupil": MISHA, "period": "1"} | {
    "value": "4",
    "reason": "",
    "author_source_id": "t-orlova",
}


@pytest.fixture
async def quarter(monday: Any) -> str:
    """One that lasts until Monday."""
    plan = {"kind": "quarter", "first_grade": 1, "last_grade": 11, "number": 1, "title": "I четверть"}
    periods = {"periods": [plan | {"starts_on": "2026-09-01", "ends_on": "2026-11-23"}]}
    path = f"/schools/{monday.school.school_id}/periods"
    put = await monday.call(monday.school.gromov, "PUT", path, json=periods)
    assert put.status_code == 200, put.text
    return str(put.json()["items"][0]["period_id"])


async def test_period_marks_stand_beside_what_was_proposed(monday: Any, bring: Any, quarter: str, emitted: Any) -> None:
    """J-17, J-18: as proposed, or with a reason; the year's is held against those of its periods."""
    await bring(mark("4"), mark("4"), mark("5"), mark("3", pupil=OLYA))
    files = (
        PERIOD_MARK,
        PERIOD_MARK | {"pupil": OLYA, "value": "н/а", "reason": "Отметок мало"},
        PERIOD_MARK | {"period": ""},
    )
    assert await bring(*files) == Brought(3, 0)
    assert await bring(*files) == Brought(0, 3)
    school = monday.school
    params = {"subject": str(school.maths), "period": quarter}
    page = (await monday.get(school.orlova, f"/classes/{school.class_7a}/attestation", params=params)).json()
    told = {line["pupil_id"]: line["mark"] for line in page["items"]}
    assert {key: told[str(school.misha)][key] for key in ("value", "by_average", "by_priority")} == {
        "value": "4",
        "by_average": 4,
        "by_priority": 4,
    }
    assert told[str(school.olya)]["value"] == "н/а"
    assert await emitted(monday.container.database) == []


async def test_period_marks_that_could_not_be_set_by_hand_are_named(bring: Any, refusals: Any, quarter: str) -> None:
    """J-17: a mark against both proposals, or of too few marks, needs a reason in a file too."""
    assert quarter
    await bring(mark("4"), mark("4"), mark("5"), mark("3", pupil=OLYA))
    assert await refusals(
        PERIOD_MARK | {"value": "5"},
        PERIOD_MARK | {"pupil": OLYA, "value": "3"},
        PERIOD_MARK | {"class_source_id": "cls-1a", "pupil": "Иванов Иван Дмитриевич"},
        PERIOD_MARK | {"period": "2"},
        PERIOD_MARK | {"author_source_id": "t-nobody"},
        PERIOD_MARK | {"value": "1"},
    ) == [
        (4, "value", "no_marks_in_grade_1"),
        (5, "period", "unknown_period"),
        (6, "author_source_id", "unknown_person"),
        (7, "value", "unknown_word"),
    ]
    assert await refusals(PERIOD_MARK | {"value": "5"}, PERIOD_MARK | {"pupil": OLYA, "value": "3"}) == [
        (2, "reason", "reason_to_differ"),
        (3, "reason", "too_few_marks"),
    ]
    await bring(PERIOD_MARK)
    assert await refusals(PERIOD_MARK | {"value": "5", "reason": "Ошибка"}) == [(2, "value", "stands_otherwise")]


async def test_files_of_a_closed_period_may_come_again_but_nothing_new(
    monday: Any, bring: Any, refusals: Any, quarter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J-19: a closed period stays as it is; a command that broke off afterwards can be given again."""
    files = (
        (mark("4"), mark("4"), mark("5"), of(LITERATURE, value="н")),
        (MATHS,),
        (of(MATHS, OLYA, kind="debt", **WORK, due_on="2026-11-23"),),
        (PERIOD_MARK,),
        (LITERATURE | SUBSTITUTE | {"teacher_source_id": "", "room": "303"},),
    )
    for file in files:
        assert (await bring(*file)).unchanged == 0
    later = datetime(2026, 11, 24, 9, tzinfo=UTC)
    monkeypatch.setattr(monday.container.database.uow, "_clock", lambda: later)
    closed = await monday.call(monday.school.gromov, "POST", f"/periods/{quarter}/close", json={"version": 1})
    assert closed.status_code == 200, closed.text
    for file in files:
        assert await bring(*file) == Brought(0, len(file))
    assert await refusals(mark("3")) == [(2, "date", "period_closed")]
    assert await refusals(LITERATURE) == [(2, "date", "period_closed")]
    assert await refusals(of(MATHS, kind="debt", **WORK, due_on="2026-11-24")) == [(2, "date", "period_closed")]
    assert await refusals(PERIOD_MARK | {"pupil": OLYA, "value": "осв"}) == [(2, "period", "period_closed")]
    assert await refusals(MATHS | SUBSTITUTE) == [(2, "date", "period_closed")]


async def test_homework_may_be_for_a_lesson_to_come(monday: Any, bring: Any, refusals: Any) -> None:
    """J-23"""
    task = MATHS | {"text": "§ 14, № 321", "assigned_on": "2026-11-20", "minutes": "20", "link": "https://a.example/1"}
    assert await bring(task) == Brought(1, 0)
    assert await bring(task, task | {"text": "Повторить", "mandatory": "нет", "link": ""}) == Brought(1, 1)
    lesson = (await week_of_misha(monday))["days"][0]["lessons"][0]
    assert sorted(one["text"] for one in lesson["homework"]) == ["§ 14, № 321", "Повторить"]
    assert await refusals(
        task | {"assigned_on": "2026-11-24"},
        task | {"link": "javascript:alert(1)"},
        task | {"minutes": "0"},
    ) == [(2, "assigned_on", "assigned_after_lesson"), (3, "link", "bad_link"), (4, "minutes", "bad_number")]


async def test_a_week_of_behaviour_is_the_class_teachers_or_of_a_subject(bring: Any, refusals: Any) -> None:
    """J-24"""
    note = {"class_source_id": "cls-7a", "pupil": MISHA, "week": "2026-W47", "subject_source_id": ""} | {
        "rating": "хорошее",
        "note": "Помогал товарищам",
        "author_source_id": "t-orlova",
    }
    of_subject = note | {"subject_source_id": "crs-lit", "author_source_id": "t-gusev"}
    assert await bring(note, of_subject) == Brought(2, 0)
    assert await bring(note) == Brought(0, 1)
    assert await refusals(note | {"rating": "poor"}) == [(2, "rating", "stands_otherwise")]
    assert await refusals(
        note | {"week": "2026-W54"}, note | {"week": "2026-W49"}, note | {"week": "2026-W30"}, note | {"rating": "5"}
    ) == [
        (2, "week", "bad_week"),
        (3, "week", "day_to_come"),
        (4, "week", "outside_year"),
        (5, "rating", "unknown_word"),
    ]


async def test_registers_taken_make_lessons_complete(monday: Any, bring: Any) -> None:
    """J-20, J-33: nobody absent is a finding too."""
    assert await bring(MATHS, LITERATURE) == Brought(2, 0)
    assert await bring(MATHS, LITERATURE, OF_7B) == Brought(1, 2)
    school = monday.school
    params = {"from": "2026-11-23", "to": "2026-11-23"}
    report = await monday.get(school.gromov, f"/schools/{school.school_id}/reports/completeness", params=params)
    assert report.json()["total"]["without_attendance"] == 1  # of 1А


async def test_substitutions_and_cancelled_lessons(monday: Any, bring: Any, emitted: Any) -> None:
    """J-4: who was planned stays written down; marks are then those of the substitute."""
    files = (
        MATHS | SUBSTITUTE,
        OF_7B | SUBSTITUTE | {"teacher_source_id": "", "cancelled_because": "Карантин"},
    )
    assert await bring(*files) == Brought(2, 0)
    assert await bring(*files) == Brought(0, 2)
    await bring(mark("5"))
    lesson = (await week_of_misha(monday))["days"][0]["lessons"][0]
    assert "Гусев" in lesson["teacher"]
    assert "Орлова" in lesson["planned_teacher"]
    assert "Гусев" in lesson["marks"][0]["author"]
    changes = "SELECT operation, version, reason FROM lesson_changes ORDER BY operation"
    assert await rows_of(monday, changes) == [("cancelled", 2, "Карантин"), ("substituted", 2, None)]
    assert await emitted(monday.container.database) == []


async def test_substitutions_that_could_not_be_are_named(bring: Any, refusals: Any) -> None:
    await bring(mark("4", OF_7B, PETYA))
    nobody = {"teacher_source_id": ""}
    assert await refusals(
        MATHS | SUBSTITUTE | nobody,
        LITERATURE | SUBSTITUTE | {"teacher_source_id": "t-orlova", "cancelled_because": "Карантин"},
        LITERATURE | SUBSTITUTE | {"teacher_source_id": "t-nobody"},
    ) == [
        (2, "cancelled_because", "substituted_or_cancelled"),
        (3, "cancelled_because", "substituted_or_cancelled"),
        (4, "teacher_source_id", "unknown_person"),
    ]
    assert await refusals(LITERATURE | SUBSTITUTE) == [(2, "teacher_source_id", "as_planned")]
    assert await refusals(OF_7B | SUBSTITUTE | nobody | {"cancelled_because": "Карантин"}) == [
        (2, "cancelled_because", "lesson_has_entries")
    ]
    await bring(MATHS | SUBSTITUTE)
    assert await refusals(MATHS | SUBSTITUTE | nobody | {"room": "303"}) == [(2, "lesson_number", "stands_otherwise")]


async def test_a_substitute_who_is_elsewhere_is_named(monday: Any, refusals: Any) -> None:
    school = monday.school
    beside = school.lesson(1, class_source_id="cls-7b", teacher_source_id="t-gusev", room="102")
    header = school.timetable().splitlines()[0]
    answer = await monday.import_timetable(school.administrator, f"{header}\n{beside}")
    assert answer.status_code == 200, answer.text
    assert await refusals(MATHS | SUBSTITUTE) == [(2, "teacher_source_id", "teacher_twice")]


async def test_what_to_bring_weighs_what_the_file_says(monday: Any, bring: Any, refusals: Any) -> None:
    """J-25"""
    book, notebook = MATHS | {"title": "Учебник", "grams": "400"}, MATHS | {"title": "Тетрадь", "grams": "50"}
    assert await bring(book, notebook) == Brought(2, 0)
    assert await bring(book, notebook) == Brought(0, 2)
    school = monday.school
    params = {"from": "2026-11-23", "to": "2026-11-23"}
    bags = (await monday.get(school.mother, f"/diaries/{school.misha}/backpack", params=params)).json()
    assert [thing["title"] for thing in bags["days"][0]["things"]] == ["Учебник", "Тетрадь"]
    assert bags["days"][0]["grams"] == 450
    assert await refusals(book) == [(2, "title", "stands_otherwise")]
    assert await refusals(book | {"grams": "10001"}) == [(2, "grams", "bad_number")]
