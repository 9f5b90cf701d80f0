"""J-23: given by the teacher, seen by the family, ticked off by the pupil."""

from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.identity import PupilEnrolled
from shared.contracts.journal import HomeworkAssigned, HomeworkWithdrawn

DAYS = {"from": "2026-11-23", "to": "2026-11-29"}
TASK = {"text": "Упражнение 5, устно", "minutes": 20, "links": ["https://example.org/5"]}


async def give(teaching: Any, **changes: Any) -> dict[str, Any]:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    path = f"/lessons/{lesson_id}/homework"
    answer = await teaching.call(teaching.school.orlova, "POST", path, json=TASK | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def diary(teaching: Any, who: Any, **params: Any) -> list[dict[str, Any]]:
    path = f"/diaries/{teaching.school.misha}/homework"
    answer = await teaching.get(who, path, params=DAYS | params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_the_family_sees_what_was_given_for_a_lesson(teaching: Any, emitted: Any) -> None:
    given = (await give(teaching))["homework"]
    (seen,) = await diary(teaching, teaching.school.mother)
    assert (seen["text"], seen["due_on"], seen["subject"], seen["minutes"]) == (
        "Упражнение 5, устно",
        "2026-11-23",
        "Математика",
        20,
    )
    assert seen["links"] == ["https://example.org/5"]
    assert seen["author"] == "Орлова Марина Сергеевна"
    assert seen["edited_at"] == given["assigned_at"]
    assert seen["done_at"] is None
    (told,) = await emitted(teaching.container.database)
    assert isinstance(told, HomeworkAssigned)
    assert (told.class_id, told.text, told.homework_version) == (teaching.school.class_7a, seen["text"], 1)


async def test_it_is_given_for_a_day_without_a_lesson(teaching: Any) -> None:
    school = teaching.school
    body = TASK | {"subject_id": str(school.maths), "due_on": "2026-11-25", "kind": "self_study", "mandatory": False}
    answer = await teaching.call(school.orlova, "POST", f"/classes/{school.class_7a}/homework", json=body)
    assert answer.status_code == 201, answer.text
    (seen,) = await diary(teaching, school.misha_himself)
    assert (seen["due_on"], seen["lesson_id"], seen["kind"], seen["mandatory"]) == (
        "2026-11-25",
        None,
        "self_study",
        False,
    )


async def test_filters(teaching: Any) -> None:
    """J-23: subject, period, mandatory or voluntary."""
    await give(teaching, text="обязательное")
    await give(teaching, text="по желанию", mandatory=False)
    await give(teaching, text="самому", kind="self_study")
    mother, school = teaching.school.mother, teaching.school

    async def texts(**params: Any) -> set[str]:
        return {item["text"] for item in await diary(teaching, mother, **params)}

    assert await texts(mandatory=True) == {"обязательное", "самому"}
    assert await texts(mandatory=False) == {"по желанию"}
    assert await texts(kind="self_study") == {"самому"}
    assert len(await texts(subject=str(school.maths))) == 3
    assert not await texts(subject=str(school.literature))
    assert not await texts(**{"from": "2026-11-24"})


async def test_an_edit_shows_when_and_a_stale_one_is_refused(teaching: Any, emitted: Any) -> None:
    """J-23: each shows when it was last edited."""
    given = (await give(teaching))["homework"]
    path = f"/homework/{given['homework_id']}"
    edited = await teaching.call(
        teaching.school.orlova, "PATCH", path, json={"version": 1, "text": "Упражнение 6", "minutes": None}
    )
    assert edited.status_code == 200, edited.text
    (seen,) = await diary(teaching, teaching.school.mother)
    assert (seen["text"], seen["minutes"], seen["version"]) == ("Упражнение 6", None, 2)
    assert seen["edited_at"] > given["edited_at"]
    assert seen["assigned_at"] == given["assigned_at"]
    stale = await teaching.call(teaching.school.orlova, "PATCH", path, json={"version": 1, "text": "Упражнение 7"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert [event.homework_version for event in await emitted(teaching.container.database)] == [1, 2]


async def test_what_is_taken_back_is_gone(teaching: Any, emitted: Any) -> None:
    given = (await give(teaching))["homework"]
    path = f"/homework/{given['homework_id']}"
    stale = await teaching.call(teaching.school.orlova, "DELETE", path, params={"version": 2})
    assert stale.status_code == 409
    answer = await teaching.call(teaching.school.orlova, "DELETE", path, params={"version": 1})
    assert answer.status_code == 204
    assert not await diary(teaching, teaching.school.mother)
    again = await teaching.call(teaching.school.orlova, "DELETE", path, params={"version": 2})
    assert (again.status_code, again.json()["code"]) == (404, "homework_not_found")
    assert isinstance((await emitted(teaching.container.database))[-1], HomeworkWithdrawn)


async def test_the_pupil_ticks_it_off_and_nobody_else(teaching: Any) -> None:
    """J-1, J-23."""
    given = (await give(teaching))["homework"]
    school = teaching.school
    path = f"/diaries/{school.misha}/homework/{given['homework_id']}/done"
    for _ in range(2):
        assert (await teaching.call(school.misha_himself, "PUT", path)).status_code == 204
    (seen,) = await diary(teaching, school.mother)
    assert seen["done_at"] is not None
    of_class = await teaching.get(school.orlova, f"/classes/{school.class_7a}/homework", params=DAYS)
    assert [item["done"] for item in of_class.json()["items"]] == [1]
    refused = await teaching.call(school.mother, "PUT", path)
    assert (refused.status_code, refused.json()["code"]) == (403, "pupils_own")
    assert (await teaching.call(school.orlova, "PUT", path)).status_code == 403
    assert (await teaching.call(school.stranger, "PUT", path)).status_code == 404
    assert (await teaching.call(school.misha_himself, "DELETE", path)).status_code == 204
    (seen,) = await diary(teaching, school.mother)
    assert seen["done_at"] is None


async def test_the_load_of_a_day_is_held_to_the_norm(teaching: Any) -> None:
    """J-23: grade 7 has 2.5 hours; voluntary tasks do not count."""
    assert (await give(teaching, minutes=100))["load"] == {
        "minutes": 100,
        "norm_minutes": 150,
        "unestimated": 0,
        "over": False,
    }
    await give(teaching, minutes=500, mandatory=False)
    await give(teaching, minutes=None)
    assert (await give(teaching, minutes=51))["load"] == {
        "minutes": 151,
        "norm_minutes": 150,
        "unestimated": 1,
        "over": True,
    }
    of_class = await teaching.get(
        teaching.school.gusev,
        f"/classes/{teaching.school.class_7a}/homework",
        params=DAYS | {"subject": str(teaching.school.literature)},
    )
    assert of_class.json()["items"] == []
    assert [(day["date"], day["minutes"], day["over"]) for day in of_class.json()["loads"]] == [
        ("2026-11-23", 151, True)
    ]


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("gusev", 403, "not_your_lesson"),
        ("gromov", 403, "not_your_lesson"),
        ("administrator", 404, "lesson_not_found"),
        ("mother", 404, "lesson_not_found"),
        ("misha_himself", 404, "lesson_not_found"),
        ("stranger", 404, "lesson_not_found"),
    ],
)
async def test_only_the_subject_teacher_gives_it(teaching: Any, who: str, status: int, code: str) -> None:
    """J-1: own classes × own subjects."""
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    answer = await teaching.call(getattr(teaching.school, who), "POST", f"/lessons/{lesson_id}/homework", json=TASK)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_another_teachers_homework_stays(teaching: Any) -> None:
    """J-1."""
    given = (await give(teaching))["homework"]
    path = f"/homework/{given['homework_id']}"
    other = await teaching.call(teaching.school.gusev, "PATCH", path, json={"version": 1, "text": "Моё"})
    assert (other.status_code, other.json()["code"]) == (403, "not_your_lesson")
    nobody = await teaching.call(teaching.school.mother, "DELETE", path, params={"version": 1})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "homework_not_found")


async def test_the_diary_shows_the_own_class_only(teaching: Any) -> None:
    await give(teaching)
    school = teaching.school
    other = await teaching.get(school.mother, f"/diaries/{school.petya}/homework", params=DAYS)
    assert other.status_code == 404
    moved = school.enrolled(school.misha, school.class_7b, "Соколов", "Михаил")
    assert isinstance(moved, PupilEnrolled)
    await teaching.hears(moved)
    assert not await diary(teaching, school.mother)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "я" * 4001}, "text"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": "20"}, "minutes"),
        ({"links": ["javascript:alert(1)"]}, "links[0]"),
        ({"links": ["https://example.org"] * 11}, "links"),
        ({"kind": "exam"}, "kind"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_bad_input_is_named(teaching: Any, emitted: Any, changes: dict[str, Any], field: str) -> None:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    answer = await teaching.call(teaching.school.orlova, "POST", f"/lessons/{lesson_id}/homework", json=TASK | changes)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [f"body.{field}"]
    assert not await emitted(teaching.container.database)


async def test_a_day_outside_the_school_year_is_refused(teaching: Any, emitted: Any) -> None:
    """J-4."""
    school = teaching.school
    for day in ("2026-08-31", "2027-06-01"):
        body = TASK | {"subject_id": str(school.maths), "due_on": day}
        answer = await teaching.call(school.orlova, "POST", f"/classes/{school.class_7a}/homework", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "date_outside_year")
        assert "2026-09-01" in answer.json()["detail"]
    assert not await emitted(teaching.container.database)


async def test_unknown_things_are_not_found(teaching: Any) -> None:
    school = teaching.school
    unknown = await teaching.call(school.orlova, "PATCH", f"/homework/{uuid4()}", json={"version": 1})
    assert unknown.status_code == 404
    subject = TASK | {"subject_id": str(uuid4()), "due_on": "2026-11-25"}
    answer = await teaching.call(school.orlova, "POST", f"/classes/{school.class_7a}/homework", json=subject)
    assert answer.status_code == 403, "she does not teach it"
    backwards = await teaching.get(
        school.mother, f"/diaries/{school.misha}/homework", params={"from": "2026-11-29", "to": "2026-11-23"}
    )
    assert (backwards.status_code, backwards.json()["code"]) == (422, "days_out_of_range")


async def test_a_diary_takes_the_same_queries_however_much_is_given(teaching: Any) -> None:
    await give(teaching)
    await diary(teaching, teaching.school.mother)  # the first look of a day is written down before the answer (J-2)
    with teaching.counting() as few:
        await diary(teaching, teaching.school.mother)
    for _ in range(8):
        await give(teaching)
    with teaching.counting() as many:
        await diary(teaching, teaching.school.mother)
    assert len(few) == len(many)
