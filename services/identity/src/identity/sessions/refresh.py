"""Renew a session: each refresh token is good once, and meeting a used one again is theft (I-10)."""

from typing import Any

from sqlalchemy import Row, select, update

from identity.accounts.tables import accounts
from identity.errors import RefreshRefused, RefreshSuperseded
from identity.sessions.end_session import close_session
from identity.sessions.open_session import Tokens, add_refresh_token
from identity.sessions.rules import REFRESH_GRACE, SESSION_LIFETIME
from identity.sessions.tables import refresh_tokens, sessions
from identity.sessions.tokens import TokenIssuer, token_hash
from shared.contracts.identity import SecurityNoticed
from shared.db import Database, Tx


async def refresh(database: Database, issuer: TokenIssuer, refresh_token: str) -> Tokens:
    """Exchange a refresh token for the next one and an access token.

    Of parallel requests with one token exactly one wins: the row lock of the UPDATE decides.

    Raises:
        RefreshSuperseded: another request won within the last seconds; the session goes on.
        RefreshRefused: unknown, expired, ended; or used before, and then the whole session ends with it.
    """
    tokens: Tokens | None = None
    hashed = token_hash(refresh_token)
    async with database.uow.begin() as tx:
        session_id = await tx.session.scalar(
            update(refresh_tokens)
            .where(refresh_tokens.c.token_hash == hashed, refresh_tokens.c.used_at.is_(None))
            .values(used_at=tx.now)
            .returning(refresh_tokens.c.session_id)
        )
        if session_id is not None:
            session = await _open_session(tx, session_id)
            tokens = Tokens(
                session.account_id,
                session_id,
                issuer.access_token(
                    session.account_id, session_id, authenticated_at=session.authenticated_at, now=tx.now
                ),
                await add_refresh_token(tx, session_id),
            )
        else:
            await _used_before(tx, hashed)
    # The end of a stolen session is committed before the refusal leaves this function.
    if tokens is None:
        raise RefreshRefused
    return tokens


async def _open_session(tx: Tx, session_id: object) -> Row[Any]:
    session = (
        await tx.session.execute(
            update(sessions)
            .where(
                sessions.c.session_id == session_id,
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > tx.now,
                sessions.c.account_id == accounts.c.account_id,
                accounts.c.status == "active",
            )
            .values(last_used_at=tx.now, expires_at=tx.now + SESSION_LIFETIME)
            .returning(sessions.c.account_id, sessions.c.authenticated_at)
        )
    ).one_or_none()
    if session is None:
        raise RefreshRefused
    return session


async def _used_before(tx: Tx, hashed: bytes) -> None:
    """Tell a moment's overlap from theft; on theft end the session, for the thief and for the owner, who is told."""
    used = (
        await tx.session.execute(
            select(refresh_tokens.c.used_at, sessions.c.session_id, sessions.c.account_id)
            .join(sessions, sessions.c.session_id == refresh_tokens.c.session_id)
            .where(refresh_tokens.c.token_hash == hashed)
        )
    ).one_or_none()
    if used is None:
        raise RefreshRefused
    if tx.now - used.used_at < REFRESH_GRACE:
        raise RefreshSuperseded
    if await close_session(tx, used.account_id, used.session_id, "token_reused"):
        tx.emit(
            SecurityNoticed(
                account_id=used.account_id, notice_id=tx.new_id(), kind="refresh_reused", occurred_at=tx.now
            )
        )
