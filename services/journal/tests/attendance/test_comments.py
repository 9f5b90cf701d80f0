"""Law 7: what a family writes of an absence may tell of an illness; the database cannot read it."""

import asyncio
import base64
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from journal.attendance.comments import KeptComment
from shared.crypto import FieldUnreadable, FieldVault
from shared.db.migrate import upgrade
from shared.testing.stack import Stack

BEFORE = "0018"
"""The last version that kept comments in clear."""
SECRET = "К врачу: ветрянка"
KNOWN = "Читать параграф 7"


@asynccontextmanager
async def connected(url: str) -> Any:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


async def places_of(url: str, wanted: str) -> set[str]:
    """The tables in which a text stands, as text or as bytes."""
    found = set()
    async with connected(url) as connection:
        for (table,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            rows = await connection.fetch(f'SELECT t::text AS line FROM "{table}" t')  # noqa: S608 - a table's name
            if any(wanted in row["line"] or wanted.encode().hex() in row["line"] for row in rows):
                found.add(table)
    return found


async def test_a_comment_stands_nowhere_in_clear(teaching: Any) -> None:
    """Law 7, J-21: control: another text is found in its table, and the family reads the comment as it was written."""
    school, url = teaching.school, teaching.container.settings.database_url
    tomorrow = (datetime.now(ZoneInfo("Europe/Moscow")).date() + timedelta(days=1)).isoformat()
    body = {"first_day": tomorrow, "last_day": tomorrow, "reason": "б", "comment": SECRET}
    given = await teaching.call(school.mother, "POST", f"/diaries/{school.misha}/absence-notices", json=body)
    assert (given.status_code, given.json()["comment"]) == (201, SECRET)
    lesson_id, _ = await teaching.lesson_ids(school.orlova)
    task = await teaching.call(school.orlova, "POST", f"/lessons/{lesson_id}/homework", json={"text": KNOWN})
    assert task.status_code == 201
    assert "homework" in await places_of(url, KNOWN)
    assert await places_of(url, SECRET) == set()
    days = {"from": tomorrow, "to": tomorrow}
    seen = await teaching.get(school.mother, f"/diaries/{school.misha}/attendance", params=days)
    assert [notice["comment"] for notice in seen.json()["notices"]] == [SECRET]
    of_class = await teaching.get(school.gromov, f"/classes/{school.class_7a}/absence-notices", params=days)
    assert [one["notice"]["comment"] for one in of_class.json()["items"]] == [SECRET]


def test_a_comment_opens_in_its_own_row_only() -> None:
    vault, notice_id = FieldVault(b"m" * 32), uuid4()
    kept = KeptComment.of(vault, notice_id, SECRET)
    assert kept.read(vault, notice_id) == SECRET
    with pytest.raises(FieldUnreadable):
        kept.read(vault, uuid4())
    with pytest.raises(FieldUnreadable):
        kept.read(FieldVault(b"n" * 32), notice_id)
    assert KeptComment.of(vault, notice_id, None) == KeptComment(None, None)


async def test_comments_of_before_are_encrypted_by_the_migration(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 7: without the key it gives up and leaves everything as it was."""
    url, key = await stack.empty_database("journal"), b"k" * 32
    await asyncio.to_thread(upgrade, "journal", url, BEFORE)
    said, silent = uuid4(), uuid4()
    async with connected(url) as connection:
        await connection.execute("ALTER TABLE absence_notices DROP CONSTRAINT absence_notices_school_id_pupil_id_fkey")
        await connection.executemany(
            """
            INSERT INTO absence_notices (school_id, notice_id, pupil_id, first_day, last_day, reason, comment,
                                         given_by, given_at)
            VALUES ($1, $2, $1, '2026-11-23', '2026-11-24', 'б', $3, $1, now())
            """,
            [(uuid4(), said, SECRET), (uuid4(), silent, None)],
        )
    assert await places_of(url, SECRET) == {"absence_notices"}
    monkeypatch.delenv("ZVONOK_MASTER_KEY", raising=False)
    with pytest.raises(RuntimeError, match="ZVONOK_MASTER_KEY"):
        await asyncio.to_thread(upgrade, "journal", url)
    assert await places_of(url, SECRET) == {"absence_notices"}
    monkeypatch.setenv("ZVONOK_MASTER_KEY", base64.b64encode(key).decode())
    await asyncio.to_thread(upgrade, "journal", url)
    assert await places_of(url, SECRET) == set()
    async with connected(url) as connection:
        rows = await connection.fetch("SELECT notice_id, data_key, comment FROM absence_notices")
    kept = {row["notice_id"]: KeptComment(row["data_key"], row["comment"]) for row in rows}
    assert kept[said].read(FieldVault(key), said) == SECRET
    assert kept[silent] == KeptComment(None, None)
    await stack.drop_database(url)
