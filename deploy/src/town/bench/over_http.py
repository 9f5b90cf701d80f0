"""A running town from outside: what a mark costs, and how soon the family sees it."""

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import asyncpg
import httpx

from shared.db import Database, UnitOfWork
from shared.http import Caller, VerifiedToken
from shared.ops.ids import new_id
from shared.testing.statements import Heard, heard_by
from town.bench.ground import grade_of
from town.bench.report import Row, in_turn
from town.demo_school.people import DEMO_PASSWORD, MOTHER, PUPIL, TEACHER, KnownPerson
from town.story import SUBJECT_TITLE
from town.up import Town
from town.up.demo import load_demo_school, this_week

POSTS = 200
AT_ONCE = 4
SAMPLES = 60
LOAD = 300
"""Events/s beside the measured marks."""
ROUNDS = 3


@contextmanager
def town_with_school(home: Path) -> Iterator[Town]:
    """A town of its own for the benchmarks, removed afterwards."""
    with Town.start(home / "bench-town") as town:
        load_demo_school(town, lambda _ru, _en: None, marks=0)
        yield town


class Desk:
    """A teacher with a lesson, a pupil and a form before her, and the pupil's mother."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.lesson_id = ""
        self.body: dict[str, str] = {}
        self.account_ids: dict[str, UUID] = {}

    async def __aenter__(self) -> Self:
        self.client = httpx.AsyncClient(timeout=30, trust_env=False, limits=httpx.Limits(max_connections=20))
        self.teacher = await self._sign_in(TEACHER)
        self.mother = await self._sign_in(MOTHER)
        lessons = await self._get("journal", f"/lessons?week={this_week()}", self.teacher)
        lesson = next(
            one for one in lessons["items"] if (one["class_name"], one["subject_title"]) == ("7А", SUBJECT_TITLE)
        )
        pupils = await self._get("journal", f"/classes/{lesson['class_id']}/pupils", self.teacher)
        pupil = next(one for one in pupils["pupils"] if one["surname"] == PUPIL.surname)
        forms = await self._get("journal", "/control-forms", self.teacher)
        self.lesson_id = lesson["lesson_id"]
        self.body = {
            "pupil_id": pupil["pupil_id"],
            "value": "5",
            "control_form_id": forms["items"][0]["control_form_id"],
        }
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def post_mark(self) -> dict[str, Any]:
        url = f"{self.town.base_url('journal')}/api/journal/v1/lessons/{self.lesson_id}/marks"
        answer = await self.client.post(url, json=self.body, headers=self.teacher)
        answer.raise_for_status()
        mark: dict[str, Any] = answer.json()["mark"]
        return mark

    async def newest_item(self) -> str:
        """When the newest thing in the mother's notification centre happened."""
        found = await self._get("notifications", "/inbox?limit=1", self.mother)
        return str(found["items"][0]["occurred_at"]) if found["items"] else ""

    async def _sign_in(self, person: KnownPerson) -> dict[str, str]:
        url = f"{self.town.base_url('identity')}/api/identity/v1/sessions"
        answer = await self.client.post(url, json={"login": person.login, "password": DEMO_PASSWORD})
        answer.raise_for_status()
        self.account_ids[person.login] = UUID(answer.json()["account_id"])
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def _get(self, service: str, path: str, headers: dict[str, str]) -> Any:
        answer = await self.client.get(f"{self.town.base_url(service)}/api/{service}/v1{path}", headers=headers)
        answer.raise_for_status()
        return answer.json()


async def mark(town: Town) -> list[Row]:
    """Posts of one mark a second over HTTP, against the same SQL through bare asyncpg.

    Without journal's worker: what the bare side writes into the outbox are no events, and never become any.
    """
    town.stop_process("journal-worker")
    try:
        async with Desk(town) as desk:
            statements = await statements_of_a_post(town, desk)

            async def ours() -> float:
                return await _rate(desk.post_mark)

            async def theirs() -> float:
                pool = await asyncpg.create_pool(town.dsn("journal"), min_size=AT_ONCE, max_size=AT_ONCE)
                async with pool:

                    async def replay() -> None:
                        async with pool.acquire() as connection, connection.transaction():
                            await replay_statements(connection, statements)

                    rate = await _rate(replay)
                    await pool.execute("UPDATE outbox_event SET published_at = now() WHERE stream_type = 'bench'")
                    return rate

            value, baseline, ratio = await in_turn(ours, theirs, rounds=ROUNDS)
    finally:
        town.start_process("journal-worker")
    return [Row("mark", value, "posts/s", baseline, ratio, "report", "the same SQL through bare asyncpg")]


async def latency(town: Town) -> list[Row]:
    """From the answer to the teacher until the mother's notification centre shows the mark."""
    async with Desk(town) as desk:
        idle = await _samples(desk)
        async with _loaded(town):
            busy = await _samples(desk)
    return [
        Row("latency_idle_p50", _p(idle, 0.50), "ms", goal="≤ 50"),
        Row("latency_idle_p99", _p(idle, 0.99), "ms", goal="report"),
        Row("latency_300_p50", _p(busy, 0.50), "ms", goal="report", note=f"{LOAD} events/s beside"),
        Row("latency_300_p99", _p(busy, 0.99), "ms", goal="report", note=f"{LOAD} events/s beside"),
    ]


async def _rate(act: Callable[[], Awaitable[object]]) -> float:
    left = POSTS

    async def worker() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await act()

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return POSTS / (time.perf_counter() - start)


async def _samples(desk: Desk) -> list[float]:
    found = []
    for _ in range(SAMPLES):
        posted_at = (await desk.post_mark())["posted_at"]
        start = time.perf_counter()
        async with asyncio.timeout(60):
            while datetime.fromisoformat(await desk.newest_item()) < datetime.fromisoformat(posted_at):
                pass
        found.append((time.perf_counter() - start) * 1000)
    return found


def _p(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[int(share * 100) - 1]


class _loaded:  # noqa: N801 -- reads as a block: async with _loaded(town)
    """Events of other pupils at an even rate through journal's outbox, relay and all consumers."""

    def __init__(self, town: Town) -> None:
        self._database = Database.open(town.database_url("journal"), source="journal")
        self._pupils = [new_id() for _ in range(500)]

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._database.close()

    async def _run(self) -> None:
        sent, start = 0, time.perf_counter()
        while True:
            async with self._database.uow.begin() as tx:
                for _ in range(LOAD // 30):
                    tx.emit(grade_of(self._pupils[sent % len(self._pupils)]))
                    sent += 1
            await asyncio.sleep(max(0.0, start + sent / LOAD - time.perf_counter()))


async def statements_of_a_post(town: Town, desk: Desk) -> list[Heard]:
    """What one post says to PostgreSQL."""
    from journal.class_journal.post_mark import NewMark, post_mark

    new = NewMark(UUID(desk.body["pupil_id"]), "5", UUID(desk.body["control_form_id"]))
    return await statements_of(town, desk, lambda uow, token: post_mark(uow, token, UUID(desk.lesson_id), new))


async def statements_of(
    town: Town, desk: Desk, act: Callable[[UnitOfWork, VerifiedToken], Awaitable[object]]
) -> list[Heard]:
    """What a use case says to PostgreSQL, listened to at the driver's door."""
    database = Database.open(town.database_url("journal"), source="journal", on_begin=())
    now = datetime.now(UTC)
    token = VerifiedToken(
        Caller(desk.account_ids[TEACHER.login], new_id(), now, "pwd"), now, now + timedelta(minutes=15)
    )
    with heard_by(database.engine) as heard:
        await act(database.uow, token)
        # The driver tells of a statement in the loop's next turn.
        await asyncio.sleep(0)
    await database.close()
    return heard


async def replay_statements(connection: Any, statements: list[Heard]) -> None:
    """The same statements, with new ids, in streams of their own: one for each pupil."""
    for statement, heard in statements:
        told = list(heard)
        if statement.lstrip().startswith("INSERT INTO marks"):
            place = _first_of_unnest(statement)
            told[place] = [new_id() for _ in heard[place]]
        elif "INSERT INTO outbox_event" in statement:
            streams = [new_id() for _ in heard[0]]
            types = ["bench"] * len(streams)
            told[:6] = [types, streams, [1] * len(streams), [new_id() for _ in streams], types, streams]
        await connection.fetch(statement, *told)


def _first_of_unnest(statement: str) -> int:
    """Which parameter the ids of new marks are: the statement takes them as its first array."""
    found = re.search(r"unnest\(\$([0-9]+)", statement)
    assert found is not None, statement
    return int(found[1]) - 1
