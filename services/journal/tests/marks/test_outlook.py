"""J-12: «what must I get for a 5?»"""

from typing import Any
from uuid import uuid4

import pytest


async def outlook(journal: Any, who: Any, **params: Any) -> Any:
    wanted = {"subject": str(journal.school.maths)} | params
    return await journal.get(who, f"/diaries/{journal.school.misha}/outlook", params=wanted)


async def test_a_family_sees_what_reaches_the_next_mark(teaching: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    for value, form in (("4", "Контрольная работа"), ("3", "Ответ на уроке")):
        await teaching.post_mark(school.orlova, lesson_id, value=value, control_form_id=await teaching.form(form))
    found = (await outlook(teaching, school.mother)).json()
    assert (found["weighted"], found["threshold"], found["reached"], found["trend"]) == ("3.63", "4.60", False, None)
    fewest = found["needed"][0]
    assert (fewest["value"], fewest["weight"], fewest["count"]) == (5, 5, 4)
    assert fewest["control_forms"] == ["Контрольная работа", "Диктант"]
    four = (await outlook(teaching, school.mother, mark=4)).json()
    assert (four["reached"], four["needed"]) == (True, [])
    # Doing as it says reaches it.
    control = await teaching.form("Контрольная работа")
    for _ in range(fewest["count"]):
        await teaching.post_mark(school.orlova, lesson_id, value="5", control_form_id=control)
    assert (await outlook(teaching, school.mother)).json()["reached"] is True


@pytest.mark.parametrize(
    ("who", "status"), [("misha_himself", 200), ("orlova", 200), ("gusev", 404), ("stranger", 404)]
)
async def test_who_may_ask(teaching: Any, who: str, status: int) -> None:
    """J-1"""
    assert (await outlook(teaching, getattr(teaching.school, who))).status_code == status


async def test_a_subject_of_nowhere_has_no_marks(teaching: Any) -> None:
    found = (await outlook(teaching, teaching.school.mother, subject=str(uuid4()))).json()
    assert (found["weighted"], found["reached"]) == (None, False)
    assert (await outlook(teaching, teaching.school.mother, mark=2)).status_code == 422


async def test_grade_one_has_no_mark_to_be_reached(teaching: Any) -> None:
    """J-8: nobody is told how many fives a child of grade 1 needs."""
    school = teaching.school
    await teaching.hears(school.granted(school.stranger, school.vanya, "representative", 1))
    params = {"subject": str(school.maths)}
    answer = await teaching.get(school.stranger, f"/diaries/{school.vanya}/outlook", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "grade_one_has_no_marks")
