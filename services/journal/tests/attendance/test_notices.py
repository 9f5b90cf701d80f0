"""J-21, J-22: what families say before, and what they see after."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from journal.attendance.rules import MOST_NOTICES
from shared.contracts.delegation import DelegationActivated
from shared.contracts.journal import AbsenceNoticeGiven, AbsenceNoticeWithdrawn, AbsenceRecorded

TODAY = datetime.now(ZoneInfo("Europe/Moscow")).date()
MONDAY_TO_SUNDAY = {"from": "2026-11-23", "to": "2026-11-29"}


async def give(journal: Any, who: Any, first: int = 1, last: int = 2, **changes: Any) -> Any:
    body = {
        "first_day": (TODAY + timedelta(days=first)).isoformat(),
        "last_day": (TODAY + timedelta(days=last)).isoformat(),
        "reason": "б",
        "comment": "К врачу",
    } | changes
    return await journal.call(who, "POST", f"/diaries/{journal.school.misha}/absence-notices", json=body)


async def attend(journal: Any, who: Any, lesson_id: Any, *but: dict[str, Any]) -> Any:
    return await journal.call(who, "PUT", f"/lessons/{lesson_id}/attendance", json={"but": list(but)})


async def test_a_notice_covers_a_later_absence_with_its_reason(teaching: Any, emitted: Any) -> None:
    school = teaching.school
    assert (await give(teaching, school.mother)).status_code == 201
    lesson_id, _ = await teaching.lesson_ids(school.orlova)
    async with teaching.container.database.uow.begin() as tx:  # the lesson is on the second day of the notice
        await tx.session.execute(text("UPDATE lessons SET date = :day"), {"day": TODAY + timedelta(days=2)})
    absent = [{"pupil_id": str(pupil), "kind": "absent"} for pupil in (school.misha, school.olya)]
    cells = {
        cell["pupil_id"]: cell for cell in (await attend(teaching, school.orlova, lesson_id, *absent)).json()["cells"]
    }
    covered, uncovered = cells[str(school.misha)]["absence"], cells[str(school.olya)]["absence"]
    assert (covered["reason"], covered["has_notice"]) == ("б", True)
    assert (uncovered["reason"], uncovered["has_notice"]) == (None, False)
    recorded = [one for one in await emitted(teaching.container.database) if isinstance(one, AbsenceRecorded)]
    told = {one.pupil_id: one.has_notice for one in recorded}
    assert told == {school.misha: True, school.olya: False}
    async with teaching.container.database.read() as session:
        bodies = (await session.scalars(text("SELECT convert_from(body, 'UTF8') FROM outbox_event"))).all()
    assert not any("К врачу" in body or '"reason"' in body for body in bodies)


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("misha_himself", 403, "not_your_child"),
        ("gromov", 403, "not_your_child"),
        ("orlova", 403, "not_your_child"),
        ("gusev", 404, "pupil_not_found"),
        ("stranger", 404, "pupil_not_found"),
    ],
)
async def test_only_representatives_of_level_2_give_notice(teaching: Any, who: str, status: int, code: str) -> None:
    """J-1, J-21"""
    answer = await give(teaching, getattr(teaching.school, who))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_representative_of_level_1_reads_only(teaching: Any) -> None:
    """J-1"""
    school = teaching.school
    father = school.stranger
    await teaching.hears(school.granted(father, school.misha, "representative", 1))
    answer = await give(teaching, father)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_child")
    seen = await teaching.get(father, f"/diaries/{school.misha}/attendance", params=MONDAY_TO_SUNDAY)
    assert seen.status_code == 200


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (3, 2), (1, 93)])
async def test_a_notice_is_given_before_and_for_a_bounded_time(teaching: Any, first: int, last: int) -> None:
    answer = await give(teaching, teaching.school.mother, first, last)
    assert (answer.status_code, answer.json()["code"]) == (422, "notice_days_wrong")


@pytest.mark.parametrize("changes", [{"reason": "нп"}, {"comment": ""}, {"first_day": 5}, {"x": 1}])
async def test_bad_notices_are_named(teaching: Any, changes: dict[str, Any]) -> None:
    assert (await give(teaching, teaching.school.mother, **changes)).json()["code"] == "validation_failed"


async def test_a_notice_is_withdrawn_before_its_first_day(teaching: Any) -> None:
    school = teaching.school
    path = f"/diaries/{school.misha}/absence-notices"
    later = (await give(teaching, school.mother, 1, 2)).json()["notice_id"]
    today = (await give(teaching, school.mother, 0, 0)).json()["notice_id"]
    begun = await teaching.call(school.mother, "DELETE", f"{path}/{today}")
    assert (begun.status_code, begun.json()["code"]) == (409, "notice_has_begun")
    assert (await teaching.call(school.orlova, "DELETE", f"{path}/{later}")).status_code == 403
    assert (await teaching.call(school.mother, "DELETE", f"{path}/{later}")).status_code == 204
    for gone in (later, uuid4()):
        answer = await teaching.call(school.mother, "DELETE", f"{path}/{gone}")
        assert (answer.status_code, answer.json()["code"]) == (404, "notice_not_found")
    days = {"from": TODAY.isoformat(), "to": (TODAY + timedelta(days=5)).isoformat()}
    seen = await teaching.get(school.orlova, f"/classes/{school.class_7a}/absence-notices", params=days)
    (one,) = seen.json()["items"]
    assert (one["pupil"], one["notice"]["notice_id"]) == ("Соколов Михаил Дмитриевич", today)


async def test_the_class_teacher_gets_to_know(teaching: Any, emitted: Any) -> None:
    """J-21: a notice and its withdrawal are told to whoever leads the class, and not why (P3)."""
    school = teaching.school
    given = await give(teaching, school.mother, 1, 3)
    path = f"/diaries/{school.misha}/absence-notices/{given.json()['notice_id']}"
    assert (await teaching.call(school.mother, "DELETE", path)).status_code == 204
    notice, back = await emitted(teaching.container.database)
    assert isinstance(notice, AbsenceNoticeGiven)
    assert isinstance(back, AbsenceNoticeWithdrawn)
    assert notice.teacher_account_ids == (school.orlova.account_id,)
    assert (notice.first_day, notice.last_day) == (TODAY + timedelta(days=1), TODAY + timedelta(days=3))
    assert notice.notice_id == back.notice_id
    async with teaching.container.database.read() as session:
        bodies = (await session.scalars(text("SELECT convert_from(body, 'UTF8') FROM outbox_event"))).all()
    assert not any("К врачу" in body or '"reason"' in body for body in bodies)


async def test_the_same_notice_twice_is_one(teaching: Any, emitted: Any) -> None:
    """J-21: who taps twice, or both parents: one notice; another comment is another."""
    school = teaching.school
    answers = await asyncio.gather(*(give(teaching, school.mother) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["notice_id"] for answer in answers}) == 1
    other = await give(teaching, school.mother, comment="Билеты уже куплены")
    assert other.json()["notice_id"] != answers[0].json()["notice_id"]
    assert len(await emitted(teaching.container.database)) == 2


async def test_notices_have_an_end(teaching: Any, emitted: Any) -> None:
    """J-21: each is told to the class teacher; one that is withdrawn makes room."""
    mother = teaching.school.mother
    answers = [await give(teaching, mother, comment=f"№ {number}") for number in range(MOST_NOTICES + 1)]
    assert [answer.status_code for answer in answers] == [201] * MOST_NOTICES + [409]
    assert answers[-1].json()["code"] == "too_many_notices"
    assert len(await emitted(teaching.container.database)) == MOST_NOTICES
    path = f"/diaries/{teaching.school.misha}/absence-notices/{answers[0].json()['notice_id']}"
    assert (await teaching.call(mother, "DELETE", path)).status_code == 204
    assert (await give(teaching, mother, comment="ещё одно")).status_code == 201


@pytest.mark.parametrize(
    ("who", "status"),
    [("orlova", 200), ("gromov", 200), ("deputy", 200), ("gusev", 404), ("mother", 404), ("stranger", 404)],
)
async def test_who_reads_notices(teaching: Any, who: str, status: int) -> None:
    """J-21: the class teacher, not every teacher: a reason is P3."""
    path = f"/classes/{teaching.school.class_7a}/absence-notices"
    assert (await teaching.get(getattr(teaching.school, who), path, params=MONDAY_TO_SUNDAY)).status_code == status


async def test_a_calendar_says_which_lessons_were_missed(teaching: Any) -> None:
    """J-22"""
    school = teaching.school
    maths, literature = (await teaching.lesson_ids(school.orlova))[0], (await teaching.lesson_ids(school.gusev))[0]
    misha = {"pupil_id": str(school.misha), "kind": "absent"}
    await attend(teaching, school.orlova, maths, misha | {"absence_reason": "нп"})
    path = f"/diaries/{school.misha}/attendance"
    half = (await teaching.get(school.mother, path, params=MONDAY_TO_SUNDAY)).json()
    assert (half["days_missed"], half["days"][0]["whole_day"]) == (0, False)
    await attend(teaching, school.gusev, literature, misha)
    with teaching.counting() as statements:
        whole = (await teaching.get(school.mother, path, params=MONDAY_TO_SUNDAY)).json()
    assert len(statements) == 8
    (day,) = whole["days"]
    assert [lesson["number"] for lesson in day["lessons"]] == [1, 2]
    assert (day["date"], day["whole_day"], len(day["lessons"])) == ("2026-11-23", True, 2)
    assert whole["total"] == {"absent": 2, "late": 0, "excused": 0, "unexcused": 1, "unknown": 1}
    assert {one["subject"]: one["counts"]["absent"] for one in whole["subjects"]} == {"Математика": 1, "Литература": 1}
    other = await teaching.get(school.stranger, path, params=MONDAY_TO_SUNDAY)
    assert (other.status_code, other.json()["code"]) == (404, "pupil_not_found")
    wrong = await teaching.get(school.mother, path, params={"from": "2026-11-29", "to": "2026-11-23"})
    assert wrong.status_code == 422


async def test_a_calendar_counts_by_period(teaching: Any) -> None:
    """J-22: the periods that the days touch, of the pupil's grade."""
    school = teaching.school
    quarters = [
        {"kind": "quarter", "first_grade": first, "last_grade": last, "number": number, "title": title,
         "starts_on": starts, "ends_on": ends}
        for first, last, number, title, starts, ends in (
            (1, 9, 1, "I четверть", "2026-09-01", "2026-10-25"),
            (1, 9, 2, "II четверть", "2026-11-02", "2026-12-30"),
            (10, 11, 1, "I полугодие", "2026-09-01", "2026-12-30"),
        )
    ]  # fmt: skip
    plan = {"periods": quarters}
    planned = await teaching.call(school.deputy, "PUT", f"/schools/{school.school_id}/periods", json=plan)
    assert planned.is_success, planned.text
    maths, _ = await teaching.lesson_ids(school.orlova)
    await attend(teaching, school.orlova, maths, {"pupil_id": str(school.misha), "kind": "absent"})
    days = {"from": "2026-09-01", "to": "2026-11-29"}
    seen = (await teaching.get(school.mother, f"/diaries/{school.misha}/attendance", params=days)).json()
    assert [(one["period"], one["counts"]["absent"], one["days_missed"]) for one in seen["periods"]] == [
        ("I четверть", 0, 0),
        ("II четверть", 1, 0),
    ]
    one_week = await teaching.get(school.mother, f"/diaries/{school.misha}/attendance", params=MONDAY_TO_SUNDAY)
    assert [one["period"] for one in one_week.json()["periods"]] == ["II четверть"]


async def test_a_trusted_person_reads_attendance_only_if_it_was_granted(teaching: Any) -> None:
    """J-1: granted sections."""
    school = teaching.school
    grandmother = school.stranger
    granted = DelegationActivated(
        grant_id=uuid4(),
        pupil_id=school.misha,
        account_id=grandmother.account_id,
        granted_by_account_id=school.mother.account_id,
        scope=["marks"],
        valid_from=datetime.now(UTC),
        valid_until=datetime.now(UTC) + timedelta(days=9),
        edge_version=1,
    )
    await teaching.hears(granted)
    path = f"/diaries/{school.misha}"
    assert (await teaching.get(grandmother, f"{path}/attendance", params=MONDAY_TO_SUNDAY)).status_code == 404
    assert (await teaching.get(grandmother, f"{path}/points")).status_code == 200


async def test_an_absence_without_notice_is_told_at_once(teaching: Any, emitted: Any) -> None:
    """J-21"""
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    await attend(teaching, school.orlova, lesson_id, {"pupil_id": str(school.misha), "kind": "absent"})
    (told,) = await emitted(teaching.container.database)
    assert isinstance(told, AbsenceRecorded)
    assert (told.kind, told.has_notice, told.lesson_number) == ("absent", False, 1)
