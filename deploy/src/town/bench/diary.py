"""What a family's pages cost: beside a bare route that says the same bytes, and in CPU."""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from journal.backpack.rules import norm_grams
from journal.diary.page import WEEK, Shown
from journal.diary.performance import PERFORMANCE
from journal.weeks import Week
from town.bench.cpu import cpu_rows
from town.bench.over_http import Desk
from town.bench.report import Row, in_turn
from town.bench.wire import body_of, rate_of, written
from town.up import Town
from town.up.demo import this_week

MARKS = 100
"""Of the measured pupil."""
REQUESTS = 1500
AT_ONCE = 8
ROUNDS = 5
CPU_REQUESTS = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the running journal, and the one statement that the bare route answers with."""

    name: str
    url: str
    headers: dict[str, str]
    statement: str
    arguments: list[Any]


async def week(town: Town) -> list[Row]:
    """The week's page over HTTP, against a bare route with the same bytes."""
    return await _beside_bare(town, "week")


async def performance(town: Town) -> list[Row]:
    """The performance table with 100 marks, likewise."""
    return await _beside_bare(town, "performance")


async def performance_cpu(town: Town) -> list[Row]:
    """CPU of the journal's process and of its PostgreSQL sessions for one performance table with 100 marks."""
    page = (await _pages(town))["performance"]
    await rate_of(page.url, page.headers, requests=200, at_once=AT_ONCE)

    async def ask() -> float:
        return await rate_of(page.url, page.headers, requests=CPU_REQUESTS - AT_ONCE, at_once=AT_ONCE)

    return await cpu_rows(town, "performance_cpu", ask, requests=CPU_REQUESTS, goal="≤ 4", note=f"{MARKS} marks")


async def _beside_bare(town: Town, name: str) -> list[Row]:
    page = (await _pages(town))[name]
    async with _bare(town.dsn("journal"), page) as url:
        ours, theirs = await body_of(page.url, page.headers), await body_of(url, {})
        if ours != theirs:
            raise RuntimeError(f"not the same bytes:\n{ours!r}\n{theirs!r}")

        async def own() -> float:
            return await rate_of(page.url, page.headers, requests=REQUESTS, at_once=AT_ONCE)

        async def bare() -> float:
            return await rate_of(url, {}, requests=REQUESTS, at_once=AT_ONCE)

        value, baseline, ratio = await in_turn(own, bare, rounds=ROUNDS)
    note = f"bare FastAPI, one prepared query, the same {len(ours):,} bytes"
    return [Row(name, value, "requests/s", baseline, ratio, "≥ 0.5", note)]


async def _pages(town: Town) -> dict[str, Page]:
    async with Desk(town) as desk:
        pupil_id, headers = UUID(desk.body["pupil_id"]), desk.mother
    connection = await asyncpg.connect(town.dsn("journal"))
    try:
        pupil = await connection.fetchrow(_PUPIL, pupil_id)
        await _give_marks(connection, pupil)
    finally:
        await connection.close()
    base = f"{town.base_url('journal')}/api/journal/v1/diaries/{pupil_id}"
    shown, asked = Shown(behaviour=Week.asked(this_week()).may_be_judged(pupil["today"])), Week.asked(this_week())
    of_week = [
        pupil["school_id"], pupil_id, asked.monday, asked.sunday, asked.sunday,
        norm_grams(pupil["grade"]), shown.timetable, shown.marks, shown.homework, shown.attendance, shown.reasons,
        shown.behaviour, shown.done,
    ]  # fmt: skip
    of_table = [pupil["school_id"], pupil_id, None, None, None, None, pupil["today"], pupil["grade"], True]
    pages = {}
    for name, path, statement, arguments in (
        ("week", f"/weeks/{asked}", WEEK, of_week),
        ("performance", "/performance", PERFORMANCE, of_table),
    ):
        # What stands before the statement's own text is the same for every answer to this reader.
        body = (await body_of(base + path, headers)).decode()
        text = await _text(town.dsn("journal"), statement, arguments)
        head = body.removesuffix(text.lstrip("{ "))
        framed = f"SELECT ${len(arguments) + 1}::text || ltrim(page, '{{ ') FROM ({statement}) AS one(page)"  # noqa: S608
        pages[name] = Page(name, base + path, headers, framed, [*arguments, head])
    return pages


async def _text(dsn: str, statement: str, arguments: list[Any]) -> str:
    connection = await asyncpg.connect(dsn, server_settings={"timezone": "UTC"})
    try:
        text: str = await connection.fetchval(statement, *arguments)
        return text
    finally:
        await connection.close()


async def _give_marks(connection: Any, pupil: Any) -> None:
    """Lessons of the weeks before this one, and marks in all of them until there are `MARKS`."""
    await connection.execute(_EARLIER_LESSONS, pupil["school_id"], pupil["class_id"])
    await connection.execute(_GIVE_MARKS, pupil["school_id"], pupil["class_id"], pupil["pupil_id"], MARKS)


@asynccontextmanager
async def _bare(dsn: str, page: Page) -> AsyncIterator[str]:
    """The bare application in a process of its own; answers the page's address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = {
        "dsn": dsn,
        "port": port,
        "routes": {page.name: {"statement": page.statement, "arguments": [written(one) for one in page.arguments]}},
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bare.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        process = subprocess.Popen([sys.executable, "-m", "town.bench.bare", str(file)])  # noqa: ASYNC220, S603
        try:
            await _answers(port)
            yield f"http://127.0.0.1:{port}/{page.name}"
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)


async def _answers(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


_PUPIL = """
    SELECT p.school_id, p.pupil_id, p.class_id, c.grade, (now() AT TIME ZONE s.time_zone)::date AS today
    FROM pupils p JOIN classes c USING (school_id, class_id) JOIN schools s USING (school_id)
    WHERE p.pupil_id = $1
"""
_EARLIER_LESSONS = """
    INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at, room,
                         topic)
    SELECT l.school_id, gen_random_uuid(), l.class_id, l.subject_id, l.teacher_id, l.date - 7 * w, l.number,
           l.starts_at, l.ends_at, l.room, l.topic
    FROM lessons l, generate_series(1, 9) w WHERE l.school_id = $1 AND l.class_id = $2
      AND l.date >= date_trunc('week', now())::date
    ON CONFLICT DO NOTHING
"""
_GIVE_MARKS = """
    INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, author_id,
                       posted_at, comment)
    SELECT l.school_id, gen_random_uuid(), $3, l.lesson_id, l.subject_id, l.date, (2 + random() * 3)::int::text,
           f.control_form_id, l.teacher_id, now(), CASE WHEN n % 4 = 0 THEN 'Хорошая работа, но не забывай о знаках' END
    FROM (
      SELECT *, row_number() OVER (ORDER BY md5(lesson_id::text)) AS n FROM lessons
      WHERE school_id = $1 AND class_id = $2 AND date <= now()::date
    ) l
    JOIN LATERAL (
      SELECT control_form_id FROM control_forms WHERE school_id = $1 ORDER BY md5(control_form_id::text || n) LIMIT 1
    ) f ON true
    WHERE n <= $4 - (SELECT count(*) FROM marks WHERE school_id = $1 AND pupil_id = $3 AND removed_at IS NULL)
"""
