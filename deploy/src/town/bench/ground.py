"""What benchmarks of the bus stand on: private durable servers, a virtual host, databases with the bus in them."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Self
from uuid import UUID

import asyncpg
from sqlalchemy import text

from shared.bus import Subscriptions
from shared.bus import schema as bus_schema
from shared.bus.topology import definitions
from shared.contracts.journal import ControlForm, GradePosted
from shared.db import Database
from shared.localstack.broker import BrokerAdmin
from shared.localstack.secrets import SecretBook
from shared.localstack.source import servers_of
from shared.ops.ids import new_id


class Ground:
    """Servers of one run of the benchmarks."""

    def __init__(self, home: Path) -> None:
        self._servers = servers_of(home, SecretBook(home / "secrets.json"))
        self.vhost = f"bench_{secrets.token_hex(4)}"
        self.broker: BrokerAdmin

    def __enter__(self) -> Self:
        try:
            self._servers.start()
            self.broker = BrokerAdmin(self._servers.rabbitmq.address)
            self.broker.create_vhost(self.vhost)
            listener = Subscriptions("notifications", listens=(GradePosted,))
            self.broker.import_definitions(definitions([listener], self.vhost), vhost=self.vhost)
        except BaseException:
            self._servers.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.broker.delete_vhost(self.vhost)
        self._servers.stop()

    @property
    def rabbitmq_url(self) -> str:
        return self._servers.rabbitmq.address.url(vhost=self.vhost)

    @asynccontextmanager
    async def empty_database(self) -> AsyncIterator[tuple[str, str]]:
        """SQLAlchemy's URL and the driver's DSN of a fresh database with nothing in it, dropped afterwards."""
        address = self._servers.postgres.address
        name = f"bench_{secrets.token_hex(4)}"
        admin = await asyncpg.connect(address.dsn())
        await admin.execute(f"CREATE DATABASE {name}")
        try:
            yield address.sqlalchemy_url(name), address.dsn(name)
        finally:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await admin.close()

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[Database]:
        """A fresh database with the bus and the table `effect`, dropped afterwards."""
        async with self.empty_database() as (url, _):
            database = Database.open(url, source=service)
            try:
                async with database.engine.begin() as connection:
                    for statement in bus_schema.split(bus_schema.statements(1)):
                        await connection.execute(text(statement))
                    await connection.execute(text("CREATE TABLE effect (event_id uuid, pupil_id uuid, value text)"))
                yield database
            finally:
                await database.close()

    async def say_grades(self, database: Database, count: int) -> None:
        """Fill an outbox with `count` events of 600 pupils, as a school day would."""
        pupils = [new_id() for _ in range(600)]
        for start in range(0, count, 500):
            async with database.uow.begin() as tx:
                for n in range(start, min(start + 500, count)):
                    tx.emit(grade_of(pupils[n % len(pupils)]))

    async def bodies(self, database: Database) -> Sequence[tuple[UUID, str, str, bytes]]:
        """What the relay of this database would publish, in its order."""
        async with database.read() as session:
            rows = await session.execute(text("SELECT event_id, type, routing_key, body FROM outbox_event ORDER BY id"))
            return [(row.event_id, row.type, row.routing_key, row.body) for row in rows]


def grade_of(pupil_id: UUID) -> GradePosted:
    """An event of ordinary size: about 1 KB on the wire."""
    form = ControlForm(control_form_id=new_id(), name="Контрольная работа", category="control", weight=5)
    return GradePosted(
        school_id=new_id(),
        pupil_id=pupil_id,
        class_id=new_id(),
        mark_id=new_id(),
        lesson_id=new_id(),
        lesson_date=date(2026, 11, 23),
        subject_id=new_id(),
        subject_title="Алгебра",
        value="5",
        control_form=form,
        comment="Отличная работа, решены все задачи",
        teacher_person_id=new_id(),
        teacher_name="Иванова Мария Петровна",
        posted_at=datetime.now(UTC),
        average=Decimal("4.44"),
    )
