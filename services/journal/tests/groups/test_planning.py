"""J-4: lessons of groups are planned, and clash only where somebody would be in two of them at once."""

from datetime import date
from typing import Any

import pytest

from shared.contracts.identity import ClassGroupEnded
from shared.ops.ids import new_id

FIRST = {"group": "grp-1"}
SECOND = {"group": "grp-2", "teacher_source_id": "t-gusev", "room": "102"}


async def mistakes(answer: Any) -> list[tuple[int | None, str | None, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["line"], one["column"], one["code"]) for one in answer.json()["errors"]]


async def test_j_4_two_groups_learn_at_the_same_time(grouped: Any) -> None:
    school = grouped.school
    lesson = (await grouped.lessons(school.orlova))[0]
    assert (lesson["group_id"], lesson["group_title"], lesson["class_name"]) == (str(grouped.first), "Группа 1", "7А")
    assert [one["group_title"] for one in await grouped.lessons(school.gusev)] == ["Группа 2", None]
    again = await grouped.plan(grouped.line(1, **FIRST), grouped.line(1, **SECOND))
    assert again.json() == {"added": 0, "changed": 0, "unchanged": 2}


async def test_j_4_a_file_without_the_column_plans_whole_classes(grouped: Any) -> None:
    text = grouped.school.timetable().replace("2026-11-23", "2026-11-24")
    assert (await grouped.journal.import_timetable(grouped.school.administrator, text)).status_code == 200


@pytest.mark.parametrize(
    ("number", "changes", "column", "code"),
    [
        (
            3,
            {"starts_at": "08:40", "ends_at": "09:00", "class_source_id": "cls-7b", **SECOND, "group": ""},
            "teacher_source_id",
            "teacher_twice",
        ),
        # The whole class beside one of its groups, and one group beside the whole class.
        (3, {"starts_at": "08:40", "ends_at": "09:00", "room": "103"}, "class_source_id", "class_twice"),
        (3, {"starts_at": "09:30", "ends_at": "10:00", "room": "103", **FIRST}, "class_source_id", "class_twice"),
        (3, {"starts_at": "08:40", "ends_at": "09:00", "room": "103", **FIRST}, "group_source_id", "group_twice"),
        (3, {"starts_at": "08:40", "ends_at": "09:00", **SECOND}, "group_source_id", "group_twice"),
    ],
)
async def test_j_4_clashes_are_named(
    grouped: Any, number: int, changes: dict[str, str], column: str, code: str
) -> None:
    answer = await grouped.plan(grouped.line(number, **changes))
    assert (2, column, code) in await mistakes(answer)


async def test_j_4_groups_that_share_a_pupil_clash_and_the_answer_says_so(grouped: Any) -> None:
    school = grouped.school
    await grouped.journal.hears(grouped.changed(grouped.second, school.olya, school.misha))
    tuesday = {"date": "2026-11-24"}
    answer = await grouped.plan(grouped.line(1, **FIRST, **tuesday), grouped.line(1, **SECOND, **tuesday))
    (error,) = answer.json()["errors"]
    assert (error["line"], error["code"], error["column"]) == (3, "groups_share_pupils", "group_source_id")
    assert error["message"] == (
        "В двух группах одни и те же ученики, а уроки идут в одно время: 7А (Группа 1), № 1, 08:30–09:15"
    )
    english = await grouped.plan(grouped.line(3, starts_at="08:40", room="103"), language="en")
    messages = [one["message"] for one in english.json()["errors"]]
    assert "The class is at another lesson: 7А (Группа 1), № 1, 08:30–09:15" in messages


async def test_j_4_a_file_names_groups_of_its_class_and_subject(grouped: Any) -> None:
    literature = {"subject_source_id": "crs-lit", "teacher_source_id": "t-gusev"}
    answer = await grouped.plan(
        grouped.line(4, group="nobody"),
        grouped.line(5, **FIRST, class_source_id="cls-1a"),
        grouped.line(6, **FIRST, **literature),
    )
    assert await mistakes(answer) == [
        (2, "group_source_id", "unknown_group"),
        (3, "group_source_id", "group_of_another_class"),
        (4, "group_source_id", "group_of_another_subject"),
    ]


async def test_j_4_nothing_is_planned_for_a_group_that_has_ended(grouped: Any) -> None:
    school = grouped.school
    ended = ClassGroupEnded(
        school_id=school.school_id, group_id=grouped.second, class_id=school.class_7a, ended_on=date(2026, 11, 20)
    )
    await grouped.journal.hears(ended)
    answer = await grouped.plan(grouped.line(4, **SECOND))
    assert await mistakes(answer) == [(2, "group_source_id", "unknown_group")]
    groups = (await grouped.journal.get(school.deputy, f"/classes/{school.class_7a}/groups")).json()["items"]
    assert [(one["title"], one["ended"], one["pupil_ids"]) for one in groups] == [
        ("Группа 1", False, [str(school.misha)]),
        ("Группа 2", True, [str(school.olya)]),
    ]
    await grouped.journal.hears(grouped.changed(grouped.second, school.olya))
    assert (await grouped.plan(grouped.line(4, **SECOND))).status_code == 200


async def test_j_4_a_substitution_of_a_groups_lesson_concerns_its_pupils(grouped: Any, emitted: Any) -> None:
    school = grouped.school
    lesson = (await grouped.lessons(school.orlova))[0]
    path = f"/lessons/{lesson['lesson_id']}/substitution"
    body = {"version": lesson["version"], "teacher_id": str(school.gusev.person_id)}
    taken = await grouped.journal.call(school.deputy, "PUT", path, json=body)
    assert [one["code"] for one in taken.json()["errors"]] == ["teacher_twice"], "Гусев has the second group"
    body = {"version": lesson["version"], "room": "205"}
    answer = await grouped.journal.call(school.deputy, "PUT", path, json=body)
    assert (answer.status_code, answer.json()["group_title"]) == (200, "Группа 1")
    (told,) = await emitted(grouped.journal.container.database)
    assert told.pupil_ids == (school.misha,)


def weekly(grouped: Any, **changes: Any) -> dict[str, Any]:
    school = grouped.school
    first = {"weekday": 2, "number": 1, "subject_id": str(school.maths), "group_id": str(grouped.first)}
    second = first | {"group_id": str(grouped.second)} | changes
    return {
        "starts_on": "2026-11-23",
        "ends_on": "2026-11-29",
        "lessons": [
            first | {"teacher_id": str(school.orlova.person_id), "room": "101"},
            {"teacher_id": str(school.gusev.person_id), "room": "102"} | second,
        ],
    }


async def test_j_4_a_weekly_timetable_has_lessons_of_groups(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    rings = [{"kind": "lesson", "number": 1, "starts_at": "08:30:00", "ends_at": "09:15:00"}]
    bells = {"name": "Основное", "first_grade": 2, "last_grade": 11, "starts_on": "2026-09-01", "ends_on": "2027-05-31"}
    schools = f"/schools/{school.school_id}"
    answer = await journal.call(school.deputy, "POST", f"{schools}/bell-schedules", json=bells | {"rings": rings})
    assert answer.status_code == 201, answer.text
    weeks = f"/classes/{school.class_7a}/weekly-timetables"
    made = await journal.call(school.deputy, "POST", weeks, json=weekly(grouped))
    assert made.status_code == 201, made.text
    assert [one["group_id"] for one in made.json()["lessons"]] == [str(grouped.first), str(grouped.second)]
    assert (await journal.get(school.deputy, weeks)).json()["items"] == [made.json()]
    days = {"from": "2026-11-24", "to": "2026-11-24"}
    generated = await journal.call(school.deputy, "POST", f"{schools}/lessons/generate", json=days)
    assert generated.json() == {"added": 2, "changed": 0, "removed": 0, "unchanged": 0, "kept": 0}
    again = await journal.call(school.deputy, "POST", f"{schools}/lessons/generate", json=days)
    assert again.json()["unchanged"] == 2
    (lesson,) = await grouped.lessons(school.gusev, date="2026-11-24")
    assert (lesson["group_title"], lesson["room"]) == ("Группа 2", "102")


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"group_id": None}, [("body.lessons[1].number", "place_twice")]),
        ({"group_id": str(new_id())}, [("body.lessons[1].group_id", "group_unknown")]),
        ({"subject_id": "literature"}, [("body.lessons[1].group_id", "group_of_another_subject")]),
        ({"teacher_id": "orlova"}, [("body.lessons[1].teacher_id", "teacher_twice")]),
    ],
)
async def test_j_4_a_weekly_timetable_says_what_is_wrong_with_its_groups(
    grouped: Any, changes: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    school = grouped.school
    named = {"literature": str(school.literature), "orlova": str(school.orlova.person_id)}
    body = weekly(grouped, **{key: named.get(value, value) for key, value in changes.items()})
    answer = await grouped.journal.call(
        school.deputy, "POST", f"/classes/{school.class_7a}/weekly-timetables", json=body
    )
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == faults


async def test_j_4_a_weekly_timetable_keeps_groups_apart_that_share_a_pupil(grouped: Any) -> None:
    school = grouped.school
    await grouped.journal.hears(grouped.changed(grouped.second, school.olya, school.misha))
    answer = await grouped.journal.call(
        school.deputy, "POST", f"/classes/{school.class_7a}/weekly-timetables", json=weekly(grouped)
    )
    assert [one["code"] for one in answer.json()["errors"]] == ["groups_share_pupils"]


async def test_j_7_each_group_goes_through_the_thematic_plan_by_itself(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    tuesday = {"date": "2026-11-24"}
    await grouped.plan(grouped.line(1, **FIRST, **tuesday), grouped.line(1, **SECOND, **tuesday))
    body = {"version": 0, "topics": [{"title": "Дроби", "hours": 1}, {"title": "Углы", "hours": 1}]}
    path = f"/classes/{school.class_7a}/thematic-plan?subject={school.maths}"
    answer = await journal.call(school.deputy, "PUT", path, json=body)
    assert answer.status_code == 200, answer.text
    applied = await journal.call(school.deputy, "POST", path.replace("thematic-plan", "thematic-plan/apply"))
    assert applied.status_code == 200, applied.text
    for who in (school.orlova, school.gusev):
        lessons = [(await grouped.lessons(who, date=f"2026-11-{day}"))[0]["topic"] for day in (23, 24)]
        assert lessons == ["Дроби", "Углы"]
