"""support over ASGI, on a database of its own and with a clock that the test moves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from shared.contracts import Event
from shared.contracts.identity import AccountRegistered, StaffAssigned
from shared.crypto import new_sealing_key, public_part
from shared.ops.ids import new_id
from shared.testing.clock import HeldClock
from shared.testing.instants import WATCHED
from shared.testing.signing import Signing
from support.consumers import subscriptions
from support.container import Container
from support.main import create_app
from support.settings import Settings

API = "/api/support/v1"
NOTIFICATIONS_KEY = new_sealing_key()
EMAIL = "sokolova@zvonok.example"
PHONE = "+7 900 000-00-02"


@dataclass
class Support:
    """The service as a frontend sees it."""

    app: FastAPI
    container: Container
    client: httpx.AsyncClient
    clock: HeldClock
    signing: Signing
    agent: UUID = field(default_factory=new_id)
    mother: UUID = field(default_factory=new_id)
    stranger: UUID = field(default_factory=new_id)
    school_id: UUID = field(default_factory=new_id)
    assignment_id: UUID = field(default_factory=new_id)
    person_id: UUID = field(default_factory=new_id)
    notifications_key: dict[str, Any] = field(default_factory=lambda: NOTIFICATIONS_KEY)
    deliver: Any = None
    emitted: Any = None

    @property
    def database(self) -> Any:
        return self.container.database

    async def hears(self, *events: Event) -> None:
        await self.deliver(self.database, subscriptions, *events)

    async def says(self) -> list[Event]:
        found: list[Event] = await self.emitted(self.database)
        return found

    def registered(self, **changes: Any) -> AccountRegistered:
        told: dict[str, Any] = {
            "account_id": self.mother,
            "surname": "Соколова",
            "given_name": "Анна",
            "patronymic": "Викторовна",
        }
        return AccountRegistered(**(told | changes))

    def assigned(self, **changes: Any) -> StaffAssigned:
        told: dict[str, Any] = {
            "school_id": self.school_id,
            "person_id": self.person_id,
            "assignment_id": self.assignment_id,
            "account_id": self.agent,
            "source_id": "t-agent",
            "surname": "Котова",
            "given_name": "Ирина",
            "role": "agent",
            "valid_from": date(2026, 9, 1),
            "edge_version": 1,
        }
        return StaffAssigned(**(told | changes))

    def ticket(self, **changes: Any) -> dict[str, Any]:
        body = {
            "type": "access",
            "email": EMAIL,
            "phone": PHONE,
            "subject": "Не могу войти",
            "text": "Пишет, что пароль неверен.\nВчера входила.",
        }
        return {name: value for name, value in (body | changes).items() if value is not None}

    async def call(self, who: UUID | None, method: str, path: str, **options: Any) -> httpx.Response:
        headers = options.pop("headers", {})
        if who is not None:
            # Tokens of tests outlive what the clock is moved by.
            headers = self.signing.bearer(who, lifetime=timedelta(days=400)) | headers
        return await self.client.request(method, API + path, headers=headers, **options)

    async def file(self, who: UUID | None = None, *, address: str = "198.51.100.7", **changes: Any) -> httpx.Response:
        options = dict(changes.pop("options", {}))
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 40000))
        async with httpx.AsyncClient(transport=transport, base_url="http://support", event_hooks=WATCHED) as client:
            headers = dict(options.pop("headers", {}))
            if who is not None:
                headers |= self.signing.bearer(who, lifetime=timedelta(days=400))
            return await client.post(f"{API}/tickets", json=self.ticket(**changes), headers=headers, **options)

    async def filed(self, who: UUID | None = None, **changes: Any) -> dict[str, Any]:
        answer = await self.file(who, **changes)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def answer(self, number: str, version: int, **changes: Any) -> httpx.Response:
        body = {"text": "Пароль сброшен, проверьте почту.", "version": version} | changes
        return await self.call(self.agent, "POST", f"/desk/tickets/{number}/answer", json=body)

    async def move(self, number: str, status: str, version: int, **changes: Any) -> httpx.Response:
        if status == "on_hold" and "hold" not in changes:
            changes["hold"] = {"reason": "Ждём школу", "until": (self.clock.now + timedelta(days=2)).isoformat()}
        body = {"status": status, "version": version} | changes
        return await self.call(self.agent, "POST", f"/desk/tickets/{number}/status", json=body)

    async def rows(self, table: str) -> list[dict[str, Any]]:
        async with self.database.read() as session:
            found = await session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 -- names of our own tables
            return [dict(row) for row in found.mappings()]

    async def whole_database(self) -> str:
        """Everything that is kept, as text; bytes both as hex and as what they may spell."""
        tables = await self._tables()
        parts: list[str] = []
        for table in tables:
            for row in await self.rows(f'"{table}"'):
                parts += [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row.values()]
        return "\n".join(parts)

    async def counts(self) -> dict[str, int]:
        """Rows per table."""
        return {table: len(await self.rows(f'"{table}"')) for table in await self._tables()}

    async def _tables(self) -> list[str]:
        async with self.database.read() as session:
            found = await session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            return [row.tablename for row in found]


@pytest_asyncio.fixture
async def support(
    service_database: Callable[[str], Awaitable[str]], signing: Signing, deliver: Any, emitted: Any
) -> AsyncIterator[Support]:
    """support that has heard of nobody."""
    settings = Settings(
        database_url=await service_database("support"),
        master_key=b"m" * 32,
        sealing_recipients={"notifications": public_part(NOTIFICATIONS_KEY)},
    )
    clock = HeldClock()

    def open_container(settings: Settings) -> AbstractAsyncContextManager[Container]:
        return Container.on(settings, signing.key_source, clock)

    app = create_app(settings, open_container)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://support", event_hooks=WATCHED) as client,
    ):
        yield Support(app, app.state.container, client, clock, signing, deliver=deliver, emitted=emitted)


@pytest_asyncio.fixture
async def desk(support: Support) -> Support:
    """support with an agent at the desk."""
    await support.hears(support.assigned(), support.registered())
    return support
