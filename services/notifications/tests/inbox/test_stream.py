"""The event stream over a real connection: the application under uvicorn on a port of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
import uvicorn

from notifications.container import Container
from notifications.inbox.tables import copies
from notifications.inbox.watch import Watch
from notifications.main import create_app
from notifications.settings import Settings
from shared.contracts.identity import SessionsRevoked
from shared.db import Database
from shared.http import TokenVerifier
from shared.localstack.ports import choose
from shared.ops.ids import new_id
from shared.testing.signing import AUDIENCE, ISSUER, Signing
from shared.testing.statements import heard_by

DEADLINE = 10.0


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
def watch(database: Database) -> Watch:
    return Watch(database, pause=0.02, most=3, most_of_account=2)


@pytest_asyncio.fixture
async def server(database: Database, signing: Signing, watch: Watch) -> AsyncIterator[uvicorn.Server]:
    settings = Settings(database_url="postgresql+asyncpg://unused")
    verifier = TokenVerifier(signing.key_source, ISSUER, AUDIENCE)
    app = create_app(settings)
    app.state.container = Container(settings, database, verifier, watch)
    (port,) = choose(1)
    server = _Quiet(uvicorn.Config(app, port=port, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done()
        await asyncio.sleep(0.005)
    yield server
    server.should_exit = True
    await serving
    await watch.close()


@pytest.fixture
def address(server: uvicorn.Server) -> str:
    return f"http://127.0.0.1:{server.config.port}/api/notifications/v1/inbox/stream"


class Stream:
    """An open stream, read event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()
        self.last_id: str | None = None

    async def next(self) -> tuple[str, Any]:
        """The next event, its name and data."""
        event: dict[str, str] = {}
        async with asyncio.timeout(DEADLINE):
            async for line in self._lines:
                if not line and "data" in event:
                    self.last_id = event.get("id", self.last_id)
                    return event["event"], json.loads(event["data"])
                name, _, value = line.partition(":")
                event[name] = value.strip()
        raise EOFError

    async def next_item(self) -> dict[str, Any]:
        while True:
            name, data = await self.next()
            if name == "item":
                found: dict[str, Any] = data
                return found


@pytest.fixture
def listening(address: str, signing: Signing) -> Callable[..., Any]:
    """Open a stream of an account."""

    @asynccontextmanager
    async def opened(account_id: UUID, last_id: str | None = None, **headers: str) -> AsyncIterator[Stream]:
        asked = signing.bearer(account_id) | headers | ({"Last-Event-ID": last_id} if last_id else {})
        async with (
            httpx.AsyncClient(timeout=DEADLINE) as client,
            client.stream("GET", address, headers=asked) as answer,
        ):
            yield Stream(answer)

    return opened


async def test_counts_come_first_and_then_what_happens(family: Any, tell: Any, listening: Any) -> None:
    """N-2, N-3: in the reader's language, with the counts after it; what was there before is not said again."""
    await tell(*family.everything(), family.posted("4"))
    async with listening(family.mother, **{"Accept-Language": "en"}) as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert "no-store" in stream.answer.headers.get_list("cache-control", split_commas=True)
        assert await stream.next() == (
            "counts",
            {"unread": 1, "actionable": 0, "categories": {"marks": {"unread": 1, "actionable": 0}}},
        )
        await tell(family.posted("зачёт"))
        name, item = await stream.next()
        assert (name, item["title"], item["state"]) == ("item", "Алгебра: pass", "unread")
        name, counts = await stream.next()
        assert (name, counts["unread"]) == ("counts", 2)


async def test_reading_on_another_device_changes_the_counts(
    family: Any, tell: Any, listening: Any, reader: Any
) -> None:
    """N-2."""
    await tell(*family.everything(), family.posted("4"))
    async with listening(family.mother) as stream:
        assert (await stream.next())[1]["unread"] == 1
        (item,) = await reader(family.mother).items()
        await reader(family.mother).post(f"/inbox/{item['id']}/read")
        assert await stream.next() == ("counts", {"unread": 0, "actionable": 0, "categories": {}})


async def test_what_was_missed_is_replayed(family: Any, tell: Any, listening: Any, clock: Any) -> None:
    """N-2: `Last-Event-ID`; whatever arrived since, in its order."""
    await tell(*family.everything(), family.posted("2"))
    clock.advance(minutes=2)
    async with listening(family.mother) as stream:
        await stream.next()
    await tell(family.posted("3"), family.posted("4"))
    async with listening(family.mother, stream.last_id) as again:
        assert [(await again.next())[1]["title"] for _ in range(2)] == ["Алгебра: 3", "Алгебра: 4"]
        name, counts = await again.next()
        assert (name, counts["unread"]) == ("counts", 3)


async def test_an_item_that_commits_late_is_not_left_out(
    family: Any, tell: Any, listening: Any, database: Database
) -> None:
    """Places are given out before a transaction commits: a lower one may become visible after a higher one."""
    await tell(*family.everything(), family.posted("2"), family.posted("3"))
    async with database.uow.begin() as slow, listening(family.mother) as stream:
        await stream.next()
        # As a handler of another lane would: its place is taken now, its commit comes after the next mark's.
        notice = await slow.session.execute(
            copies.delete().where(copies.c.recipient_id == family.mother).returning(copies)
        )
        first = min(notice.all(), key=lambda row: row.seq)
        await slow.session.execute(
            copies.insert().values({name: value for name, value in first._mapping.items() if name != "seq"})
        )
        await tell(family.posted("5"))
        assert (await stream.next_item())["title"] == "Алгебра: 5"
        await slow.session.commit()
        assert (await stream.next_item())["title"] == "Алгебра: 2"


async def test_more_than_is_worth_saying_is_a_reload(
    family: Any, tell: Any, listening: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-2: the client reads the list; the stream goes on from there."""
    monkeypatch.setattr("notifications.inbox.stream.MOST_AT_ONCE", 2)
    await tell(*family.everything(), family.posted("2"))
    clock.advance(minutes=2)
    async with listening(family.mother) as stream:
        await stream.next()
    await tell(*(family.posted("3") for _ in range(5)))
    async with listening(family.mother, stream.last_id) as again:
        assert [(await again.next())[0] for _ in range(2)] == ["reload", "counts"]
        await tell(family.posted("5"))
        assert (await again.next_item())["title"] == "Алгебра: 5"


async def test_nobody_hears_of_others(family: Any, tell: Any, listening: Any) -> None:
    """J-2, N-6: own items; and nothing more about a pupil after access was lost."""
    await tell(*family.everything())
    async with listening(family.father) as father, listening(family.mother) as mother:
        await father.next()
        await tell(family.unbound(family.father), family.posted("4"), family.ticket(new_id(), account_id=family.father))
        assert (await mother.next_item())["title"] == "Алгебра: 4"
        assert (await father.next_item())["category"] == "support"


@pytest.mark.parametrize("how", ["token", "session"])
async def test_a_stream_ends_with_its_token(
    family: Any, tell: Any, listening: Any, clock: Any, watch: Watch, how: str
) -> None:
    """Nothing more goes to who may not ask any more."""
    await tell(*family.everything())
    async with listening(family.mother) as stream:
        await stream.next()
        if how == "token":
            clock.advance(days=3650)
        else:
            await tell(SessionsRevoked(account_id=family.mother, session_id=None, not_before="2100-01-01T00:00:00Z"))
        await tell(family.ticket(new_id(), account_id=family.mother))
        with pytest.raises(EOFError):
            await stream.next()
    await _all_gone(watch)


async def test_streams_are_bounded(family: Any, listening: Any, watch: Watch) -> None:
    """Of one person and of the process; who goes makes room."""
    async with listening(family.mother) as one, listening(family.mother), listening(family.mother) as third:
        await one.next()
        assert third.answer.status_code == 429
        assert third.answer.headers["retry-after"] == "30"
        assert json.loads(await third.answer.aread())["code"] == "too_many_streams"
        async with listening(family.father) as father, listening(family.grandmother) as fourth:
            assert (father.answer.status_code, fourth.answer.status_code) == (200, 429)
    await _all_gone(watch)
    async with listening(family.mother) as again:
        assert again.answer.status_code == 200


async def test_a_process_that_is_told_to_stop_ends_its_streams(
    family: Any, listening: Any, server: uvicorn.Server, watch: Watch
) -> None:
    """Else it would stay as long as the token is good."""
    async with listening(family.mother) as stream:
        await stream.next()
        server.should_exit = True
        with pytest.raises((EOFError, httpx.RemoteProtocolError)):
            await stream.next()
    await _all_gone(watch)


async def test_without_a_token_there_is_no_stream(address: str) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(address)).status_code == 401


async def test_a_strange_place_is_no_place(family: Any, listening: Any) -> None:
    """A client would come back with it for ever."""
    async with listening(family.mother, "nonsense") as stream:
        assert (await stream.next())[0] == "counts"


async def test_all_streams_of_a_process_are_one_look(family: Any, tell: Any, listening: Any, database: Any) -> None:
    """N-2: cheap enough for thousands: a quiet stream costs no statement of its own."""
    await tell(*family.everything())
    async with listening(family.mother) as one, listening(family.father) as other:
        await one.next()
        await other.next()
        await tell(family.posted("4"))
        await one.next_item()
        await other.next_item()
        with heard_by(database.engine) as seen:
            while len(seen) < 5:  # noqa: ASYNC110 -- what is awaited is what somebody else executes
                await asyncio.sleep(0.01)
    assert all("unnest" in sql and "notice_copy" in sql for sql, _ in seen[1:])


async def _all_gone(watch: Watch) -> None:
    async with asyncio.timeout(DEADLINE):
        while watch._listeners:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
