"""Give the password once more, for what needs one entered within five minutes (I-11)."""

from sqlalchemy import select, update

from identity.accounts.passwords import Passwords
from identity.accounts.tables import accounts, credentials
from identity.errors import SignInRefused
from identity.personal_data.keeping import PersonalDataKeys
from identity.sessions.sign_in import check_password
from identity.sessions.tables import sessions
from identity.sessions.throttle import charge, forgive
from identity.sessions.tokens import TokenIssuer
from shared.db import Database
from shared.http import Caller


async def step_up(
    database: Database,
    keys: PersonalDataKeys,
    passwords: Passwords,
    issuer: TokenIssuer,
    caller: Caller,
    password: str,
) -> str:
    """Answer a new access token of the same session, with a fresh `auth_time`.

    Raises:
        TooManyAttempts: too many wrong ones.
        SignInRefused: wrong password, or the session or account is closed.
    """
    subject = keys.own_index.of("step_up", str(caller.account_id))
    await charge(database, subject)
    async with database.read() as session:
        password_hash = await session.scalar(
            select(credentials.c.password_hash)
            .join(accounts, accounts.c.account_id == credentials.c.account_id)
            .where(accounts.c.account_id == caller.account_id, accounts.c.status == "active")
        )
    if not await check_password(passwords, password, password_hash):
        raise SignInRefused
    async with database.uow.begin() as tx:
        await forgive(tx.session, subject)
        stepped = await tx.session.scalar(
            update(sessions)
            .where(
                sessions.c.session_id == caller.session_id,
                sessions.c.account_id == caller.account_id,
                sessions.c.ended_at.is_(None),
            )
            .values(authenticated_at=tx.now, last_used_at=tx.now)
            .returning(sessions.c.session_id)
        )
        if stepped is None:
            raise SignInRefused
    return issuer.access_token(caller.account_id, caller.session_id, authenticated_at=tx.now, now=tx.now)
