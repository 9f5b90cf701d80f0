"""J-9: the control forms of a school."""

from typing import Any
from uuid import uuid4

import pytest


async def test_a_school_gets_the_usual_forms_once(teaching: Any) -> None:
    """J-9: control weighs over class, class over home; told twice, given once."""
    await teaching.hears(teaching.school.opened(name="Школа № 1 имени Пушкина"))
    forms = (await teaching.get(teaching.school.orlova, "/control-forms")).json()["items"]
    weights: dict[str, set[int]] = {}
    for form in forms:
        weights.setdefault(form["category"], set()).add(form["weight"])
    assert min(weights["control"]) > max(weights["class"]) > min(weights["class"]) > max(weights["home"])
    assert len(forms) == len({form["name"] for form in forms}) == 7
    assert (await teaching.get(teaching.school.mother, "/control-forms")).json() == {"items": []}


async def add(journal: Any, who: Any, **changes: Any) -> Any:
    body = {"name": "Проект", "category": "control", "weight": 4} | changes
    return await journal.call(who, "POST", f"/schools/{journal.school.school_id}/control-forms", json=body)


async def change(journal: Any, who: Any, form: str, **body: Any) -> Any:
    path = f"/schools/{journal.school.school_id}/control-forms/{form}"
    return await journal.call(who, "PATCH", path, json={"version": 1} | body)


@pytest.mark.parametrize("who", ["deputy", "gromov"])
async def test_the_direction_adds_and_changes_forms(journal: Any, who: str) -> None:
    """J-9"""
    somebody = getattr(journal.school, who)
    added = await add(journal, somebody)
    assert added.status_code == 201, added.text
    form = added.json()
    assert (form["name"], form["weight"], form["position"], form["version"]) == ("Проект", 4, 8, 1)
    changed = await change(journal, somebody, form["control_form_id"], weight=6, name="Защита проекта")
    assert (changed.json()["weight"], changed.json()["name"], changed.json()["version"]) == (6, "Защита проекта", 2)
    stale = await change(journal, somebody, form["control_form_id"], weight=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_control_form")
    assert stale.json()["current"]["weight"] == 6


@pytest.mark.parametrize("who", ["orlova", "administrator", "mother", "misha_himself", "stranger"])
async def test_nobody_else_does(journal: Any, who: str) -> None:
    """J-1"""
    form = await journal.form()
    for answer in (
        await add(journal, getattr(journal.school, who)),
        await change(journal, getattr(journal.school, who), form, weight=9),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "school_not_found")


async def test_names_are_unique_in_a_school(journal: Any) -> None:
    """J-9"""
    deputy = journal.school.deputy
    taken = await add(journal, deputy, name="Диктант")
    assert (taken.status_code, taken.json()["code"]) == (409, "control_form_name_taken")
    renamed = await change(journal, deputy, await journal.form(), name="Диктант")
    assert (renamed.status_code, renamed.json()["code"]) == (409, "control_form_name_taken")
    assert "Диктант" in renamed.json()["detail"]
    unknown = await change(journal, deputy, str(uuid4()), weight=1)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "control_form_not_found")


async def test_an_archived_form_keeps_its_marks_and_is_not_given_anew(teaching: Any) -> None:
    """J-9: what was used is never deleted."""
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    mark = (await teaching.post_mark(school.orlova, lesson_id)).json()["mark"]
    form = mark["control_form"]["control_form_id"]
    archived = await change(teaching, school.deputy, form, archived=True)
    assert archived.json()["archived"] is True
    offered = (await teaching.get(school.orlova, "/control-forms")).json()["items"]
    assert form not in {one["control_form_id"] for one in offered}
    everything = (await teaching.get(school.orlova, "/control-forms", params={"archived": True})).json()["items"]
    assert form in {one["control_form_id"] for one in everything}
    refused = await teaching.post_mark(school.orlova, lesson_id, control_form_id=form)
    assert (refused.status_code, refused.json()["code"]) == (422, "control_form_unknown")
    corrected = await teaching.call(
        school.orlova, "PATCH", f"/marks/{mark['mark_id']}", json={"version": 1, "value": "4", "control_form_id": form}
    )
    assert corrected.json()["mark"]["control_form"]["control_form_id"] == form
    back = await change(teaching, school.deputy, form, version=2, archived=False)
    assert (back.json()["archived"], back.json()["version"]) == (False, 3)


@pytest.mark.parametrize("changes", [{"weight": 0}, {"weight": "4"}, {"category": "olympiad"}, {"name": ""}, {"x": 1}])
async def test_bad_forms_are_named(journal: Any, changes: dict[str, Any]) -> None:
    answer = await add(journal, journal.school.deputy, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
