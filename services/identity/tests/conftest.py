"""Identity on a database of its own for every test, over ASGI."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select, text, tuple_

from identity.accounts import passwords
from identity.accounts.tables import account_identifiers
from identity.codes.issue_codes import issue_codes
from identity.container import Container
from identity.main import create_app
from identity.personal_data.contacts import identifiers_meant
from identity.schema import metadata
from identity.school_import.import_school import ImportReport, allow_all, import_school
from identity.sessions.signing_keys import new_key_set
from identity.settings import Settings
from shared.bus.testing import emitted
from shared.contracts.identity import CodeIssued
from shared.crypto import new_sealing_key, public_part, unseal
from shared.testing.documented import Documented
from shared.testing.instants import instants_end_in_z
from shared.testing.stack import Stack
from shared.testing.statements import asked_of

from .tiny_school import Bundle, Known, tiny_school

Ask = Callable[[], Awaitable[httpx.Response]]
SEALING_KEY = new_sealing_key()
SIGNING_KEYS = new_key_set()


@dataclass(frozen=True)
class Identity:
    """The service as a test sees it."""

    container: Container
    http: httpx.AsyncClient

    @property
    def database(self) -> Any:
        return self.container.database

    async def load(self, bundle: Bundle, **options: Any) -> ImportReport:
        given: dict[str, Any] = {"permission": allow_all, "issues_accounts": True, **options}
        return await import_school(self.database, self.container.keys, self.container.passwords, bundle.zip(), **given)

    async def sign_in(self, login: str, password: str) -> httpx.Response:
        return await self.http.post("/api/identity/v1/sessions", json={"login": login, "password": password})

    async def account_id(self, login: str) -> UUID:
        """Whose login it is."""
        wanted = [(each.kind, self.container.keys.find(each)) for each in identifiers_meant(login)]
        identifier = account_identifiers.c
        async with self.database.read() as session:
            found = await session.scalars(
                select(identifier.account_id).where(
                    identifier.signs_in, tuple_(identifier.kind, identifier.value_index).in_(wanted)
                )
            )
            account_id: UUID = found.one()
        return account_id

    async def bearer(self, login: str, password: str) -> dict[str, str]:
        answer = await self.sign_in(login, password)
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest_asyncio.fixture(scope="session")
async def running(stack: Stack) -> AsyncIterator[Identity]:
    """identity on one database for all tests: a new one for each would take minutes."""
    url = await stack.fresh_database("identity")
    settings = Settings(
        database_url=url,
        master_key=b"m" * 32,
        lookup_key=b"l" * 32,
        signing_keys=SIGNING_KEYS,
        sealing_recipients={"notifications": public_part(SEALING_KEY)},
        hashes_at_once=2,
    )
    app = create_app(settings)
    with pytest.MonkeyPatch.context() as cheap:
        # Six accounts a test at full price would take longer than all the rest; a test of I-7 pays it.
        cheap.setattr(passwords, "MEMORY_KIB", 256)
        lifespan = app.router.lifespan_context(app)
        await lifespan.__aenter__()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    told_truly = {"response": [Documented(app.openapi()), instants_end_in_z]}
    async with httpx.AsyncClient(transport=transport, base_url="http://identity", event_hooks=told_truly) as client:
        yield Identity(app.state.container, client)
    await lifespan.__aexit__(None, None, None)
    await stack.drop_database(url)


@pytest_asyncio.fixture
async def identity(running: Identity) -> Identity:
    """identity that knows nobody."""
    tables = [*metadata.tables, "outbox_event", "outbox_stream", "inbox", "inbox_cursor"]
    async with running.database.engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
    return running


@pytest.fixture
def bundle() -> Bundle:
    return tiny_school()


@pytest.fixture
def problem() -> Callable[[httpx.Response], dict[str, Any]]:
    def read(answer: httpx.Response) -> dict[str, Any]:
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        document: dict[str, Any] = json.loads(answer.text)
        return document

    return read


@pytest.fixture(scope="session")
def known() -> type[Known]:
    return Known


@pytest.fixture(scope="session")
def sealing_key() -> dict[str, Any]:
    return SEALING_KEY


class Moment:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Letter:
    """A message as its receiver sees it."""

    event: CodeIssued
    address: str
    code: str | None
    link: str | None


class Post:
    """Everything that was sent with a code or a link, unsealed as notifications would."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.known = 0

    async def issue(self) -> None:
        """What the worker does twice a second."""
        await issue_codes(self.identity.database, self.identity.container.keys)

    async def read(self) -> list[Letter]:
        await self.issue()
        letters = []
        for event in await emitted(self.identity.database):
            if isinstance(event, CodeIssued):
                assert set(event.sealed) == {"notifications"}
                message = json.loads(unseal(SEALING_KEY, event.sealed["notifications"], f"code:{event.code_id}"))
                letters.append(Letter(event, **message))
        return letters

    async def latest(self) -> Letter:
        return (await self.read())[-1]

    async def read_new(self) -> list[Letter]:
        letters = await self.read()
        known, self.known = self.known, len(letters)
        return letters[known:]


@pytest.fixture
def post(identity: Identity) -> Post:
    return Post(identity)


@pytest.fixture
def queries(identity: Identity) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collects the statements that are sent to PostgreSQL meanwhile."""

    return lambda: asked_of(identity.database.engine)


@pytest.fixture
def moment(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> Moment:
    clock = Moment()
    monkeypatch.setattr(identity.database, "clock", clock)
    monkeypatch.setattr(identity.database.uow, "_clock", clock)
    monkeypatch.setattr(identity.container.tokens, "clock", clock)
    return clock


@pytest.fixture(scope="session")
def ratio_of_medians() -> Callable[..., Awaitable[float]]:
    """How many times longer one request takes than another: interleaved, each second round the other way round."""

    async def measure(one: Ask, other: Ask, *, rounds: int = 100, status: int = 202) -> float:
        times: dict[Ask, list[float]] = {one: [], other: []}
        for n in range(rounds):
            for ask in (one, other)[:: 1 if n % 2 else -1]:
                start = time.perf_counter()
                answer = await ask()
                times[ask].append(time.perf_counter() - start)
                assert answer.status_code == status, answer.text
        return median(times[one]) / median(times[other])

    return measure
