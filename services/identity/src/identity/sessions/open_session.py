"""Open a session of an account whose owner has just shown who he is, and know his device again (I-8, I-10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from identity.sessions.clients import ClientContext
from identity.sessions.rules import SESSION_LIFETIME
from identity.sessions.tables import known_devices, refresh_tokens, sessions
from identity.sessions.tokens import TokenIssuer, new_device_token, new_refresh_token, token_hash
from shared.contracts.identity import SecurityNoticed
from shared.db import Tx

DEVICE_KNOWN_FOR = timedelta(days=400)
"""A device that has not signed in for so long is a stranger again."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client holds while a session lasts."""

    account_id: UUID
    session_id: UUID
    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class NewSession(Tokens):
    """And what the device keeps beyond it."""

    device_token: str


async def open_session(tx: Tx, issuer: TokenIssuer, account_id: UUID, client: ClientContext) -> NewSession:
    """Open a session; the owner is told of a device that has never been used before, unless it is the first of all.

    Args:
        tx: the transaction in which the password or code turned out right.
        issuer: signs the access token.
        account_id: of an account that is open; the caller has seen to that.
        client: whose device it is.
    """
    device_token = await _remember_device(tx, account_id, client.device_token)
    session_id = tx.new_id()
    await tx.session.execute(
        insert(sessions).values(
            session_id=session_id,
            account_id=account_id,
            started_at=tx.now,
            authenticated_at=tx.now,
            last_used_at=tx.now,
            expires_at=tx.now + SESSION_LIFETIME,
            device=client.device_name,
            device_hash=token_hash(device_token),
        )
    )
    return NewSession(
        account_id,
        session_id,
        issuer.access_token(account_id, session_id, authenticated_at=tx.now, now=tx.now),
        await add_refresh_token(tx, session_id),
        device_token,
    )


async def add_refresh_token(tx: Tx, session_id: UUID) -> str:
    """Give a session its next refresh token; only the hash is kept."""
    refresh_token = new_refresh_token()
    await tx.session.execute(
        insert(refresh_tokens).values(token_hash=token_hash(refresh_token), session_id=session_id, issued_at=tx.now)
    )
    return refresh_token


async def _remember_device(tx: Tx, account_id: UUID, token: str | None) -> str:
    """Answer the token by which this device is known from now on."""
    device = known_devices.c
    if token is not None:
        known = await tx.session.scalar(
            update(known_devices)
            .where(device.account_id == account_id, device.device_hash == token_hash(token))
            .values(last_used_at=tx.now)
            .returning(device.device_hash)
        )
        if known is not None:
            return token
    # Somebody else's device, of the same family, keeps its token; one that was never given out is not taken up.
    issued = token is not None and await tx.session.scalar(
        select(exists().where(device.device_hash == token_hash(token)))
    )
    token = token if token is not None and issued else new_device_token()
    if await tx.session.scalar(select(exists().where(device.account_id == account_id))):
        tx.emit(SecurityNoticed(account_id=account_id, notice_id=tx.new_id(), kind="new_device", occurred_at=tx.now))
    remembered = insert(known_devices).values(
        account_id=account_id, device_hash=token_hash(token), first_used_at=tx.now, last_used_at=tx.now
    )
    # Two tabs of one device may sign in at the same moment.
    await tx.session.execute(remembered.on_conflict_do_nothing())
    return token


async def purge_sessions(session: AsyncSession, now: datetime) -> None:
    """Drop sessions, with their tokens, that ended or lapsed a month ago."""
    await session.execute(delete(sessions).where(sessions.c.expires_at < now - SESSION_LIFETIME))


async def purge_devices(session: AsyncSession, now: datetime) -> None:
    """Forget devices that nobody has signed in on for a year and more."""
    await session.execute(delete(known_devices).where(known_devices.c.last_used_at < now - DEVICE_KNOWN_FOR))
