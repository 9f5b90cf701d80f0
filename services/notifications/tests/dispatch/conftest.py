"""A mail server and an SMS gateway of this process, which can refuse, break off and be away; senders that use them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from notifications.dispatch.send_messages import Sender
from notifications.dispatch.tables import messages
from notifications.settings import Settings
from shared.db import Database
from shared.localstack.ports import choose
from shared.localstack.sms_sink import Answer, Sms, Telephone, app_of


class Sink:
    """A mail server that keeps what it takes. `to_recipient` and `to_text` are its next answers, in their turn."""

    def __init__(self) -> None:
        (self.port,) = choose(1)
        self.kept: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.to_recipient: list[str] = []
        self.to_text: list[str] = []
        self.break_off = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="localhost", loop=loop), "127.0.0.1", self.port
        )

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 -- aiosmtpd
        answer = self.to_recipient.pop(0) if self.to_recipient else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd
        answer = self.to_text.pop(0) if self.to_text else "250 OK"
        if answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.kept.append(message)
            self.recipients.extend(envelope.rcpt_tos)
        if self.break_off:
            self.break_off -= 1
            server.transport.abort()
        return answer


@pytest_asyncio.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink()
    await made.open()
    yield made
    await made.close()


class Gateway:
    """The SMS gateway of a laptop, on a port of its own, which can be away."""

    def __init__(self) -> None:
        (self.port,) = choose(1)
        self.telephone = Telephone()
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        config = uvicorn.Config(app_of(self.telephone), port=self.port, log_config=None, lifespan="off")
        self._server = _Quiet(config)
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            assert not self._serving.done()
            await asyncio.sleep(0.005)

    async def close(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
            self._server = None

    def will(self, *answers: dict[str, Any]) -> None:
        """Lay down the next answers."""
        self.telephone.answers.extend(Answer(**answer) for answer in answers)

    @property
    def kept(self) -> list[Sms]:
        return self.telephone.messages()


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    made = Gateway()
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def sender(database: Database, sink: Sink, our_key: dict[str, Any]) -> Sender:
    settings = Settings(
        database_url="postgresql+asyncpg://unused",
        smtp_host="127.0.0.1",
        smtp_port=sink.port,
        mail_from="no-reply@zvonok.example",
        smtp_timeout=5,
        portal_url="https://portal.zvonok.example",  # type: ignore[arg-type] # pydantic reads it
    )
    return Sender("email", database, settings, our_key, jitter=lambda: 1.0)


@pytest.fixture
def texter(database: Database, gateway: Gateway, our_key: dict[str, Any]) -> Sender:
    settings = Settings(
        database_url="postgresql+asyncpg://unused",
        sms_url=f"http://127.0.0.1:{gateway.port}/messages",  # type: ignore[arg-type] # pydantic reads it
        sms_token="a token",
        sms_timeout=5,
        portal_url="https://portal.zvonok.example",  # type: ignore[arg-type] # the same
    )
    return Sender("sms", database, settings, our_key, jitter=lambda: 1.0)


@pytest.fixture
def rows(database: Database) -> Callable[[], Any]:
    """The messages as they stand, (status, reason, attempts)."""

    async def read() -> list[tuple[str, str | None, int]]:
        query = select(messages.c.status, messages.c.reason, messages.c.attempts).order_by(messages.c.created_at)
        async with database.read() as session:
            return [tuple(row) for row in await session.execute(query)]  # type: ignore[misc]

    return read
