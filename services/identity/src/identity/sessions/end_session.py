"""End a session: its tokens are void in every service, at once here, elsewhere as fast as events travel (I-9)."""

from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select, update

from identity.errors import SessionNotFound
from identity.sessions.tables import known_devices, sessions
from shared.access import cut_off, cut_off_all
from shared.contracts.identity import SessionsRevoked
from shared.db import Tx, UnitOfWork
from shared.http import Caller

EndReason = Literal["signed_out", "ended_by_owner", "token_reused", "password_changed", "account_closed"]


async def end_session(uow: UnitOfWork, caller: Caller, session_id: UUID) -> None:
    """End one of the caller's own sessions; the present one is a sign-out.

    Raises:
        SessionNotFound: not open, or somebody else's.
    """
    async with uow.begin() as tx:
        reason: EndReason = "signed_out" if session_id == caller.session_id else "ended_by_owner"
        if not await close_session(tx, caller.account_id, session_id, reason):
            raise SessionNotFound


async def close_session(tx: Tx, account_id: UUID, session_id: UUID, reason: EndReason) -> bool:
    """Close an open session and tell the town; False if it was not open."""
    closed = await tx.session.scalar(
        update(sessions)
        .where(
            sessions.c.session_id == session_id,
            sessions.c.account_id == account_id,
            sessions.c.ended_at.is_(None),
        )
        .values(ended_at=tx.now, end_reason=reason)
        .returning(sessions.c.session_id)
    )
    if closed is None:
        return False
    await cut_off(tx.session, account_id, tx.now, session_id)
    tx.emit(SessionsRevoked(account_id=account_id, session_id=session_id, not_before=tx.now))
    return True


async def end_other_sessions(tx: Tx, account_id: UUID, except_session_id: UUID | None, reason: EndReason) -> int:
    """Close all open sessions of an account, but for the one that goes on, and tell the town. Answers how many.

    Their devices are strangers again. With no exception the account itself is cut off: also tokens of sessions that
    nobody has a row of any more.
    """
    ending = update(sessions).where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None))
    if except_session_id is not None:
        ending = ending.where(sessions.c.session_id != except_session_id)
    closed = (
        await tx.session.scalars(ending.values(ended_at=tx.now, end_reason=reason).returning(sessions.c.session_id))
    ).all()
    await _forget_other_devices(tx, account_id, except_session_id)
    if except_session_id is None:
        await cut_off(tx.session, account_id, tx.now)
        tx.emit(SessionsRevoked(account_id=account_id, not_before=tx.now))
        return len(closed)
    await cut_off_all(tx.session, closed, tx.now)
    for session_id in closed:
        tx.emit(SessionsRevoked(account_id=account_id, session_id=session_id, not_before=tx.now))
    return len(closed)


async def _forget_other_devices(tx: Tx, account_id: UUID, except_session_id: UUID | None) -> None:
    device = known_devices.c
    forgotten = delete(known_devices).where(device.account_id == account_id)
    if except_session_id is not None:
        kept = select(sessions.c.device_hash).where(sessions.c.session_id == except_session_id).scalar_subquery()
        forgotten = forgotten.where(device.device_hash.is_distinct_from(kept))
    await tx.session.execute(forgotten)
