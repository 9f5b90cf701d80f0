"""J-2 on real PostgreSQL: only a higher version replaces, a tombstone stays."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.access import (
    Edge,
    EdgeState,
    Relation,
    access_table,
    cut_off,
    edges_for,
    edges_of,
    end_edge,
    is_cut_off,
    purge_cutoffs,
    record_edge,
    register_cutoffs,
)
from shared.bus import Subscriptions
from shared.contracts.identity import SessionsRevoked
from shared.db import Database, metadata_for

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ME, PUPIL, OTHER = (UUID(int=number) for number in range(1, 4))
EDGE = Edge(
    source="identity",
    edge_id="binding-1",
    account_id=ME,
    relation=Relation.REPRESENTATIVE,
    object_type="pupil",
    object_id=PUPIL,
    version=1,
    school_id=UUID(int=9),
    scope=frozenset({"marks", "homework"}),
    level=2,
    valid_from=NOW,
)
KEYS = [("pupil", PUPIL), ("class", OTHER)]


async def known(database: Database) -> tuple[Edge, ...]:
    async with database.read() as session:
        return await edges_for(session, ME, KEYS)


async def test_an_edge_reads_back_whole(database: Database):
    async with database.uow.begin() as tx:
        assert await record_edge(tx.session, EDGE)
    assert await known(database) == (EDGE,)
    async with database.read() as session:
        assert await edges_for(session, OTHER, KEYS) == ()
        assert await edges_for(session, ME, []) == ()
        assert await edges_of(session, ME, NOW) == (EDGE,)
        assert await edges_of(session, ME, NOW - timedelta(seconds=1)) == ()
        assert await edges_of(session, ME, NOW, object_type="class") == ()


async def test_a_late_grant_does_not_revive(database: Database):
    """J-2: the revoke overtook the grant, whether it knows the edge or not."""
    async with database.uow.begin() as tx:
        assert await end_edge(tx.session, "identity", "binding-1", 2)
        assert not await record_edge(tx.session, EDGE)
        assert not await record_edge(tx.session, replace(EDGE, version=2))
    assert await known(database) == ()


async def test_a_revoke_ends_and_a_newer_grant_begins_again(database: Database):
    async with database.uow.begin() as tx:
        await record_edge(tx.session, EDGE)
        assert await end_edge(tx.session, "identity", "binding-1", 2)
        assert not await end_edge(tx.session, "identity", "binding-1", 2)
    assert await known(database) == ()
    async with database.uow.begin() as tx:
        assert await record_edge(tx.session, replace(EDGE, version=3, level=1))
    assert [edge.level for edge in await known(database)] == [1]


async def test_sources_do_not_touch_each_other(database: Database):
    async with database.uow.begin() as tx:
        await record_edge(tx.session, EDGE)
        await end_edge(tx.session, "delegation", "binding-1", 99)
    assert await known(database) == (EDGE,)


async def test_the_highest_version_wins_in_any_order(database: Database):
    versions = [
        replace(EDGE, version=1, level=1),
        replace(EDGE, version=2, level=2),
        replace(EDGE, version=3, level=2, state=EdgeState.REVOKED),
        replace(EDGE, version=4, level=1),
    ]
    shuffle = random.Random(7)
    for number in range(12):
        story = [replace(edge, edge_id=f"story-{number}") for edge in versions]
        shuffle.shuffle(story)
        async with database.uow.begin() as tx:
            for edge in story:
                await record_edge(tx.session, edge)
    found = await known(database)
    assert {(edge.version, edge.level) for edge in found} == {(4, 1)}
    assert len(found) == 12


async def test_an_active_edge_is_whole(database: Database):
    with pytest.raises(IntegrityError):
        async with database.uow.begin() as tx:
            await tx.session.execute(
                text(
                    "INSERT INTO access_edge (source, edge_id, scope, level, version, state)"
                    " VALUES ('identity', 'x', '{}', 0, 1, 'active')"
                )
            )


async def test_the_released_sql_equals_the_table(database: Database):
    """The bus's own tables have their own test; here those of access, HTTP and cut-offs."""
    metadata = metadata_for("kit")
    access_table(metadata)
    ours = {"access_edge", "token_cutoff", "idempotency"}

    def of_ours(thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
        return (name if kind == "table" else thing.table.name) in ours

    def differences(connection: Any) -> Any:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": of_ours})
        return compare_metadata(context, metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_cutoffs_void_older_tokens_of_account_or_session(database: Database):
    """I-9: an ended session's token is void at once, though it lives 15 minutes."""
    account, session_a, session_b = (UUID(int=number) for number in range(11, 14))
    minute = timedelta(minutes=1)

    async def void(session_id: UUID, issued_at: datetime) -> bool:
        async with database.driver() as connection:
            return await is_cut_off(connection, account, session_id, issued_at)

    assert not await void(session_a, NOW - minute)
    async with database.uow.begin() as tx:
        await cut_off(tx.session, account, NOW, session_a)
    assert await void(session_a, NOW - minute)
    assert not await void(session_b, NOW - minute)
    assert not await void(session_a, NOW)
    async with database.uow.begin() as tx:
        await cut_off(tx.session, account, NOW + minute)
        await cut_off(tx.session, account, NOW - minute)  # replayed and older: changes nothing
    assert await void(session_b, NOW)
    assert not await void(session_b, NOW + minute)
    async with database.uow.begin() as tx:
        await purge_cutoffs(tx.session, NOW + timedelta(days=2))
    assert not await void(session_b, NOW)


async def test_a_service_that_listens_keeps_cutoffs(database, deliver):
    """I-9: `SessionsRevoked` reaches every verifier."""
    subscriptions = Subscriptions("kit", listens=(SessionsRevoked,))
    register_cutoffs(subscriptions)
    event = SessionsRevoked(account_id=ME, session_id=OTHER, not_before=NOW)
    await deliver(database, subscriptions, event)
    async with database.driver() as connection:
        assert await is_cut_off(connection, ME, OTHER, NOW - timedelta(seconds=1))
        assert not await is_cut_off(connection, ME, PUPIL, NOW - timedelta(seconds=1))
