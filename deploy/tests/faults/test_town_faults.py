"""The whole town under load: any process killed, RabbitMQ killed, PostgreSQL restarted at once.

Teachers' marks are posted over HTTP as a frontend would: again with the same Idempotency-Key until there is an answer.
Beside them journal says 300 events a second.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shared.db import Database
from shared.ops.ids import new_id
from town.bench.ground import grade_of
from town.bench.over_http import Desk

from .until import until

EVENTS_PER_SECOND = 300
PER_TRANSACTION = 10
POSTERS = 2
PROCESSES = ("journal-api", "journal-worker", "notifications-worker", "notifications-api", "identity-api")
OTHERS = ("identity-worker", "delegation-api", "delegation-worker", "support-api", "support-worker")


class Marks:
    """Marks posted during a fault; each is told from all others by its comment."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._run = uuid4().hex
        self.answered: set[str] = set()
        self.answer_lost: set[str] = set()
        self.tries = 0
        self.stopped = False

    @property
    def pattern(self) -> str:
        return f"{self._run}-%"

    async def answers(self, more: int, seconds: float = 60) -> None:
        goal = len(self.answered) + more
        await until(lambda: len(self.answered) >= goal, seconds, f"{more} marks answered")

    async def post(self) -> None:
        """One teacher after another mark."""
        while not self.stopped:
            await self._one(f"{self._run}-{uuid4().hex}")

    async def _one(self, comment: str) -> None:
        url = f"{self._desk.town.base_url('journal')}/api/journal/v1/lessons/{self._desk.lesson_id}/marks"
        headers = self._desk.teacher | {"Idempotency-Key": str(uuid4())}
        while True:
            self.tries += 1
            with suppress(httpx.TransportError):
                answer = await self._desk.client.post(url, json=self._desk.body | {"comment": comment}, headers=headers)
                if answer.is_success:
                    self.answered.add(comment)
                    return
                if answer.status_code == httpx.codes.CONFLICT and "answer_lost" in answer.text:
                    self.answer_lost.add(comment)
                    return
                assert answer.status_code == httpx.codes.CONFLICT or answer.is_server_error, answer.text
            await asyncio.sleep(0.05)


async def talk(database: Database, marks: Marks) -> None:
    """Events of other pupils at an even rate; what fails, fails."""
    pupils = [new_id() for _ in range(100)]
    loop = asyncio.get_running_loop()
    due, said = loop.time(), 0
    while not marks.stopped:
        with suppress(Exception):
            async with database.uow.begin() as tx:
                for _ in range(PER_TRANSACTION):
                    said += 1
                    tx.emit(grade_of(pupils[said % len(pupils)]))
        due = max(due + PER_TRANSACTION / EVENTS_PER_SECOND, loop.time() - 1)
        await asyncio.sleep(max(0, due - loop.time()))


@asynccontextmanager
async def loaded(town) -> AsyncIterator[Marks]:
    """Marks and events, for as long as the block lasts; afterwards everything that was promised is checked."""
    database = Database.open(town.database_url("journal"), source="journal")
    try:
        async with Desk(town) as desk:
            marks = Marks(desk)
            async with asyncio.TaskGroup() as group:
                for _ in range(POSTERS):
                    group.create_task(marks.post())
                group.create_task(talk(database, marks))
                try:
                    await marks.answers(20)
                    yield marks
                    await marks.answers(20)
                finally:
                    marks.stopped = True
    finally:
        await database.close()
    await until(lambda: drained(town), 90, "the town to drain by itself")
    await nothing_lost_nothing_twice(town, marks)


async def ask(town, service: str, statement: str, *values):
    connection = await asyncpg.connect(town.dsn(service))
    try:
        return await connection.fetch(statement, *values)
    finally:
        await connection.close()


async def drained(town) -> bool:
    """I6, in every service."""
    for service in town.services:
        [row] = await ask(
            town,
            service,
            """SELECT (SELECT count(*) FROM outbox_event WHERE published_at IS NULL)
                    + (SELECT count(*) FROM inbox WHERE status IN ('pending', 'waiting')) AS left""",
        )
        if row["left"]:
            return False
    said = await ask(town, "journal", "SELECT stream_type, stream_id, last_seq FROM outbox_stream")
    reached = await ask(town, "notifications", "SELECT stream_key, last_seq FROM inbox_cursor")
    cursors = {row["stream_key"]: row["last_seq"] for row in reached}
    return all(cursors.get(f"journal/{s['stream_type']}:{s['stream_id']}") == s["last_seq"] for s in said)


async def nothing_lost_nothing_twice(town, marks: Marks) -> None:
    """I1, I2, I3: a mark per answer, an event per mark, a notice per event."""
    kept = await ask(town, "journal", "SELECT mark_id, comment FROM marks WHERE comment LIKE $1", marks.pattern)
    comments = [row["comment"] for row in kept]
    assert len(comments) == len(set(comments)), "a mark was posted twice"
    assert set(comments) == marks.answered | marks.answer_lost
    said = await ask(
        town,
        "journal",
        """SELECT event_id, convert_from(body, 'UTF8')::jsonb #>> '{data,mark_id}' AS mark_id FROM outbox_event
           WHERE type = 'journal.grade_posted.v1'""",
    )
    of_marks = [row["mark_id"] for row in said if row["mark_id"] in {str(row["mark_id"]) for row in kept}]
    assert sorted(of_marks) == sorted(str(row["mark_id"]) for row in kept)
    notices = {row["id"] for row in await ask(town, "notifications", "SELECT id FROM notice")}
    assert {row["event_id"] for row in said} <= notices
    for service in town.services:
        [row] = await ask(town, service, "SELECT count(*) AS dead FROM inbox WHERE status = 'dead'")
        assert row["dead"] == 0, service


@pytest.mark.parametrize("names", [PROCESSES, OTHERS], ids=["on the way of a mark", "beside it"])
async def test_i1_i2_i3_i6_any_process_of_the_town_killed_under_load(names, town):
    async with loaded(town) as marks:
        for name in names:
            await asyncio.to_thread(town.kill, name)
            await asyncio.to_thread(town.start_process, name)
            await marks.answers(10)


async def test_i1_i2_i3_i6_law_4_rabbitmq_killed_under_load_and_marks_are_still_posted(town):
    async with loaded(town) as marks:
        await asyncio.to_thread(town.rabbitmq.kill)
        await marks.answers(30)
        await asyncio.to_thread(town.rabbitmq.start)


async def test_i1_i2_i3_i6_postgresql_restarted_at_once_under_load(town):
    async with loaded(town) as marks:
        for _ in range(2):
            await asyncio.to_thread(town.postgres.restart, "immediate")
            await marks.answers(20)
