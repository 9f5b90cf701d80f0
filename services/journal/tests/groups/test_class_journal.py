"""J-4, J-10, J-20: in a lesson of a group only its pupils have a cell."""

from datetime import date
from typing import Any

from journal.class_journal.grid_answers import GridOut


async def put(grouped: Any, what: str, who: Any, lesson_id: str, body: dict[str, Any]) -> Any:
    return await grouped.journal.call(who, "PUT", f"/lessons/{lesson_id}/{what}", json=body)


async def test_j_4_a_mark_outside_the_group_is_refused_and_the_rule_is_named(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    posted = await journal.post_mark(school.orlova, grouped.first_lesson)
    assert posted.status_code == 201, posted.text
    refused = await journal.post_mark(school.orlova, grouped.first_lesson, pupil_id=str(school.olya))
    assert (refused.status_code, refused.json()["code"]) == (422, "pupil_not_in_group")
    assert refused.json()["detail"] == (
        "Урок идёт у группы «Группа 1»: отметки, «н» и точки на нём — только у её учеников."
    )
    english = await journal.post_mark(
        school.orlova, grouped.first_lesson, pupil_id=str(school.olya), headers={"Accept-Language": "en"}
    )
    assert "of the group “Группа 1”" in english.json()["detail"]
    whole = await journal.post_mark(school.orlova, grouped.first_lesson, pupil_id=str(school.petya))
    assert whole.json()["code"] == "pupil_not_in_group", "who is not in the class is not in its group either"


async def test_j_10_a_column_saves_the_groups_rows_and_refuses_the_others(grouped: Any) -> None:
    school, form = grouped.school, await grouped.journal.form()
    mark = {"op": "add", "value": "4", "control_form_id": form}
    rows = [{"pupil_id": str(school.misha)} | mark, {"pupil_id": str(school.olya)} | mark]
    rows.append({"pupil_id": str(school.olya), "op": "absent"})
    answer = await put(grouped, "marks", school.orlova, grouped.first_lesson, {"rows": rows})
    body = answer.json()
    assert [one["pupil_id"] for one in body["saved"]] == [str(school.misha)]
    assert [(one["row"], one["code"]) for one in body["refused"]] == [
        (1, "pupil_not_in_group"),
        (2, "pupil_not_in_group"),
    ]


async def test_j_20_everybody_but_means_the_group(grouped: Any) -> None:
    school = grouped.school
    absent = {"but": [{"pupil_id": str(school.olya), "kind": "absent"}]}
    refused = (await put(grouped, "attendance", school.orlova, grouped.first_lesson, absent)).json()
    assert [one["code"] for one in refused["refused"]] == ["pupil_not_in_group"]
    own = (await put(grouped, "attendance", school.gusev, grouped.second_lesson, absent)).json()
    assert [cell["pupil_id"] for cell in own["cells"]] == [str(school.olya)]
    for lesson_id, who in ((grouped.first_lesson, school.orlova), (grouped.second_lesson, school.gusev)):
        sitting = (await grouped.journal.get(who, f"/lessons/{lesson_id}/pupils")).json()["pupils"]
        assert len(sitting) == 1


async def test_j_4_who_changes_the_group_has_the_lessons_before_in_the_old_one(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    tuesday = {"date": "2026-11-24"}
    first = grouped.line(1, group="grp-1", **tuesday)
    second = grouped.line(1, group="grp-2", teacher_source_id="t-gusev", room="102", **tuesday)
    assert (await grouped.plan(first, second)).status_code == 200
    moved = {"changed_on": date(2026, 11, 24)}
    await journal.hears(
        grouped.changed(grouped.first, **moved), grouped.changed(grouped.second, school.olya, school.misha, **moved)
    )
    later = [(await grouped.lessons(who, date="2026-11-24"))[0]["lesson_id"] for who in (school.orlova, school.gusev)]
    form = await journal.form()

    async def status(who: Any, lesson_id: str) -> int:
        answer: int = (await journal.post_mark(who, lesson_id, control_form_id=form)).status_code
        return answer

    assert await status(school.orlova, grouped.first_lesson) == 201, "on Monday he was in the first group"
    assert await status(school.gusev, grouped.second_lesson) == 422
    assert await status(school.orlova, later[0]) == 422, "and on Tuesday no more"
    assert await status(school.gusev, later[1]) == 201
    week = (await journal.get(school.mother, f"/diaries/{school.misha}/weeks/2026-W48")).json()
    assert [[lesson["group"] for lesson in day["lessons"]] for day in week["days"][:2]] == [
        ["Группа 1", None],
        ["Группа 2"],
    ]
    # Back again, and Monday is as it was.
    await journal.hears(
        grouped.changed(grouped.first, school.misha, changed_on=date(2026, 11, 25)),
        grouped.changed(grouped.second, school.olya, changed_on=date(2026, 11, 25)),
    )
    week = (await journal.get(school.mother, f"/diaries/{school.misha}/weeks/2026-W48")).json()
    assert week["days"][0]["lessons"][0]["group"] == "Группа 1"


async def test_j_11_what_stands_stays_correctable_after_the_pupil_has_moved(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    mark = (await journal.post_mark(school.orlova, grouped.first_lesson)).json()["mark"]
    await journal.hears(grouped.changed(grouped.first), grouped.changed(grouped.second, school.olya, school.misha))
    again = await journal.post_mark(school.orlova, grouped.first_lesson)
    assert again.json()["code"] == "pupil_not_in_group"
    path = f"/marks/{mark['mark_id']}"
    corrected = await journal.call(school.orlova, "PATCH", path, json={"version": mark["version"], "value": "4"})
    assert corrected.status_code == 200, corrected.text


async def test_j_35_the_grid_says_whose_each_column_is(grouped: Any) -> None:
    school, journal = grouped.school, grouped.journal
    whole = await grouped.plan(grouped.line(3, teacher_source_id="t-orlova", room="101"))
    assert whole.status_code == 200, whole.text
    path = f"/classes/{school.class_7a}/journal"
    with journal.counting() as statements:
        answer = await journal.get(school.orlova, path, params={"subject": str(school.maths)})
    page = GridOut.model_validate_json(answer.content)
    columns = [(column.number, column.group_id) for column in page.columns]
    assert sorted(columns, key=str) == sorted([(1, grouped.first), (1, grouped.second), (3, None)], key=str)
    assert [(group.title, [member.pupil_id for member in group.members]) for group in page.groups] == [
        ("Группа 1", [school.misha]),
        ("Группа 2", [school.olya]),
    ]
    literature = await journal.get(school.gusev, path, params={"subject": str(school.literature)})
    assert literature.json()["groups"] == []
    # Groups cost no statement more.
    with journal.counting() as without:
        await journal.get(school.gusev, path, params={"subject": str(school.literature)})
    assert len(statements) == len(without)
    await journal.post_mark(school.orlova, grouped.first_lesson)
    changes = await journal.get(
        school.orlova, f"{path}/changes", params={"subject": str(school.maths), "after": page.revision}
    )
    assert [one["title"] for one in changes.json()["groups"]] == ["Группа 1"]
