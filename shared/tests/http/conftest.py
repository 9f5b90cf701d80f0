"""A small service made of the kit alone: what every service inherits is proved here once."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, File, Request, UploadFile
from pydantic import BaseModel, Field
from sqlalchemy import Column, Integer, MetaData, Table, func, select, text
from sqlalchemy import Text as TextType

from shared.db import Database, metadata_for
from shared.http import (
    Body,
    CurrentCaller,
    NotFound,
    Page,
    PageQuery,
    RecentCaller,
    Text,
    TokenVerifier,
    TooManyRequests,
    cursor_of,
    responses,
    service_app,
)
from shared.ops.settings import ServiceSettings
from shared.testing.clock import HeldClock
from shared.testing.signing import AUDIENCE, ISSUER, Signing
from shared.testing.stack import Stack

LIMIT = 4096
_metadata = MetaData()
notes = Table("note", _metadata, Column("id", Integer, primary_key=True), Column("text", TextType))


class NoteNotFound(NotFound):
    code = "note_not_found"
    title = Text(ru="Заметка не найдена", en="Note not found")
    detail = Text(ru="Заметки {number} нет.", en="There is no note {number}.")


class Row(Body):
    value: Annotated[int, Field(ge=1, le=5)]


class Note(Body):
    text: Annotated[str, Field(min_length=1, max_length=100)]
    day: date | None = None
    final: bool = False
    rows: tuple[Row, ...] = ()


class Noted(BaseModel):
    count: int
    text: str


@dataclass
class Container:
    settings: ServiceSettings
    database: Database
    tokens: TokenVerifier
    hooks: dict[str, Callable[[], Any]] = field(default_factory=dict)


router = APIRouter(tags=["notes"])


@router.post("/notes", status_code=201, responses=responses(NoteNotFound))
async def add_note(request: Request, note: Note, caller: CurrentCaller) -> Noted:
    container: Container = request.app.state.container
    async with container.database.uow.begin() as tx:
        await tx.session.execute(notes.insert().values(text=note.text))
        count = await tx.session.scalar(select(func.count()).select_from(notes))
        if "in_transaction" in container.hooks:
            await container.hooks["in_transaction"]()
    if "after_commit" in container.hooks:
        await container.hooks["after_commit"]()
    return Noted(count=count or 0, text=note.text)


@router.post("/open-notes", status_code=201)
async def add_open_note(request: Request, note: Note) -> Noted:
    container: Container = request.app.state.container
    async with container.database.uow.begin() as tx:
        await tx.session.execute(notes.insert().values(text=note.text))
        count = await tx.session.scalar(select(func.count()).select_from(notes))
    return Noted(count=count or 0, text=note.text)


@router.post("/two-transactions")
async def two_transactions(request: Request, note: Note) -> Noted:
    container: Container = request.app.state.container
    for _ in range(2):
        async with container.database.uow.begin() as tx:
            await tx.session.execute(notes.insert().values(text=note.text))
            count = await tx.session.scalar(select(func.count()).select_from(notes))
    return Noted(count=count or 0, text=note.text)


@router.get("/notes/{number}", responses=responses(NoteNotFound))
async def read_note(number: int) -> Noted:
    raise NoteNotFound(number=number)


@router.get("/notes")
async def list_notes(paging: PageQuery) -> Page[int]:
    position = paging.position(int)
    start = position[0] + 1 if position else 0
    items = list(range(start, min(start + paging.limit, 250)))
    return Page(items=items, next=cursor_of(items[-1]) if items and items[-1] < 249 else None)


@router.get("/me")
async def me(caller: CurrentCaller) -> dict[str, UUID]:
    return {"account_id": caller.account_id}


@router.get("/recent")
async def recent(caller: RecentCaller) -> dict[str, UUID]:
    return {"account_id": caller.account_id}


@router.get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is hunter2, phone +79001234567")


@router.get("/slow-down")
async def slow_down() -> None:
    raise TooManyRequests(retry_after=17)


@router.get("/down")
async def down(request: Request) -> None:
    async with request.app.state.container.database.read() as session:
        await session.execute(select(1))


@router.post("/files")
async def take_file(file: Annotated[UploadFile, File()]) -> int:
    return len(await file.read())


@router.get("/echo-text")
async def echo_text(request: Request, text: str) -> int:
    async with request.app.state.container.database.read() as session:
        return await session.scalar(select(func.length(text))) or 0


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest_asyncio.fixture(scope="session")
async def kit_url(stack: Stack) -> AsyncIterator[str]:
    """One database for all tests of this folder, emptied before each: hundreds of them would take minutes."""
    url = await stack.empty_database("kit")
    database = Database.open(url, source="kit")
    kit = metadata_for("kit")
    async with database.engine.begin() as connection:
        await connection.run_sync(
            lambda sync: kit.create_all(sync, [kit.tables["idempotency"], kit.tables["token_cutoff"]])
        )
        await connection.run_sync(_metadata.create_all)
    await database.close()
    yield url
    await stack.drop_database(url)


@pytest_asyncio.fixture
async def container(kit_url: str, signing: Signing, clock: HeldClock) -> AsyncIterator[Container]:
    url = kit_url
    database = Database.open(url, source="kit", clock=clock, pool_size=5)
    async with database.engine.begin() as connection:
        await connection.execute(text("TRUNCATE note, idempotency, token_cutoff RESTART IDENTITY"))
    tokens = TokenVerifier(signing.key_source, ISSUER, AUDIENCE, clock)
    settings = ServiceSettings(database_url=url, max_body_bytes=LIMIT)
    try:
        yield Container(settings, database, tokens)
    finally:
        await database.close()


@pytest.fixture
def app(container: Container) -> FastAPI:
    @asynccontextmanager
    async def open_container(_settings: ServiceSettings) -> AsyncIterator[Container]:
        yield container

    made = service_app(
        service="sample",
        title="Sample",
        settings=container.settings,
        open_container=open_container,
        routers=[router],
        body_limits={r"/api/sample/v1/files": 3 * LIMIT},
    )
    made.state.container = container
    return made


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://sample/api/sample/v1") as opened:
        yield opened


@pytest.fixture
def bearer(signing: Signing) -> dict[str, str]:
    return signing.bearer(UUID(int=1))
