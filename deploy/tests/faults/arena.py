"""Two services with nothing but the bus on servers that may be killed: identity speaks, notifications listens."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import aio_pika
import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.bus import Subscriptions
from shared.bus import schema as bus_schema
from shared.bus.topology import definitions, permissions
from shared.contracts.identity import PupilLeft
from shared.db import Database
from shared.localstack.broker import BrokerAdmin
from shared.localstack.postgres import EmbeddedPostgres
from shared.localstack.rabbitmq import EmbeddedRabbit

from .actor import Orders
from .damage import Effect, Evidence, Report, Said, examine
from .load import Load
from .nursery import Nursery, Worker
from .until import until

FACT = "CREATE TABLE fact (fact_id uuid PRIMARY KEY, stream_id uuid NOT NULL)"
# No constraint at all: what happens twice must show.
EFFECT = "CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, fact_id uuid, stream_id uuid, seq bigint)"
POISON = "CREATE TABLE poison (fact_id uuid PRIMARY KEY, kind text NOT NULL)"
QUEUE = "notifications.inbox"


@dataclass(frozen=True, slots=True)
class PrivateServers:
    """A PostgreSQL and a RabbitMQ of these tests alone."""

    postgres: EmbeddedPostgres
    rabbitmq: EmbeddedRabbit

    def freeze_rabbitmq(self) -> None:
        """Connections stay open and nobody answers any more: what is sent from now on is unconfirmed."""
        assert self.rabbitmq.process is not None
        self.rabbitmq.process.signal(signal.SIGSTOP)

    def thaw_rabbitmq(self) -> None:
        """So that one test that fails while it is frozen is not followed by all the others."""
        if self.rabbitmq.process is not None:
            with suppress(ProcessLookupError):
                self.rabbitmq.process.signal(signal.SIGCONT)

    async def restart_rabbitmq(self, stop: Callable[[], None]) -> None:
        await asyncio.to_thread(stop)
        await asyncio.to_thread(self.rabbitmq.start)

    async def restart_postgres_at_once(self) -> None:
        await asyncio.to_thread(self.postgres.restart, "immediate")


@dataclass
class Arena:
    """One test's databases, virtual host and worker processes."""

    servers: PrivateServers
    nursery: Nursery
    identity: Database
    notifications: Database
    vhost: str
    passwords: dict[str, str]
    log: Path
    children: list[Worker] = field(default_factory=list)

    def load(self, **options: Any) -> Load:
        return Load(self.identity, **options)

    def rabbitmq_url(self, user: str) -> str:
        return self.servers.rabbitmq.address.url(user=user, password=self.passwords[user], vhost=self.vhost)

    # Worker processes

    async def start(self, role: str, *, die: str | None = None, at: int = 1, without: str | None = None) -> Worker:
        """Start a relay or a consumer; `die` names the step and `at` which visit of it is the last."""
        service, database = {
            "relay": ("identity", self.identity),
            "consumer": ("notifications", self.notifications),
        }[role]
        url = database.engine.url.render_as_string(hide_password=False)
        orders = Orders(role, url, self.rabbitmq_url(service), str(self.log), die=die, at=at, without=without)
        child = await self.nursery.start(orders)
        self.children.append(child)
        return child

    async def died(self, child: Worker, seconds: float = 30) -> None:
        """Wait until a process has killed itself; any other end is a failure of the test."""
        await asyncio.wait([child.ended], timeout=seconds)
        assert child.ended.done(), "still alive"
        assert child.ended.result() == -signal.SIGKILL, self.log.read_text()

    async def start_and_await_death(self, role: str, step: str, *, at: int = 1, without: str | None = None) -> None:
        await self.died(await self.start(role, die=step, at=at, without=without))

    async def stop_children(self) -> None:
        for child in self.children:
            child.kill()
        for child in self.children:
            await child.ended

    # What came of it

    async def rows(self, database: Database, statement: str, **values: Any) -> list[Any]:
        for _ in range(3):  # connections of before a restart are dead; the pool drops them when one is noticed
            with suppress(DBAPIError):
                return await self._ask(database, statement, values)
        return await self._ask(database, statement, values)

    async def _ask(self, database: Database, statement: str, values: dict[str, Any]) -> list[Any]:
        async with database.read() as session:
            return list(await session.execute(text(statement), values))

    async def count(self, database: Database, what: str) -> int:
        [row] = await self.rows(database, f"SELECT count(*) AS n FROM {what}")  # noqa: S608 -- written in these tests
        return int(row.n)

    async def change(self, database: Database, statement: str, **values: Any) -> None:
        async with database.sessions.begin() as session:
            await session.execute(text(statement), values)

    async def hurry(self) -> None:
        """Make what backs off due now."""
        await self.change(
            self.notifications,
            "UPDATE inbox SET next_attempt_at = now() WHERE status = 'pending' AND next_attempt_at > now()",
        )

    async def queued(self) -> int:
        """Ready messages in the queue; -1 when the broker cannot be asked."""
        try:
            connection = await aio_pika.connect(self.servers.rabbitmq.address.url(vhost=self.vhost), timeout=3)
            async with connection, await connection.channel() as channel:
                queue = await channel.declare_queue(QUEUE, passive=True)
                return int(queue.declaration_result.message_count or 0)
        except (aio_pika.exceptions.AMQPError, OSError, TimeoutError):
            return -1

    async def purge_queue(self) -> int:
        """Throw the queue's messages away, as no application may; answers how many."""
        connection = await aio_pika.connect(self.servers.rabbitmq.address.url(vhost=self.vhost))
        async with connection, await connection.channel() as channel:
            queue = await channel.get_queue(QUEUE, ensure=False)
            return int((await queue.purge()).message_count or 0)

    async def evidence(self) -> Evidence:
        facts = await self.rows(self.identity, "SELECT fact_id FROM fact")
        outbox = await self.rows(
            self.identity,
            """SELECT (convert_from(body, 'UTF8')::jsonb #>> '{data,school_id}')::uuid AS fact_id, stream_id,
                 stream_seq, published_at IS NOT NULL AS published FROM outbox_event ORDER BY id""",
        )
        queued = await self.queued()
        inbox = await self.rows(self.notifications, "SELECT stream_key, stream_seq, status FROM inbox")
        effects = await self.rows(self.notifications, "SELECT fact_id, stream_id, seq FROM effect ORDER BY n")
        return Evidence(
            facts=frozenset(row.fact_id for row in facts),
            said=[Said(row.fact_id, row.stream_id, row.stream_seq, row.published) for row in outbox],
            effects=[Effect(row.fact_id, row.stream_id, row.seq) for row in effects],
            statuses={(UUID(row.stream_key.partition(":")[2]), row.stream_seq): row.status for row in inbox},
            queued=queued,
        )

    async def drained(self, seconds: float = 40) -> None:
        """I6: wait until everything is through, by itself.

        Raises:
            TimeoutError: with what is still on its way.
        """
        try:
            await until(self._through, seconds, "drained")
        except TimeoutError:
            raise TimeoutError(
                f"not drained: {examine(await self.evidence())}\n{self.log.read_text()[-4000:]}"
            ) from None

    async def _through(self) -> bool:
        if await self.count(self.identity, "outbox_event WHERE published_at IS NULL") or await self.queued():
            return False
        if await self.count(self.notifications, "inbox WHERE status IN ('pending', 'waiting')"):
            return False
        effects = await self.count(self.notifications, "(SELECT DISTINCT fact_id FROM effect) AS e")
        return effects >= await self.count(self.identity, "fact")

    async def at_rest(self, seconds: float = 40) -> None:
        """For controls, where something may never come: wait until nothing moves any more, whatever is missing."""
        quiet = 0

        async def nothing_moves() -> bool:
            nonlocal quiet
            moves = (
                await self.count(self.identity, "outbox_event WHERE published_at IS NULL")
                or await self.queued()
                or await self.count(self.notifications, "inbox WHERE status = 'pending'")
            )
            quiet = 0 if moves else quiet + 1
            return quiet >= 10

        await until(nothing_moves, seconds, "at rest")

    async def report(self) -> Report:
        return examine(await self.evidence())

    async def assert_unharmed(self, load: Load, seconds: float = 40) -> None:
        """All of I1, I2, I3, I4, I6, and that the load was worth the name."""
        await self.drained(seconds)
        evidence = await self.evidence()
        report = examine(evidence)
        assert not report.kinds, str(report)
        assert load.answered <= evidence.facts, "answered, but not there"
        assert not load.refused & evidence.facts, "failed before the commit, but there"
        assert evidence.facts <= load.answered | load.unknown
        assert len(evidence.facts) >= 300


@asynccontextmanager
async def arena_on(servers: PrivateServers, nursery: Nursery, log: Path) -> AsyncIterator[Arena]:
    """Fresh databases and a fresh virtual host, gone afterwards."""
    suffix = secrets.token_hex(4)
    address = servers.postgres.address
    names = {service: f"{service}_{suffix}" for service in ("identity", "notifications")}
    admin = await asyncpg.connect(address.dsn())
    for name in names.values():
        await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    broker = BrokerAdmin(servers.rabbitmq.address)
    vhost = f"faults_{suffix}"
    passwords = {service: secrets.token_hex(8) for service in names}
    await asyncio.to_thread(_topology, broker, vhost, passwords)
    arena = Arena(
        servers=servers,
        nursery=nursery,
        identity=await _database(address.sqlalchemy_url(names["identity"]), "identity", FACT),
        notifications=await _database(address.sqlalchemy_url(names["notifications"]), "notifications", EFFECT, POISON),
        vhost=vhost,
        passwords=passwords,
        log=log,
    )
    try:
        yield arena
    finally:
        servers.thaw_rabbitmq()
        await arena.stop_children()
        await arena.identity.close()
        await arena.notifications.close()
        await asyncio.to_thread(broker.delete_vhost, vhost)
        admin = await asyncpg.connect(address.dsn())
        for name in names.values():
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def _database(url: str, service: str, *tables: str) -> Database:
    database = Database.open(url, source=service)
    async with database.engine.begin() as connection:
        for statement in [*bus_schema.split(bus_schema.statements(1)), *tables]:
            await connection.execute(text(statement))
    return database


def _topology(broker: BrokerAdmin, vhost: str, passwords: dict[str, str]) -> None:
    """The generated topology, as far as these two services need it, and their users with their rights."""
    whole = definitions([Subscriptions("notifications", listens=(PupilLeft,))], vhost)
    needed = {"identity.events", "unrouted", QUEUE, f"{QUEUE}.dead"}
    broker.create_vhost(vhost)
    broker.import_definitions(
        {
            part: [item for item in whole[part] if item.get("name", item.get("source")) in needed]
            for part in ("exchanges", "queues", "bindings", "policies")
        },
        vhost=vhost,
    )
    for user, password in passwords.items():
        broker.put_user(user, password)
        broker.permit(user, vhost=vhost, **permissions(user))
