"""The objects of one process, built once and closed once."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from journal.access.views import Views
from journal.press import Press
from journal.settings import Settings
from shared.crypto import FieldVault, Seals
from shared.db import Database
from shared.http import JwksUrl, KeySource, TokenVerifier
from shared.ops.clock import Clock, system_clock


@dataclass(frozen=True, slots=True)
class Container:
    """Everything that a request or a job of this process works with."""

    settings: Settings
    database: Database
    tokens: TokenVerifier
    vault: FieldVault
    """Opens what families say of an absence."""
    seals: Seals | None
    """Keys that seal signed weeks; None where the service was started without them."""
    views: Views
    press: Press = field(default_factory=Press)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator["Container"]:
        """Build for the API and the worker; nothing is connected before it is needed."""
        async with aclosing(JwksUrl(settings.jwks_url)) as keys, cls.on(settings, keys) as container:
            yield container

    @classmethod
    @asynccontextmanager
    async def on(cls, settings: Settings, keys: KeySource, clock: Clock = system_clock) -> AsyncIterator["Container"]:
        """Build on keys that are there already, and on a clock that need not be the system's."""
        database = Database.open(settings.database_url, source="journal", pool_size=settings.pool_size, clock=clock)
        views = Views(database)
        try:
            tokens = TokenVerifier(keys, settings.issuer, settings.audience, database.clock)
            seals = Seals.of(settings.seal_keys) if settings.seal_keys else None
            yield cls(settings, database, tokens, FieldVault(settings.master_key), seals, views)
        finally:
            await views.close()
            await database.close()


async def of_request(request: Request) -> Container:
    """The container of the application that answers this request."""
    # Not `def`: FastAPI would send each look-up to a thread, which costs more than many a query.
    container: Container = request.app.state.container
    return container


Wired = Annotated[Container, Depends(of_request)]
"""The container, for routes."""
