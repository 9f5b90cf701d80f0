"""Fault 7: PostgreSQL is restarted in immediate mode, several times, while use cases commit.

Commits are made slow by a deferred trigger, so that at any moment some use cases are inside theirs. The server holds
both services' databases: the consumer goes through the same restarts.
"""

import aio_pika
from sqlalchemy import bindparam, text

from shared.bus import outbox
from shared.bus.relay import ConfirmedChannel, Outgoing
from shared.db import Tx

from .damage import Damage
from .load import Load, keep
from .until import until

SLOW_COMMIT = (
    """CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END $$""",
    """CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON fact DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION linger()""",
)
RESTARTS = 3
WRITERS = 16


async def make_commits_slow(arena) -> None:
    for statement in SLOW_COMMIT:
        await arena.change(arena.identity, statement)


async def some_commit(arena, load: Load) -> None:
    """Returns while transactions are inside their COMMIT."""
    await load.answers(60)
    await until(lambda: _commits(arena), 10, "a use case inside its COMMIT")


async def _commits(arena) -> bool:
    # A deferred trigger has no statement of its own: what pg_stat_activity shows is COMMIT itself.
    return bool(await arena.count(arena.identity, "pg_stat_activity WHERE state = 'active' AND query ILIKE 'commit%'"))


async def test_i1_i2_i3_i4_i6_every_use_case_has_its_event_or_neither_row_nor_event(arena):
    """Answered: row, event, effect, each once. Failed before its commit: nothing. Failed in it: all or nothing."""
    await make_commits_slow(arena)
    load = arena.load(writers=WRITERS)
    async with load.running():
        await arena.start("consumer")
        await arena.start("relay")
        for _ in range(RESTARTS):
            await some_commit(arena, load)
            await arena.servers.restart_postgres_at_once()
        await load.answers(100)
    await arena.assert_unharmed(load)
    assert load.unknown, "no commit was hit"


class Impatient(Load):
    """Use cases that publish to the broker themselves, inside the transaction, before it commits."""

    def __init__(self, arena, channel: ConfirmedChannel) -> None:
        super().__init__(arena.identity, writers=WRITERS)
        self._channel = channel

    async def commit(self, facts, committing) -> None:
        database = self.database
        async with database.sessions() as session, session.begin():
            tx = Tx(session, producer="identity", now=database.clock(), ids=database.ids)
            await keep(tx, facts)
            await outbox.store(session, tx.emissions)
            mine = text("SELECT event_id, type, routing_key, body FROM outbox_event WHERE event_id IN :ids").bindparams(
                bindparam("ids", [e.event_id for e in tx.emissions], expanding=True)
            )
            rows = (await session.execute(mine)).all()
            await self._channel.publish([Outgoing(r.event_id, r.type, r.routing_key, r.body) for r in rows])
            await session.execute(
                text("UPDATE outbox_event SET published_at = now() WHERE event_id IN :ids").bindparams(
                    bindparam("ids", [r.event_id for r in rows], expanding=True)
                )
            )
            committing.set()


async def test_control_i1_events_published_before_the_commit_tell_of_what_never_happened(arena):
    await make_commits_slow(arena)
    connection = await aio_pika.connect(arena.rabbitmq_url("identity"))
    async with connection:
        load = Impatient(arena, await ConfirmedChannel.open(connection, "identity"))
        async with load.running():
            await arena.start("consumer")
            await some_commit(arena, load)
            await arena.servers.restart_postgres_at_once()
            await load.answers(50)
    await arena.at_rest()
    assert Damage.GHOST in (await arena.report()).kinds
