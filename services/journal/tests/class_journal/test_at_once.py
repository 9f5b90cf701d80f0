"""What happens at once: writers, the director who closes, the worker that lets points vanish."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from journal.calendar.queries import hold_period
from journal.points.end_points import vanish_points
from shared.contracts.journal import PointSettled, PointVanished
from shared.db import UnitOfWork

AFTER_DUE = datetime(2099, 6, 1, 12, 0, tzinfo=UTC)


async def somebody_waits(lesson: Any) -> None:
    """Until a connection of this database waits for a lock of another."""
    async with asyncio.timeout(20):
        while True:
            waiting = await lesson.sql(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if waiting[0][0]:
                return
            await asyncio.sleep(0.01)


async def test_who_closes_a_period_is_waited_for(lesson: Any, emitted: Any) -> None:
    """J-11, J-19: no mark slips into a period while it closes."""
    await lesson.close_period(closed=False)
    ((period_id,),) = await lesson.sql("SELECT period_id FROM periods")
    database = lesson.journal.container.database
    async with database.uow.begin() as tx:
        await hold_period(tx.session, period_id)
        writing = asyncio.create_task(lesson.put(lesson.add(0)))
        await somebody_waits(lesson)
        await tx.session.execute(
            text("UPDATE periods SET closed_at = now(), closed_by = :who"),
            {"who": lesson.journal.school.gromov.person_id},
        )
    answer = await writing
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")
    assert not await emitted(database)


async def test_writers_are_waited_for_by_who_closes(lesson: Any) -> None:
    """J-19, the other way round; and other writers do not wait for each other's period."""
    await lesson.close_period(closed=False)
    ((period_id,),) = await lesson.sql("SELECT period_id FROM periods")
    database = lesson.journal.container.database

    async def close() -> None:
        async with database.uow.begin() as tx:
            await hold_period(tx.session, period_id)

    async with database.uow.begin() as tx:
        await tx.session.execute(text("SELECT 1 FROM periods FOR SHARE"))
        closing = asyncio.create_task(close())
        await somebody_waits(lesson)
        assert not closing.done()
    await closing


async def test_a_point_ends_once_whoever_is_first(lesson: Any, emitted: Any) -> None:
    """J-15: a mark in its place and its due date at the same moment."""
    await lesson.enrol(8)
    for pupil in range(10):
        await lesson.point(pupil)
    database = lesson.journal.container.database
    later = UnitOfWork(database.sessions, producer="journal", clock=lambda: AFTER_DUE, ids=database.ids)
    answers = await asyncio.gather(
        *(lesson.put(lesson.add(pupil)) for pupil in range(10)), vanish_points(later), vanish_points(later)
    )
    assert all(answer.status_code == 200 and not answer.json()["refused"] for answer in answers[:10])
    await vanish_points(later)
    told = [one.point_id for one in await emitted(database) if isinstance(one, PointSettled | PointVanished)]
    assert len(told) == len(set(told)) == 10
    ((ended, histories),) = await lesson.sql(
        "SELECT (SELECT count(*) FROM points WHERE state IN ('settled', 'vanished')), count(*) FROM point_history"
    )
    assert (ended, histories) == (10, 10)
