"""A teacher's desk."""

from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.identity import StaffReleased


async def test_a_teacher_sees_the_own_lessons_of_a_day_and_of_a_week(teaching: Any) -> None:
    school = teaching.school
    by_day = (await teaching.get(school.orlova, "/lessons?date=2026-11-23")).json()["items"]
    by_week = (await teaching.get(school.orlova, "/lessons?week=2026-W48")).json()["items"]
    assert by_day == by_week
    assert [(one["class_name"], one["number"], one["subject_title"]) for one in by_day] == [
        ("7А", 1, "Математика"),
        ("1А", 4, "Математика"),
    ]
    assert by_day[0]["starts_at"] == "08:30:00"
    assert by_day[0]["topic"] == "Дроби"
    assert (await teaching.get(school.orlova, "/lessons?date=2026-11-24")).json() == {"items": []}


@pytest.mark.parametrize("who", ["gromov", "mother", "stranger"])
async def test_who_does_not_teach_has_no_lessons(teaching: Any, who: str) -> None:
    assert (await teaching.get(getattr(teaching.school, who), "/lessons?week=2026-W48")).json() == {"items": []}


async def test_who_no_longer_works_there_has_no_lessons(teaching: Any) -> None:
    school = teaching.school
    gone = school.assigned(school.stranger, "subject_teacher", class_id=school.class_7a, subject_id=school.maths)
    gone = gone.model_copy(update={"person_id": school.orlova.person_id, "source_id": "t-orlova"})
    await teaching.hears(gone)
    assert len((await teaching.get(school.stranger, "/lessons?week=2026-W48")).json()["items"]) == 2
    released = StaffReleased(
        school_id=school.school_id,
        person_id=gone.person_id,
        assignment_id=gone.assignment_id,
        released_on=gone.valid_from,
        edge_version=2,
    )
    await teaching.hears(released)
    assert (await teaching.get(school.stranger, "/lessons?week=2026-W48")).json() == {"items": []}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "lessons_period_required"),
        ("?date=2026-11-23&week=2026-W48", 422, "lessons_period_required"),
        ("?week=48", 404, "week_unknown"),
        ("?week=", 404, "week_unknown"),
        ("?date=сегодня", 422, "validation_failed"),
    ],
)
async def test_bad_periods_are_named(teaching: Any, query: str, status: int, code: str) -> None:
    answer = await teaching.get(teaching.school.orlova, f"/lessons{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("who", "status"),
    [("orlova", 200), ("gusev", 200), ("gromov", 200), ("deputy", 200), ("administrator", 404), ("mother", 404),
     ("misha_himself", 404), ("stranger", 404)],
)  # fmt: skip
async def test_the_list_of_a_class_is_for_its_staff(teaching: Any, who: str, status: int) -> None:
    """J-1: nobody in a family ever sees another pupil's name."""
    school = teaching.school
    answer = await teaching.get(getattr(school, who), f"/classes/{school.class_7a}/pupils")
    assert answer.status_code == status
    if status == 200:
        assert [pupil["given_name"] for pupil in answer.json()["pupils"]] == ["Ольга", "Михаил"]
    else:
        assert answer.json()["code"] == "class_not_found"


async def test_a_teacher_of_another_class_does_not_see_the_list(teaching: Any) -> None:
    school = teaching.school
    assert (await teaching.get(school.orlova, f"/classes/{school.class_7b}/pupils")).status_code == 404
    assert (await teaching.get(school.orlova, f"/classes/{uuid4()}/pupils")).status_code == 404
