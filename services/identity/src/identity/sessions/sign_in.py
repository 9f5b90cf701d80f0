"""Sign in by phone, e-mail, СНИЛС or the user name of a school's slip, and a password (I-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, tuple_

from identity.accounts.passwords import Passwords, TooBusy
from identity.accounts.tables import account_identifiers, accounts, credentials
from identity.errors import PasswordsBusy, SignInRefused
from identity.personal_data.contacts import Identifier, identifiers_meant
from identity.personal_data.keeping import PersonalDataKeys
from identity.sessions.rules import SESSION_LIFETIME
from identity.sessions.tables import refresh_tokens, sessions
from identity.sessions.throttle import charge, forgive
from identity.sessions.tokens import TokenIssuer, new_refresh_token
from shared.db import Database, Tx


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client holds while a session lasts."""

    account_id: UUID
    session_id: UUID
    access_token: str
    refresh_token: str


async def sign_in(
    database: Database,
    keys: PersonalDataKeys,
    passwords: Passwords,
    issuer: TokenIssuer,
    *,
    login: str,
    password: str,
    device: str,
) -> Tokens:
    """Open a session.

    No connection is held while the password is hashed. Known and unknown logins take the same steps (I-3).

    Raises:
        TooManyAttempts: this login has failed too often.
        SignInRefused: anything else; which of login and password was wrong is not told.
        PasswordsBusy: too many people sign in at this moment.
    """
    meant = identifiers_meant(login)
    subject = keys.own_index.of("sign_in", f"{meant[0].kind}:{meant[0].value}")
    await charge(database, subject)
    found = await _candidates(database, keys, meant)
    account = await _whose_password(passwords, password, found)
    if account is None:
        raise SignInRefused
    async with database.uow.begin() as tx:
        await _still_valid(tx, account)
        await forgive(tx.session, subject)
        return await open_session(tx, issuer, account.account_id, device)


async def open_session(tx: Tx, issuer: TokenIssuer, account_id: UUID, device: str) -> Tokens:
    """Open a session for somebody who has just shown who he is: by the password, or by registering."""
    session_id = tx.new_id()
    await tx.session.execute(
        insert(sessions).values(
            session_id=session_id,
            account_id=account_id,
            started_at=tx.now,
            authenticated_at=tx.now,
            last_used_at=tx.now,
            expires_at=tx.now + SESSION_LIFETIME,
            device=device,
        )
    )
    return Tokens(
        account_id,
        session_id,
        issuer.access_token(account_id, session_id, authenticated_at=tx.now, now=tx.now),
        await add_refresh_token(tx, session_id),
    )


async def add_refresh_token(tx: Tx, session_id: UUID) -> str:
    """Give a session its next refresh token; only the hash is kept."""
    refresh_token = new_refresh_token()
    await tx.session.execute(
        insert(refresh_tokens).values(token_hash=token_hash(refresh_token), session_id=session_id, issued_at=tx.now)
    )
    return refresh_token


def token_hash(refresh_token: str) -> bytes:
    """A plain hash is enough for 256 random bits."""
    return sha256(refresh_token.encode()).digest()


async def check_password(passwords: Passwords, password: str, password_hash: str | None) -> bool:
    """Whether the password is right; without a hash as slow as with one.

    Raises:
        PasswordsBusy: the queue is long.
    """
    try:
        return await passwords.matches(password, password_hash)
    except TooBusy:
        raise PasswordsBusy from None


async def _candidates(
    database: Database, keys: PersonalDataKeys, meant: tuple[Identifier, ...]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Accounts that what was typed may mean: nearly always none or one."""
    identifier = account_identifiers.c
    wanted = [(each.kind, keys.find(each)) for each in meant]
    async with database.read() as session:
        found = await session.execute(
            select(accounts.c.account_id, credentials.c.password_hash)
            .distinct()
            .join(account_identifiers, identifier.account_id == accounts.c.account_id)
            .join(credentials, credentials.c.account_id == accounts.c.account_id)
            .where(
                identifier.signs_in,
                tuple_(identifier.kind, identifier.value_index).in_(wanted),
                accounts.c.status == "active",
            )
        )
        return found.all()


async def _whose_password(
    passwords: Passwords, password: str, found: Sequence[Row[*tuple[Any, ...]]]
) -> Row[Any] | None:
    if not found:
        await check_password(passwords, password, None)
    for account in found:
        if await check_password(passwords, password, account.password_hash):
            return account
    return None


async def _still_valid(tx: Tx, account: Row[Any]) -> None:
    """While the password was compared, it may have been changed or the account closed."""
    unchanged = await tx.session.scalar(
        select(accounts.c.account_id)
        .join(credentials, credentials.c.account_id == accounts.c.account_id)
        .where(
            accounts.c.account_id == account.account_id,
            accounts.c.status == "active",
            credentials.c.password_hash == account.password_hash,
        )
        .with_for_update(read=True)
    )
    if unchanged is None:
        raise SignInRefused


async def purge_sessions(session: Any, now: datetime) -> None:
    """Drop sessions, with their tokens, that ended or lapsed a month ago."""
    await session.execute(sessions.delete().where(sessions.c.expires_at < now - SESSION_LIFETIME))
