"""What connecting a school costs: 1,500 pupils with their families, beside a plain COPY of the same rows."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from identity.accounts.passwords import Passwords
from identity.personal_data.keeping import PersonalDataKeys
from identity.school_import.import_school import allow_all, import_school
from shared.db import Database
from shared.db.migrate import upgrade
from town.bench.ground import Ground
from town.bench.report import Row, in_turn
from town.demo_school.model import Week
from town.demo_school.oneroster import write_bundle
from town.demo_school.school import found_school

ROUNDS = 3
WEEK = Week.parse("2026-W48")
TABLES = (
    "schools", "school_years", "subjects", "classes", "people", "enrolments", "class_groups", "group_members",
    "guardianships", "staff_assignments",
    "outbox_stream", "outbox_event",
)  # fmt: skip
"""What an import fills when it hands out no accounts; in the order in which they refer to each other."""


async def import_1500(ground: Ground) -> list[Row]:
    """Seconds from the archive's bytes to the commit, events and encryption included (I-13: under 10)."""
    archive, pupils = _bundle()
    keys = PersonalDataKeys.from_secrets(master_key=b"m" * 32, lookup_key=b"l" * 32, recipients={})
    passwords = Passwords(1)

    async def imported() -> float:
        async with _identity(ground) as (database, _):
            return await _import(database, keys, passwords, archive)

    async def copied() -> float:
        async with _identity(ground) as (source, dsn), _identity(ground) as (_, empty_dsn):
            await _import(source, keys, passwords, archive)
            return await _copy(dsn, empty_dsn)

    async def repeated() -> float:
        async with _identity(ground) as (database, _):
            await _import(database, keys, passwords, archive)
            return await _import(database, keys, passwords, archive)

    try:
        ours, plain, ratio = await in_turn(imported, copied, rounds=ROUNDS)
        again = await repeated()
    finally:
        passwords.close()
    return [
        Row("import_1500", ours, "s", plain, ratio, goal="≤ 10 s", note=f"COPY of the same rows; {pupils} pupils"),
        Row("import_1500_again", again, "s", goal="report", note="the same bundle, nothing changes"),
    ]


def _bundle() -> tuple[bytes, int]:
    school = found_school(week=WEEK, seed=1, size="large")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "school.zip"
        write_bundle(school, file)
        return file.read_bytes(), sum(len(each.pupils) for each in school.classes)


async def _import(database: Database, keys: PersonalDataKeys, passwords: Passwords, archive: bytes) -> float:
    start = time.perf_counter()
    await import_school(database, keys, passwords, archive, permission=allow_all, issues_accounts=False)
    return time.perf_counter() - start


async def _copy(source_dsn: str, target_dsn: str) -> float:
    """Seconds that PostgreSQL alone takes for the rows, indexes and foreign keys included."""
    source, target = await asyncpg.connect(source_dsn), await asyncpg.connect(target_dsn)
    said: list[tuple[str, list[str], list[tuple[Any, ...]]]] = []
    try:
        for table in TABLES:
            columns = [row[0] for row in await source.fetch(_COLUMNS, table)]
            rows = await source.fetch(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 -- our own names
            said.append((table, columns, [tuple(row) for row in rows]))
        start = time.perf_counter()
        async with target.transaction():
            for table, columns, records in said:
                await target.copy_records_to_table(table, columns=columns, records=records)
        return time.perf_counter() - start
    finally:
        await source.close()
        await target.close()


_COLUMNS = """
    SELECT column_name::text FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


@asynccontextmanager
async def _identity(ground: Ground) -> AsyncIterator[tuple[Database, str]]:
    """A fresh database with identity's own tables, dropped afterwards."""
    async with ground.empty_database() as (url, dsn):
        await asyncio.to_thread(upgrade, "identity", url)
        database = Database.open(url, source="identity")
        try:
            yield database, dsn
        finally:
            await database.close()
