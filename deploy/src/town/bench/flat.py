"""Whether a family's pages stay as fast in a city: 100 thousand marks beside a million, and ten if asked for.

The little city stays while the great one grows, and both are asked in turn: a busy machine is then slow for both.
In the great city each question is for a pupil whom nobody has asked for. The files lie in the
system's cache, if it is as large; PostgreSQL's own buffers (128 MB) hold the little city and a part of the great one.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import typer

from journal.access.read_diary import Reading, reading
from journal.container import Container
from journal.diary.page import Shown, read_week
from journal.diary.performance import read_performance
from journal.diary.spans import Span
from journal.settings import Settings
from journal.weeks import Week
from shared.db.migrate import upgrade
from shared.http import Caller, GivenKeys, VerifiedToken
from shared.ops.ids import new_id
from town.bench.city import fill_city
from town.bench.ground import Ground
from town.bench.report import Row, in_turn

LITTLE = 100_000
GREAT = 1_000_000
"""Marks, unless more are asked for."""
WARM, SAMPLES, ROUNDS = 50, 150, 9

Page = Callable[[Reading, date], Awaitable[None]]
"""Reads a page of an opened diary."""
Asked = tuple[UUID, UUID, date]
"""An account, its pupil, and the last day with marks."""


async def week_flat(ground: Ground, marks: int = GREAT) -> list[Row]:
    """p50 of both pages from who-may to text, at random pupils, for each size of the great city."""
    pages: dict[str, Page] = {"week_flat": _week, "performance_flat": _performance}
    rows: dict[str, Row] = {}
    said: dict[str, list[str]] = {name: [] for name in pages}
    async with _city(ground) as little, _city(ground) as great:
        await little.grow(LITTLE)
        for size in sizes(marks):
            await great.grow(size)
            for name, page in pages.items():
                value, baseline, ratio = await in_turn(great.p50_of(page), little.p50_of(page), rounds=ROUNDS)
                said[name].append(f"{size:,} marks: {value:.2f} ms, {ratio:.2f}")
                note = f"{LITTLE:,} marks. " + "; ".join(said[name])
                rows[name] = Row(name, value, "ms", baseline, ratio, "≤ 1.2", note)
    return list(rows.values())


def sizes(marks: int) -> list[int]:
    """Ten times as many at each step, from a million on, up to `marks`."""
    steps = itertools.takewhile(lambda size: size < marks, (GREAT * 10**n for n in itertools.count()))
    return [*steps, marks]


@dataclass(slots=True)
class City:
    """A journal with many schools, and a process of one connection that reads it."""

    dsn: str
    container: Container
    pupils: Iterator[Asked]

    async def grow(self, marks: int) -> None:
        def told(done: int) -> None:
            typer.echo(f"  {done:,} of {marks:,} marks")

        await fill_city(self.dsn, marks, told)
        connection = await asyncpg.connect(self.dsn)
        try:
            found = await connection.fetch(_SAMPLE, 2 * ROUNDS * (WARM + SAMPLES))
        finally:
            await connection.close()
        self.pupils = itertools.cycle([(row["account_id"], row["pupil_id"], row["day"]) for row in found])

    def p50_of(self, page: Page) -> Callable[[], Awaitable[float]]:
        """Milliseconds; the first answers are not counted: they plan the statements and warm the tops of indexes."""

        async def measured() -> float:
            took = []
            for account_id, pupil_id, day in itertools.islice(self.pupils, WARM + SAMPLES):
                start = time.perf_counter()
                now = datetime.now(UTC)
                token = VerifiedToken(Caller(account_id, new_id(), now, "pwd"), now, now + timedelta(hours=1))
                async with reading(self.container, token, pupil_id) as opened:
                    await page(opened, day)
                took.append(time.perf_counter() - start)
            return statistics.median(took[WARM:]) * 1000

        return measured


async def _week(opened: Reading, day: date) -> None:
    asked = Week(day - timedelta(days=day.weekday()))
    await read_week(opened.connection, opened.diary.pupil, asked, Shown(), opened.grade)


async def _performance(opened: Reading, day: date) -> None:
    await read_performance(opened, Span(None, day - timedelta(days=60), day))


@asynccontextmanager
async def _city(ground: Ground) -> AsyncIterator[City]:
    async with ground.empty_database() as (url, dsn):
        await asyncio.to_thread(upgrade, "journal", url)
        settings = Settings(database_url=url, pool_size=1, master_key=bytes(32), seal_keys=None)
        async with Container.on(settings, GivenKeys([])) as container:
            yield City(dsn, container, iter(()))


# Anywhere among the schools, so that nothing is in the cache because somebody else has just asked for it.
_SAMPLE = """
    SELECT e.account_id, p.pupil_id, d.day
    FROM (SELECT * FROM pupils ORDER BY md5(pupil_id::text) LIMIT $1) p
    JOIN access_edge e ON e.object_type = 'pupil' AND e.object_id = p.pupil_id AND e.relation = 'self'
    CROSS JOIN LATERAL (
      SELECT max(date) AS day FROM marks m
      WHERE m.school_id = p.school_id AND m.pupil_id = p.pupil_id AND m.removed_at IS NULL
    ) d
    ORDER BY md5(p.pupil_id::text)
"""
