"""The worker's part: carry ordered imports out, each exactly once, however often the process dies (I-13).

Claimed by locking the order's row, which PostgreSQL lets go of when the process is killed; done by the import's own
transaction. Killed before its commit: nothing has happened, and the next worker begins anew. Killed after it: the
outcome stands, and nobody begins at all.
"""

import asyncio
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.passwords import Passwords
from identity.errors import BundleRefused, ImportForbidden
from identity.personal_data.keeping import PersonalDataKeys
from identity.school_import.import_school import ImportReport, import_school
from identity.school_import.order_import import archive_place
from identity.school_import.permission import CallerPermission, is_operator
from identity.school_import.tables import import_orders, import_outcomes, import_progress
from shared.db import Database, Tx

MOST_ATTEMPTS = 5
"""A bundle that kills the process each time must not do so for ever."""
KEPT_FOR = timedelta(days=30)
_BETWEEN_WRITES = 0.2
"""Seconds; a progress bar needs no more."""


async def work_off_imports(database: Database, keys: PersonalDataKeys, passwords: Passwords) -> int:
    """Carry out what waits, one after the other; replicas take different ones. Answers how many."""
    count = 0
    while await _work_off_one(database, keys, passwords):
        count += 1
    return count


async def purge_imports(session: AsyncSession, now: datetime) -> None:
    """Forget old outcomes, and archives that a killed process left behind after its import was done."""
    done = exists().where(import_outcomes.c.import_id == import_orders.c.import_id)
    await session.execute(
        update(import_orders).where(import_orders.c.archive.is_not(None), done).values(archive=None, data_key=None)
    )
    old = select(import_outcomes.c.import_id).where(import_outcomes.c.finished_at < now - KEPT_FOR)
    await session.execute(delete(import_orders).where(import_orders.c.import_id.in_(old)))


async def _work_off_one(database: Database, keys: PersonalDataKeys, passwords: Passwords) -> bool:
    order = import_orders.c
    async with database.sessions() as claim, claim.begin():
        found = await claim.execute(
            select(import_orders)
            .where(order.archive.is_not(None), ~exists().where(import_outcomes.c.import_id == order.import_id))
            .order_by(order.import_id)
            .limit(1)
            # NO KEY: the outcome, written by the import's own transaction, refers to this row.
            .with_for_update(skip_locked=True, key_share=True)
        )
        claimed = found.one_or_none()
        if claimed is None:
            return False
        progress = _Progress(database, claimed.import_id)
        if await progress.begin() > MOST_ATTEMPTS:
            await _conclude(database, claimed.import_id, "failed", {})
        else:
            await _carry_out(database, keys, passwords, claimed, progress)
        await claim.execute(
            update(import_orders).where(order.import_id == claimed.import_id).values(archive=None, data_key=None)
        )
    return True


async def _carry_out(
    database: Database, keys: PersonalDataKeys, passwords: Passwords, order: Row[Any], progress: "_Progress"
) -> None:
    key = keys.vault.open_person_key(order.data_key)
    archive = key.decrypt_bytes(archive_place(order.import_id), order.archive)
    async with database.read() as session:
        operator = await is_operator(session, order.account_id)

    async def conclude(tx: Tx, report: ImportReport) -> None:
        await tx.session.execute(_outcome(order.import_id, "done", _told(report), tx.now))

    async with progress:
        try:
            report = await import_school(
                database,
                keys,
                passwords,
                archive,
                permission=CallerPermission(order.account_id),
                issues_accounts=operator,
                dry_run=order.dry_run,
                progress=progress,
                conclude=conclude,
            )
        except BundleRefused as refused:
            await _conclude(database, order.import_id, "refused", _mistakes(refused))
        except ImportForbidden:
            await _conclude(database, order.import_id, "forbidden", {})
        else:
            if order.dry_run:
                # Taken back with all the rest.
                await _conclude(database, order.import_id, "done", _told(report))


async def _conclude(database: Database, import_id: UUID, outcome: str, report: dict[str, Any]) -> None:
    async with database.uow.begin() as tx:
        await tx.session.execute(_outcome(import_id, outcome, report, tx.now))


def _outcome(import_id: UUID, outcome: str, report: dict[str, Any], now: datetime) -> Any:
    return insert(import_outcomes).values(import_id=import_id, outcome=outcome, report=report, finished_at=now)


def _told(report: ImportReport) -> dict[str, Any]:
    return {
        "school_id": str(report.school_id),
        "dry_run": report.dry_run,
        "changed": report.changed,
        "counts": {name: asdict(counts) for name, counts in report.counts.items()},
        "events": report.events,
    }


def _mistakes(refused: BundleRefused) -> dict[str, Any]:
    return {
        "count": len(refused.mistakes),
        "mistakes": [
            {
                "file": each.file,
                "rule": each.rule,
                "line": each.line,
                "column": each.column,
                "details": dict(each.details),
            }
            for each in refused.mistakes[: BundleRefused.SHOWN]
        ],
    }


class _Progress:
    """How far one import is, written beside it now and then: called from its transaction, seen from outside."""

    def __init__(self, database: Database, import_id: UUID) -> None:
        self._database = database
        self._import_id = import_id
        self._told: tuple[str, int, int] = ("read", 0, 1)
        self._news = asyncio.Event()

    def __call__(self, step: str, done: int, total: int) -> None:
        self._told = (step, done, total)
        self._news.set()

    async def begin(self) -> int:
        """Count this attempt, before anything can kill the process; answers its number."""
        values = {"import_id": self._import_id, "attempts": 1, "step": "read", "done": 0, "total": 1}
        async with self._database.sessions.begin() as session:
            return int(
                (
                    await session.execute(
                        upsert(import_progress)
                        .values(values)
                        .on_conflict_do_update(
                            index_elements=[import_progress.c.import_id],
                            set_={"attempts": import_progress.c.attempts + 1, "step": "read", "done": 0, "total": 1},
                        )
                        .returning(import_progress.c.attempts)
                    )
                ).scalar_one()
            )

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._write_now_and_then())

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._write()

    async def _write_now_and_then(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._write()
            await asyncio.sleep(_BETWEEN_WRITES)

    async def _write(self) -> None:
        step, done, total = self._told
        async with self._database.sessions.begin() as session:
            await session.execute(
                update(import_progress)
                .where(import_progress.c.import_id == self._import_id)
                .values(step=step, done=done, total=total)
            )
