"""J-10: any part of a column in one request."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.journal import AbsenceRecorded, GradeChanged, GradePosted, GradeRemoved, PointSet


async def test_a_column_is_saved_with_all_its_operations(lesson: Any, emitted: Any) -> None:
    await lesson.enrol(3)
    first = await lesson.put(lesson.add(0, "5"), lesson.add(1, "3", comment="Не решил"))
    assert first.status_code == 200, first.text
    marks = {cell["pupil_id"]: cell["marks"][0] for cell in first.json()["cells"]}
    answer = await lesson.put(
        lesson.row("set", 0, value="4", version=1),
        lesson.row("clear", 1, version=1, mark_id=marks[lesson.pupils[1]]["mark_id"]),
        lesson.row("absent", 2, absence_reason="б"),
        lesson.row("late", 3, minutes=10),
        lesson.add(3, "5"),
        lesson.row("point", 4, kind="planned", control_form_id=lesson.form, due_on="2099-01-15"),
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"] == []
    assert [row["row"] for row in answer.json()["saved"]] == list(range(6))
    cells = {cell["pupil_id"]: cell for cell in answer.json()["cells"]}
    zero, one, two, three, four = (cells[pupil] for pupil in lesson.pupils)
    assert (zero["marks"][0]["value"], zero["marks"][0]["version"]) == ("4", 2)
    assert zero["averages"] == {"weighted": "4.00", "simple": "4.00", "absences": 0}
    assert (one["marks"], one["averages"]["weighted"]) == ([], None)
    assert (two["absence"]["kind"], two["absence"]["reason"], two["averages"]["absences"]) == ("absent", "б", 1)
    assert (three["absence"]["minutes"], three["marks"][0]["value"]) == (10, "5")
    assert (four["point"]["kind"], four["point"]["due_on"]) == ("planned", "2099-01-15")
    told = (await emitted(lesson.journal.container.database))[2:]
    assert [type(event) for event in told] == [
        GradePosted,
        GradeChanged,
        GradeRemoved,
        AbsenceRecorded,
        AbsenceRecorded,
        PointSet,
    ]


async def test_good_rows_are_saved_and_refused_ones_say_why_and_how_it_stands(lesson: Any, emitted: Any) -> None:
    """J-10: the reason's code and text, and the current state."""
    await lesson.put(lesson.add(0, "2"))
    rows = (
        lesson.row("set", 0, value="3"),  # believed the cell to be empty
        lesson.add(1, "5"),
        lesson.add(1, "5") | {"pupil_id": str(lesson.journal.school.petya)},
        lesson.add(1, "4") | {"control_form_id": str(uuid4())},
        lesson.row("present", 1, version=1),
        lesson.row("unpoint", 1, version=1),
    )
    answer = (await lesson.put(*rows)).json()
    assert [(row["row"], row["code"]) for row in answer["refused"]] == [
        (0, "stale_version"),
        (2, "pupil_not_in_class"),
        (3, "control_form_unknown"),
        (4, "absence_not_found"),
        (5, "point_not_found"),
    ]
    assert [row["row"] for row in answer["saved"]] == [1]
    stale, stranger = answer["refused"][:2]
    assert stale["title"] == "Эту клетку уже изменили"
    assert (stale["current"]["marks"][0]["value"], stale["current"]["marks"][0]["version"]) == ("2", 1)
    assert stranger["current"] is None
    assert len(await emitted(lesson.journal.container.database)) == 2
    english = (await lesson.put(rows[0], headers={"Accept-Language": "en"})).json()
    assert english["refused"][0]["title"] == "This cell has been changed meanwhile"
    assert (english["saved"], english["revision"]) == ([], None)


async def test_all_or_nothing_saves_nothing(lesson: Any, emitted: Any) -> None:
    """J-10: `?all=true`."""
    bad = lesson.add(1, "5") | {"pupil_id": str(lesson.journal.school.petya)}
    answer = await lesson.put(lesson.add(0), bad, all=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "column_refused")
    assert [(row["row"], row["code"]) for row in answer.json()["refused"]] == [(1, "pupil_not_in_class")]
    assert not await emitted(lesson.journal.container.database)
    assert (await lesson.sql("SELECT count(*) FROM marks"))[0][0] == 0
    assert (await lesson.put(lesson.add(0), all=True)).json()["refused"] == []


async def test_all_or_nothing_answers_how_the_refused_cells_stand(lesson: Any) -> None:
    """J-10: each refused row answers its reason and the current state, also when nothing is saved."""
    await lesson.put(lesson.add(0, "2"))
    rows = (lesson.row("absent", 1), lesson.row("set", 0, value="4"), lesson.row("unpoint", 1, version=1))
    stale, no_point = (await lesson.put(*rows, all=True)).json()["refused"]
    assert (stale["code"], [mark["value"] for mark in stale["current"]["marks"]]) == ("stale_version", ["2"])
    assert stale["current"]["averages"]["weighted"] == "2.00"
    assert (no_point["code"], no_point["current"]["absence"]) == ("point_not_found", None), "before the request"


async def test_thirty_rows_cost_as_many_statements_as_one(lesson: Any, emitted: Any) -> None:
    """J-10: one round of set-based statements, however many rows."""
    await lesson.enrol(28)
    await lesson.put(lesson.add(0))  # the first ever in the lesson
    with lesson.journal.counting() as one:
        await lesson.put(lesson.add(0))
    with lesson.journal.counting() as thirty:
        answer = await lesson.put(*(lesson.add(pupil, "4") for pupil in range(30)))
    assert len(answer.json()["cells"]) == 30
    assert thirty == one
    # Desk, which asks for the token too; pupils, cells, marks, page, outbox.
    assert len(one) == 6
    assert len(await emitted(lesson.journal.container.database)) == 32
    with lesson.journal.counting() as single:
        await lesson.journal.post_mark(lesson.journal.school.orlova, lesson.lesson_id, control_form_id=lesson.form)
    assert single == one


async def test_mixed_rows_cost_one_statement_a_kind(lesson: Any) -> None:
    """J-10"""
    await lesson.enrol(28)
    kinds = ("absent", "late")
    with lesson.journal.counting() as two:
        await lesson.put(lesson.row("absent", 0), lesson.add(1))
    with lesson.journal.counting() as many:
        rows = [lesson.row(kinds[n % 2], n) if n % 3 else lesson.add(n) for n in range(2, 30)]
        assert (await lesson.put(*rows)).json()["refused"] == []
    assert len(many) == len(two) == 7


async def test_of_two_teachers_saving_the_same_cells_the_second_sees_the_first(lesson: Any) -> None:
    """J-10: locks in a fixed order, so nobody waits in a circle; no row is overwritten unseen."""
    await lesson.enrol(10)
    await lesson.put(*(lesson.add(pupil, "3") for pupil in range(12)))
    up = [lesson.row("set", pupil, value="4", version=1) for pupil in range(12)]
    down = [lesson.row("set", pupil, value="2", version=1) for pupil in reversed(range(12))]
    answers = [answer.json() for answer in await asyncio.gather(lesson.put(*up), lesson.put(*down))]
    assert sorted(len(answer["saved"]) for answer in answers) == [0, 12]
    winner, loser = sorted(answers, key=lambda answer: -len(answer["saved"]))
    stands = winner["cells"][0]["marks"][0]
    assert {row["code"] for row in loser["refused"]} == {"stale_version"}
    assert {row["current"]["marks"][0]["value"] for row in loser["refused"]} == {stands["value"]}
    assert {row["current"]["marks"][0]["version"] for row in loser["refused"]} == {2}


async def test_several_marks_in_a_cell_are_told_apart(lesson: Any) -> None:
    """J-8: several marks may stand in one cell."""
    (cell,) = (await lesson.put(lesson.add(0, "2"), lesson.add(0, "5"))).json()["cells"]
    assert [mark["value"] for mark in cell["marks"]] == ["2", "5"]
    unclear = await lesson.put(lesson.row("clear", 0, version=1))
    assert unclear.json()["refused"][0]["code"] == "several_marks_in_cell"
    mark_id = cell["marks"][0]["mark_id"]
    twice = await lesson.put(
        lesson.row("set", 0, value="3", version=1, mark_id=mark_id), lesson.row("clear", 0, version=1, mark_id=mark_id)
    )
    assert [row["code"] for row in twice.json()["refused"]] == ["row_repeated"]
    assert [mark["value"] for mark in twice.json()["cells"][0]["marks"]] == ["3", "5"]


@pytest.mark.parametrize("other", ["gusev", "gromov", "deputy"])
async def test_a_column_is_its_teachers(lesson: Any, other: str, emitted: Any) -> None:
    """J-1"""
    answer = await lesson.put(lesson.add(0), who=getattr(lesson.journal.school, other))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_lesson")
    stranger = await lesson.put(lesson.add(0), who=lesson.journal.school.mother)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "lesson_not_found")
    assert not await emitted(lesson.journal.container.database)


async def test_grade_one_has_absences_and_no_marks(lesson: Any) -> None:
    """J-8"""
    lesson.lesson_id = (await lesson.journal.lesson_ids(lesson.journal.school.orlova))[1]
    lesson.pupils = [str(lesson.journal.school.vanya)]
    answer = (await lesson.put(lesson.add(0), lesson.row("absent", 0))).json()
    assert [row["code"] for row in answer["refused"]] == ["grade_one_has_no_marks"]
    assert answer["cells"][0]["absence"]["kind"] == "absent"


async def test_the_same_key_saves_once(lesson: Any, emitted: Any) -> None:
    key = {"Idempotency-Key": "a-column"}
    first = await lesson.put(lesson.add(0), headers=key)
    again = await lesson.put(lesson.add(0), headers=key)
    assert first.json() == again.json()
    assert len(await emitted(lesson.journal.container.database)) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"op": "set"},
        {"op": "erase", "pupil_id": str(uuid4())},
        {"op": "add", "pupil_id": str(uuid4()), "value": "6", "control_form_id": str(uuid4())},
        {"op": "absent", "pupil_id": str(uuid4()), "absence_reason": "болен"},
        {"op": "late", "pupil_id": str(uuid4()), "minutes": 0},
        {"op": "clear", "pupil_id": str(uuid4())},
        {"op": "point", "pupil_id": str(uuid4()), "kind": "debt", "control_form_id": str(uuid4()), "due_on": 5},
    ],
)
async def test_bad_rows_are_named(lesson: Any, row: dict[str, Any]) -> None:
    answer = await lesson.put(row)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert all(error["field"].startswith("body.rows") for error in answer.json()["errors"])


async def test_a_request_has_rows_and_not_too_many(lesson: Any) -> None:
    for rows in ([], [lesson.add(0)] * 201):
        assert (await lesson.put(*rows)).status_code == 422


async def test_a_closed_period_is_not_written_into_until_it_is_reopened(lesson: Any, emitted: Any) -> None:
    """J-11, J-19"""
    (cell,) = (await lesson.put(lesson.add(0))).json()["cells"]
    mark_id = cell["marks"][0]["mark_id"]
    await lesson.close_period()
    teacher, call = lesson.journal.school.orlova, lesson.journal.call
    for refused in (
        await lesson.put(lesson.add(0)),
        await lesson.journal.post_mark(teacher, lesson.lesson_id),
        await call(teacher, "PATCH", f"/marks/{mark_id}", json={"version": 1, "value": "2", "reason": "Апелляция"}),
        await call(teacher, "DELETE", f"/marks/{mark_id}", params={"version": 1}, json={"reason": "Ошибка"}),
        await lesson.point(),
        await lesson.attendance(),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "period_closed")
        assert "I полугодие" in refused.json()["detail"]
    assert len(await emitted(lesson.journal.container.database)) == 1
    await lesson.close_period(closed=False)
    assert (await lesson.put(lesson.add(0))).json()["refused"] == []


async def test_averages_are_those_of_the_period(lesson: Any) -> None:
    """J-12: what lies before the period does not count in it."""
    await lesson.put(lesson.add(0, "2"))
    await lesson.sql("UPDATE marks SET date = '2026-08-31'")
    (cell,) = (await lesson.put(lesson.add(0, "5"))).json()["cells"]
    assert cell["averages"]["weighted"] == "5.00"


async def test_the_schools_own_edit_window_counts(lesson: Any) -> None:
    """J-11"""
    (cell,) = (await lesson.put(lesson.add(0))).json()["cells"]
    await lesson.sql(
        "INSERT INTO school_settings (school_id, edit_window_days) VALUES (:school, 0)",
        school=lesson.journal.school.school_id,
    )
    refused = (await lesson.put(lesson.row("set", 0, value="4", version=1))).json()["refused"]
    assert refused[0]["code"] == "reason_required"
    saved = await lesson.put(lesson.row("set", 0, value="4", version=1, reason="Апелляция"))
    assert saved.json()["cells"][0]["marks"][0]["value"] == "4"
    assert cell["marks"][0]["value"] == "5"
