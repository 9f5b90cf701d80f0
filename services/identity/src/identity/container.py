"""The objects of one process, built once and closed once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from identity.accounts.passwords import Passwords
from identity.personal_data.keeping import PersonalDataKeys
from identity.sessions.client_keys import ClientKeys
from identity.sessions.signing_keys import SigningKeys
from identity.sessions.tokens import TokenIssuer
from identity.settings import Settings
from shared.db import Database
from shared.http import GivenKeys, TokenVerifier


@dataclass(frozen=True, slots=True)
class Container:
    """What use cases are given."""

    settings: Settings
    database: Database
    tokens: TokenVerifier
    """Identity verifies with its own public keys; nobody has to be asked."""
    keys: PersonalDataKeys
    passwords: Passwords
    issuer: TokenIssuer
    clients: ClientKeys

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator["Container"]:
        """Open what the settings name; nothing is connected until it is used."""
        signing = SigningKeys(settings.signing_keys)
        clients = ClientKeys(settings.clients)
        keys = PersonalDataKeys.from_secrets(
            master_key=settings.master_key,
            lookup_key=settings.lookup_key,
            recipients=settings.sealing_recipients,
        )
        passwords = Passwords(settings.hashes_at_once)
        database = Database.open(settings.database_url, source="identity", pool_size=settings.pool_size)
        try:
            yield cls(
                settings=settings,
                database=database,
                tokens=TokenVerifier(GivenKeys(signing.public), settings.issuer, settings.audience, database.clock),
                keys=keys,
                passwords=passwords,
                issuer=TokenIssuer(signing, settings.issuer, settings.audience, database.ids),
                clients=clients,
            )
        finally:
            passwords.close()
            await database.close()


async def of_request(request: Request) -> Container:
    """The container of the application that serves this request."""
    # Not `def`: FastAPI would send each look-up to a thread, which costs more than many a query.
    container: Container = request.app.state.container
    return container


Wired = Annotated[Container, Depends(of_request)]
"""The container, for a route."""
