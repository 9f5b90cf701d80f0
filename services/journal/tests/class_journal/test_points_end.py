"""J-15: how points end by themselves, and who is reminded of them."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from journal.calendar.queries import find_period
from journal.points import end_points
from journal.points.end_points import settle_points, vanish_points
from journal.points.remind_of_points import remind_of_points
from shared.contracts.journal import PointDueSoon, PointSettled, PointVanished
from shared.db import UnitOfWork


def at(lesson: Any, moment: datetime) -> UnitOfWork:
    """Transactions of another moment, on the same database."""
    database = lesson.journal.container.database
    return UnitOfWork(database.sessions, producer="journal", clock=lambda: moment, ids=database.ids)


def moscow(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Europe/Moscow")).astimezone(UTC)


DUE = date(2099, 5, 20)


async def test_a_point_vanishes_when_its_due_date_has_passed_at_the_school(lesson: Any, emitted: Any) -> None:
    """The school's own midnight counts; what vanished stays in the journal; once."""
    await lesson.enrol(1)
    for pupil in range(3):
        await lesson.point(pupil)
    await lesson.point(2, version=1, due_on="2099-05-21")
    assert await vanish_points(at(lesson, moscow(DUE, 23, 59))) == 0
    after_midnight = moscow(date(2099, 5, 21), 0, 1)
    assert after_midnight.date() == DUE  # in UTC it still is the day before
    with lesson.journal.counting() as statements:
        assert await vanish_points(at(lesson, after_midnight)) == 2
    assert len(statements) == 4
    assert await vanish_points(at(lesson, after_midnight)) == 0
    told = [one for one in await emitted(lesson.journal.container.database) if isinstance(one, PointVanished)]
    assert {(str(one.pupil_id), one.because) for one in told} == {(pupil, "due_date") for pupil in lesson.pupils[:2]}
    history = await lesson.sql("SELECT operation, replaced_by, reason FROM point_history WHERE operation = 'vanished'")
    assert [tuple(row) for row in history] == [("vanished", None, "due_date")] * 2
    states = await lesson.sql("SELECT state, count(*) FROM points GROUP BY state ORDER BY state")
    assert [tuple(row) for row in states] == [("open", 1), ("vanished", 2)]


async def test_a_point_that_was_just_given_another_day_does_not_vanish(lesson: Any) -> None:
    """J-15: its teacher was faster than the job that had read the old day."""
    await lesson.point(0)
    late = at(lesson, moscow(date(2099, 5, 21), 12))
    async with late.begin() as tx:
        wanted = {"now": tx.now, "latest": date(2099, 5, 22), "batch": 10}
        read = (await tx.session.execute(end_points._DUE, wanted)).all()
        await tx.session.execute(text("UPDATE points SET due_on = '2099-06-01'"))
        assert (len(read), await end_points._end(tx, read, settles=False, because="due_date")) == (1, 0)


async def test_a_closing_period_settles_what_is_marked_and_lets_the_rest_vanish(lesson: Any, emitted: Any) -> None:
    """J-15, J-19: a mark that was there before the point is what it is about, not what settles it."""
    await lesson.enrol(2)
    control = await lesson.journal.form("Контрольная работа")
    await lesson.put(lesson.add(1, "2"))
    for pupil in (0, 1, 2):
        await lesson.point(pupil, kind="planned", control_form_id=control)
    await lesson.put(lesson.add(0, "5"))  # of another form: the planned work stays open, yet the cell is marked
    await lesson.close_period(closed=False)
    ((period_id,),) = await lesson.sql("SELECT period_id FROM periods")
    database = lesson.journal.container.database
    async with database.uow.begin() as tx:
        period = await find_period(tx.session, period_id)
        assert period is not None
        assert await settle_points(tx, period) == 3
    async with database.uow.begin() as tx:
        assert await settle_points(tx, period) == 0
    ended = {str(one.pupil_id): one for one in await emitted(database) if isinstance(one, PointSettled | PointVanished)}
    assert isinstance(ended[lesson.pupils[0]], PointSettled)
    assert [ended[pupil].because for pupil in lesson.pupils[1:3]] == ["period_end", "period_end"]


async def test_families_are_reminded_once_and_not_at_night(lesson: Any, emitted: Any) -> None:
    """Two days before, by the school's clock; another due date is another reminder."""
    await lesson.point(comment="Нет работы")
    for moment in (moscow(date(2099, 5, 17), 12), moscow(date(2099, 5, 18), 7), moscow(date(2099, 5, 18), 20)):
        assert await remind_of_points(at(lesson, moment)) == 0
    noon = at(lesson, moscow(date(2099, 5, 18), 8))
    assert await remind_of_points(noon) == 1
    assert await remind_of_points(noon) == 0
    (told,) = [one for one in await emitted(lesson.journal.container.database) if isinstance(one, PointDueSoon)]
    assert (told.due_on, told.kind, told.control_form.name) == (DUE, "debt", "Ответ на уроке")
    await lesson.point(version=1, due_on="2099-05-25")
    assert await remind_of_points(noon) == 0
    assert await remind_of_points(at(lesson, moscow(date(2099, 5, 23), 12))) == 1
    await lesson.put(lesson.add(0))
    assert await remind_of_points(at(lesson, moscow(date(2099, 5, 24), 12))) == 0


async def test_open_points_stand_in_one_place(lesson: Any) -> None:
    """J-15: for the family, the next due first; nobody else's."""
    school, get = lesson.journal.school, lesson.journal.get
    await lesson.point(comment="Нет работы")
    await lesson.point(1)
    answer = await get(school.mother, f"/diaries/{school.misha}/points")
    assert answer.status_code == 200, answer.text
    (point,) = answer.json()["items"]
    assert (point["subject"], point["kind"], point["due_on"], point["comment"], point["author"]) == (
        "Математика",
        "debt",
        "2099-05-20",
        "Нет работы",
        "Орлова Марина Сергеевна",
    )
    await lesson.put(lesson.add(0))
    assert (await get(school.mother, f"/diaries/{school.misha}/points")).json() == {"items": []}
    assert (await get(school.stranger, f"/diaries/{school.misha}/points")).status_code == 404
    assert (await get(school.mother, f"/diaries/{school.olya}/points")).status_code == 404
