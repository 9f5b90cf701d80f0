"""J-10: one mark, by the one who may, seen by those who should."""

import asyncio
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.contracts.identity import PupilLeft
from shared.contracts.journal import GradePosted


async def test_a_mark_is_posted_and_told_with_everything(teaching: Any, emitted: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    answer = await teaching.post_mark(school.orlova, lesson_id, comment="Решил у доски")
    assert answer.status_code == 201, answer.text
    mark = answer.json()["mark"]
    assert mark["value"] == "5"
    assert mark["author"] == "Орлова Марина Сергеевна"
    assert mark["version"] == 1
    assert mark["control_form"]["name"] == "Ответ на уроке"
    assert answer.json()["averages"] == {"weighted": "5.00", "simple": "5.00", "absences": 0}
    (told,) = await emitted(teaching.container.database)
    assert isinstance(told, GradePosted)
    assert told.model_dump(mode="json") == {
        "school_id": str(school.school_id),
        "pupil_id": str(school.misha),
        "class_id": str(school.class_7a),
        "mark_id": mark["mark_id"],
        "lesson_id": str(lesson_id),
        "lesson_date": "2026-11-23",
        "subject_id": str(school.maths),
        "subject_title": "Математика",
        "value": "5",
        "control_form": {
            "control_form_id": mark["control_form"]["control_form_id"],
            "name": "Ответ на уроке",
            "category": "class",
            "weight": 3,
        },
        "comment": "Решил у доски",
        "teacher_person_id": str(school.orlova.person_id),
        "teacher_name": "Орлова Марина Сергеевна",
        "posted_at": mark["posted_at"],
        "average": "5.00",
    }


async def test_the_longest_comment_fits_into_the_index_that_families_read(teaching: Any) -> None:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    # Four bytes each, and in no order that compression would find.
    longest = "".join(map(chr, Random(1).choices(range(0x10000, 0x10FFFF), k=500)))
    answer = await teaching.post_mark(teaching.school.orlova, lesson_id, comment=longest)
    assert answer.status_code == 201, answer.text
    assert answer.json()["mark"]["comment"] == longest


async def test_averages_are_weighted(teaching: Any) -> None:
    """J-12, by the example: 4 (weight 5), 5 (3), 5 (1) → 4.44."""
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    for value, form in (("4", "Контрольная работа"), ("5", "Ответ на уроке"), ("5", "Домашняя работа")):
        answer = await teaching.post_mark(
            school.orlova, lesson_id, value=value, control_form_id=await teaching.form(form)
        )
    assert answer.json()["averages"] == {"weighted": "4.44", "simple": "4.67", "absences": 0}
    exempt = await teaching.post_mark(school.orlova, lesson_id, value="осв")
    assert exempt.json()["averages"] == {"weighted": "4.44", "simple": "4.67", "absences": 0}
    other = await teaching.post_mark(school.orlova, lesson_id, value="н/а", pupil_id=str(school.olya))
    assert other.json()["averages"] == {"weighted": None, "simple": None, "absences": 0}


async def test_of_two_marks_at_once_the_later_average_has_both(teaching: Any, emitted: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    answers = await asyncio.gather(
        *(teaching.post_mark(school.orlova, lesson_id, value=v) for v in ("5", "4", "3", "2"))
    )
    assert {answer.status_code for answer in answers} == {201}
    told = await emitted(teaching.container.database)
    assert str(told[-1].average) == "3.50"


async def test_the_same_key_posts_once(teaching: Any, emitted: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    key = {"Idempotency-Key": "a-click"}
    first = await teaching.post_mark(school.orlova, lesson_id, headers=key)
    again = await teaching.post_mark(school.orlova, lesson_id, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert len(await emitted(teaching.container.database)) == 1
    other = await teaching.post_mark(school.orlova, lesson_id, headers=key, value="2")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("gusev", 403, "not_your_lesson"),  # teaches the class another subject
        ("gromov", 403, "not_your_lesson"),
        ("deputy", 403, "not_your_lesson"),
        ("administrator", 404, "lesson_not_found"),
        ("mother", 404, "lesson_not_found"),
        ("misha_himself", 404, "lesson_not_found"),
        ("stranger", 404, "lesson_not_found"),
    ],
)
async def test_only_the_subject_teacher_posts(teaching: Any, emitted: Any, who: str, status: int, code: str) -> None:
    """J-1: own classes × own subjects."""
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    answer = await teaching.post_mark(getattr(teaching.school, who), lesson_id)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not await emitted(teaching.container.database)


async def test_an_unknown_lesson_is_not_found(teaching: Any) -> None:
    answer = await teaching.post_mark(teaching.school.orlova, uuid4())
    assert (answer.status_code, answer.json()["code"]) == (404, "lesson_not_found")


async def test_grade_one_has_no_marks(teaching: Any) -> None:
    """J-8"""
    school = teaching.school
    lesson_of_1a = (await teaching.lesson_ids(school.orlova))[1]
    answer = await teaching.post_mark(school.orlova, lesson_of_1a, pupil_id=str(school.vanya))
    assert (answer.status_code, answer.json()["code"]) == (422, "grade_one_has_no_marks")


async def test_a_mark_goes_to_a_pupil_of_the_class(teaching: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    await teaching.hears(PupilLeft(school_id=school.school_id, pupil_id=school.olya, left_on="2026-11-20"))
    for pupil_id in (school.petya, school.olya, uuid4()):
        answer = await teaching.post_mark(school.orlova, lesson_id, pupil_id=str(pupil_id))
        assert (answer.status_code, answer.json()["code"]) == (422, "pupil_not_in_class")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"value": "6"}, "value", "literal_error"),
        ({"value": 5}, "value", "literal_error"),
        ({"pupil_id": "Миша"}, "pupil_id", "uuid_parsing"),
        ({"control_form_id": None}, "control_form_id", "uuid_type"),
        ({"comment": "я" * 501}, "comment", "string_too_long"),
        ({"comment": ""}, "comment", "string_too_short"),
        ({"weight": 100}, "weight", "extra_forbidden"),
    ],
)
async def test_bad_input_is_named_and_nothing_is_written(
    teaching: Any, emitted: Any, changes: dict[str, Any], field: str, code: str
) -> None:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    answer = await teaching.post_mark(teaching.school.orlova, lesson_id, **changes)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(e["field"].removeprefix("body."), e["code"]) for e in answer.json()["errors"]] == [(field, code)]
    assert not await emitted(teaching.container.database)
    async with teaching.container.database.read() as session:
        assert not await session.scalar(text("SELECT count(*) FROM marks"))


async def test_a_form_of_nowhere_is_refused(teaching: Any) -> None:
    """J-9"""
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    answer = await teaching.post_mark(teaching.school.orlova, lesson_id, control_form_id=str(uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (422, "control_form_unknown")


async def test_problems_speak_both_languages(teaching: Any) -> None:
    russian = await teaching.post_mark(teaching.school.stranger, uuid4())
    english = await teaching.post_mark(teaching.school.stranger, uuid4(), headers={"Accept-Language": "en"})
    assert russian.json()["title"] == "Урок не найден"
    assert english.json()["title"] == "Lesson not found"
