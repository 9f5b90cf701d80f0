"""CPU of the town's processes: what one request costs, application and database apart."""

from collections.abc import Awaitable, Callable

import asyncpg
import psutil

from town.bench.report import Row
from town.up import Town


async def cpu_rows(
    town: Town, name: str, act: Callable[[], Awaitable[object]], *, requests: int, goal: str, note: str
) -> list[Row]:
    """CPU milliseconds of one request to journal: together, in its process, in its PostgreSQL sessions.

    Args:
        town: that runs.
        name: of the rows.
        act: carries out all `requests`; the sessions must be there already.
        requests: how many they are.
        goal: of the sum.
        note: what a request is.
    """
    process = town.runner.process("journal-api")
    assert process is not None, "the town runs"
    sessions = await sessions_of_journal(town)
    before = cpu_of([process.pid]), cpu_of(sessions)
    await act()
    after = cpu_of([process.pid]), cpu_of(sessions)
    spent = [(now - then) * 1000 / requests for now, then in zip(after, before, strict=True)]
    return [
        Row(name, sum(spent), "ms", goal=goal, note=f"{note}; application and database together"),
        Row(f"{name}_app", spent[0], "ms", goal="report", note="journal's process"),
        Row(f"{name}_database", spent[1], "ms", goal="report", note="its PostgreSQL sessions"),
    ]


async def sessions_of_journal(town: Town) -> list[int]:
    """The backends that work for journal's processes."""
    connection = await asyncpg.connect(town.dsn("journal"))
    try:
        return [row[0] for row in await connection.fetch(_SESSIONS)]
    finally:
        await connection.close()


def cpu_of(pids: list[int]) -> float:
    """Seconds of CPU that processes have spent, user and system."""
    spent = 0.0
    for pid in pids:
        times = psutil.Process(pid).cpu_times()
        spent += times.user + times.system
    return spent


_SESSIONS = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'zvonok-journal' AND datname = current_database()"
)
