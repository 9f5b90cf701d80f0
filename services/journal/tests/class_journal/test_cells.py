"""What stands beside what in a cell: marks, absences, points (J-13 … J-15, J-20)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.access import cut_off
from shared.contracts.journal import AbsenceRecorded, AbsenceRemoved, GradePosted, PointSet, PointSettled, PointVanished
from shared.ops.ids import new_id


async def told_after(lesson: Any, emitted: Any, count: int) -> list[Any]:
    return list((await emitted(lesson.journal.container.database))[count:])


async def test_a_mark_and_an_absence_exclude_each_other_unless_a_reason_is_given(lesson: Any) -> None:
    """J-13, in both orders."""
    answer = (await lesson.put(lesson.row("absent", 0), lesson.add(1, "4"))).json()
    assert answer["refused"] == []
    answer = (await lesson.put(lesson.add(0, "5"), lesson.row("absent", 1))).json()
    assert [row["code"] for row in answer["refused"]] == ["mark_excludes_absence"] * 2
    answer = (
        await lesson.put(
            lesson.add(0, "5", reason="Сдал работу позже"), lesson.row("absent", 1, reason="Ушла после работы")
        )
    ).json()
    assert answer["refused"] == []
    first, second = answer["cells"]
    assert first["marks"][0]["reason"] == "Сдал работу позже"
    assert second["absence"]["explanation"] == "Ушла после работы"
    # Being late excludes nothing.
    await lesson.enrol(1)
    assert (await lesson.put(lesson.row("late", 2), lesson.add(2))).json()["refused"] == []


async def test_absences_keep_history_and_tell_no_reason(lesson: Any, emitted: Any) -> None:
    """J-20; the reason is P3 and travels nowhere."""
    await lesson.put(lesson.row("absent", 0))
    excused = (await lesson.put(lesson.row("absent", 0, version=1, absence_reason="б"))).json()
    assert (excused["cells"][0]["absence"]["reason"], excused["cells"][0]["absence"]["version"]) == ("б", 2)
    stale = (await lesson.put(lesson.row("present", 0, version=1))).json()
    assert stale["refused"][0]["code"] == "stale_version"
    present = (await lesson.put(lesson.row("present", 0, version=2))).json()
    assert (present["cells"][0]["absence"], present["cells"][0]["averages"]["absences"]) == (None, 0)
    again = (await lesson.put(lesson.row("absent", 0))).json()
    assert again["cells"][0]["absence"]["version"] == 4
    history = await lesson.sql("SELECT version, kind, reason, operation FROM absence_history ORDER BY version")
    assert [tuple(row) for row in history] == [(1, "absent", None, "changed"), (2, "absent", "б", "removed")]
    told = await told_after(lesson, emitted, 0)
    assert [(type(event), event.absence_version) for event in told] == [
        (AbsenceRecorded, 1),
        (AbsenceRemoved, 3),
        (AbsenceRecorded, 4),
    ]
    assert "reason" not in AbsenceRecorded.model_fields
    bodies = await lesson.sql("SELECT convert_from(body, 'UTF8') FROM outbox_event")
    assert not any("б" in body.split("Математика")[-1] for (body,) in bodies)


async def test_everybody_is_present_but(lesson: Any, emitted: Any) -> None:
    """J-20: the class at once, the last word counts."""
    await lesson.enrol(3)
    first = await lesson.attendance(
        {"pupil_id": lesson.pupils[0], "kind": "absent"},
        {"pupil_id": lesson.pupils[1], "kind": "late", "minutes": 5},
    )
    assert first.status_code == 200, first.text
    assert first.json()["refused"] == []
    with lesson.journal.counting() as statements:
        second = await lesson.attendance({"pupil_id": lesson.pupils[2], "kind": "absent"})
    assert len(statements) == 7
    assert second.json()["refused"] == []
    standing = await lesson.sql("SELECT pupil_id::text FROM absences WHERE removed_at IS NULL")
    assert [row[0] for row in standing] == [lesson.pupils[2]]
    kinds = [type(event) for event in await told_after(lesson, emitted, 0)]
    assert kinds == [AbsenceRecorded, AbsenceRecorded, AbsenceRecorded, AbsenceRemoved, AbsenceRemoved]
    again = await lesson.attendance({"pupil_id": lesson.pupils[2], "kind": "absent"})
    assert len(again.json()["saved"]) == 1
    assert len(await told_after(lesson, emitted, 0)) == 5
    ((taken_by,),) = await lesson.sql("SELECT attendance_taken_by FROM journal_columns")
    assert taken_by == lesson.journal.school.orlova.person_id


async def test_nobody_absent_is_a_finding_too(lesson: Any, emitted: Any) -> None:
    """J-20: the deputy sees that the class was looked over (J-33)."""
    assert (await lesson.attendance()).json()["saved"] == []
    ((taken_at,),) = await lesson.sql("SELECT attendance_taken_at FROM journal_columns")
    assert taken_at is not None
    assert not await told_after(lesson, emitted, 0)


@pytest.mark.parametrize(
    ("who", "status"), [("orlova", 200), ("gusev", 403), ("gromov", 403), ("mother", 404), ("stranger", 404)]
)
async def test_who_takes_attendance(lesson: Any, who: str, status: int) -> None:
    """J-1: the lesson's teacher, and the class teacher."""
    answer = await lesson.attendance(who=getattr(lesson.journal.school, who))
    assert answer.status_code == status


async def test_the_class_teacher_takes_attendance_of_others_lessons(lesson: Any) -> None:
    """J-1, J-20: Орлова leads 7А; literature is Гусев's."""
    lesson.lesson_id = (await lesson.journal.lesson_ids(lesson.journal.school.gusev))[0]
    assert (await lesson.attendance({"pupil_id": lesson.pupils[0], "kind": "absent"})).status_code == 200
    assert (await lesson.put(lesson.add(0))).status_code == 403


async def test_a_point_is_set_and_settled_by_a_mark_in_its_place(lesson: Any, emitted: Any) -> None:
    """J-14, J-15"""
    answer = await lesson.point(comment="Нет на самостоятельной")
    assert answer.status_code == 201, answer.text
    point = answer.json()["point"]
    assert (point["kind"], point["due_on"], point["version"]) == ("debt", "2099-05-20", 1)
    mark = (await lesson.put(lesson.add(0, "4"))).json()["cells"][0]
    assert (mark["point"], mark["marks"][0]["value"]) == (None, "4")
    told = await told_after(lesson, emitted, 0)
    assert [type(event) for event in told] == [PointSet, GradePosted, PointSettled]
    assert told[2].mark_id == told[1].mark_id
    ((state, settled_by),) = await lesson.sql("SELECT state, settled_by_mark FROM points")
    assert (state, settled_by) == ("settled", told[1].mark_id)
    history = await lesson.sql("SELECT version, state, operation FROM point_history")
    assert [tuple(row) for row in history] == [(1, "open", "settled")]


async def test_a_planned_work_outlives_another_mark(lesson: Any) -> None:
    """J-14: alone or beside marks; J-15: only a mark in its place settles it."""
    control = await lesson.journal.form("Контрольная работа")
    await lesson.point(kind="planned", control_form_id=control)
    cell = (await lesson.put(lesson.add(0, "5"))).json()["cells"][0]
    assert cell["point"] is not None
    cell = (await lesson.put(lesson.add(0, "4") | {"control_form_id": control})).json()["cells"][0]
    assert cell["point"] is None


async def test_a_point_beside_a_bad_mark_and_the_teachers_own_word(lesson: Any) -> None:
    """J-14, J-15: set together with the mark it stays; `settles_point` decides where it is given."""
    retake = lesson.row("point", 0, kind="retake", control_form_id=lesson.form, due_on="2099-05-20")
    cell = (await lesson.put(retake, lesson.add(0, "2"))).json()["cells"][0]
    assert (cell["marks"][0]["value"], cell["point"]["kind"]) == ("2", "retake")
    cell = (await lesson.put(lesson.add(0, "3", settles_point=False))).json()["cells"][0]
    assert cell["point"] is not None
    cell = (await lesson.put(lesson.add(0, "4"))).json()["cells"][0]
    assert cell["point"] is None


async def test_a_point_is_changed_and_taken_back(lesson: Any, emitted: Any) -> None:
    """J-14: history kept."""
    await lesson.point()
    another = await lesson.point()
    assert (another.status_code, another.json()["code"]) == (409, "stale_version")
    assert (another.json()["current"]["version"], another.json()["current"]["due_on"]) == (1, "2099-05-20")
    moved = await lesson.point(version=1, due_on="2099-06-01")
    assert (moved.json()["point"]["due_on"], moved.json()["point"]["version"]) == ("2099-06-01", 2)
    assert (await lesson.put(lesson.row("unpoint", 0, version=2, reason="Сдал"))).json()["refused"] == []
    told = await told_after(lesson, emitted, 0)
    assert [type(event) for event in told] == [PointSet, PointSet, PointVanished]
    assert (told[1].point_version, told[2].because) == (2, "withdrawn")
    history = await lesson.sql("SELECT version, due_on::text, operation, reason FROM point_history ORDER BY version")
    assert [tuple(row) for row in history] == [
        (1, "2099-05-20", "changed", None),
        (2, "2099-06-01", "withdrawn", "Сдал"),
    ]


async def test_a_point_is_not_due_in_the_past(lesson: Any) -> None:
    """J-14"""
    answer = await lesson.point(due_on="2026-11-22")
    assert (answer.status_code, answer.json()["code"]) == (422, "due_date_passed")
    with_stranger = await lesson.point(pupil_id=str(lesson.journal.school.petya))
    assert (with_stranger.status_code, with_stranger.json()["code"]) == (422, "pupil_not_in_class")


async def test_an_ended_session_writes_nothing(lesson: Any) -> None:
    """I-9: a lesson's first statement asks; also of what is not there, and of somebody who may write nothing."""
    school, posted = (
        lesson.journal.school,
        await lesson.journal.post_mark(lesson.journal.school.orlova, lesson.lesson_id),
    )
    mark = f"/marks/{posted.json()['mark']['mark_id']}"
    for who in (school.orlova, school.stranger):
        async with lesson.journal.container.database.uow.begin() as tx:
            await cut_off(tx.session, who.account_id, datetime.now(UTC) + timedelta(minutes=1))
        answers = [
            await lesson.put(lesson.add(1), who=who),
            await lesson.journal.get(who, f"/lessons/{lesson.lesson_id}/marks"),
            await lesson.journal.post_mark(who, lesson.lesson_id, control_form_id=lesson.form),
            await lesson.journal.post_mark(who, new_id(), control_form_id=lesson.form),
            await lesson.point(1, who=who),
            await lesson.attendance(who=who),
            await lesson.journal.call(who, "PATCH", mark, json={"version": 1, "value": "2"}),
            await lesson.journal.call(who, "DELETE", mark, params={"version": 1}),
            await lesson.journal.call(who, "DELETE", f"/marks/{new_id()}", params={"version": 1}),
        ]
        assert {(one.status_code, one.json()["code"]) for one in answers} == {(401, "token_invalid")}
    assert [row[0] for row in await lesson.sql("SELECT value FROM marks WHERE removed_at IS NULL")] == ["5"]
