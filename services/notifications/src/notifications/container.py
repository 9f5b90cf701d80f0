"""The process's objects: built once, closed once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Depends, Request

from notifications.inbox.watch import Watch
from notifications.settings import Settings
from shared.db import Database
from shared.http import JwksUrl, TokenVerifier


@dataclass(frozen=True, slots=True)
class Container:
    """What the HTTP application and the worker of this service stand on."""

    settings: Settings
    database: Database
    tokens: TokenVerifier
    watch: Watch

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Self]:
        """Open the process's objects; leaving closes them."""
        database = Database.open(settings.database_url, source="notifications", pool_size=settings.pool_size)
        tokens = TokenVerifier(JwksUrl(settings.jwks_url), issuer=settings.issuer, audience=settings.audience)
        watch = Watch(database)
        try:
            yield cls(settings, database, tokens, watch)
        finally:
            await watch.close()
            await database.close()


async def of_request(request: Request) -> Container:
    """The container of the application that serves this request."""
    # Not `def`: FastAPI would send each look-up to a thread, which costs more than many a query.
    container: Container = request.app.state.container
    return container


Wired = Annotated[Container, Depends(of_request)]
"""The process's objects in a route."""
