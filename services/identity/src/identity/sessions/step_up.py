"""Give the password once more, or a code, for what needs one entered within five minutes (I-11)."""

from datetime import datetime

from sqlalchemy import select, update

from identity.accounts.passwords import Passwords
from identity.accounts.queries import account, own_identifiers
from identity.accounts.tables import accounts, credentials
from identity.codes.ask_code import ask_code_to
from identity.codes.redeem_code import redeem_code
from identity.errors import CodeRefused, NoPhoneForCode, SignInRefused
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from identity.sessions.sign_in import check_password
from identity.sessions.tables import sessions
from identity.sessions.throttle import charge, forgive
from identity.sessions.tokens import TokenIssuer
from shared.db import Database, Tx, UnitOfWork
from shared.http import Caller


async def step_up(
    database: Database,
    keys: PersonalDataKeys,
    passwords: Passwords,
    issuer: TokenIssuer,
    caller: Caller,
    password: str,
    bound_to: str | None = None,
) -> str:
    """Answer a new access token of the same session, with a fresh `auth_time`, bound to a page if one is named.

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
        await _freshen(tx, caller)
    return issuer.access_token(
        caller.account_id, caller.session_id, authenticated_at=tx.now, now=tx.now, bound_to=bound_to
    )


async def ask_step_up_code(uow: UnitOfWork, keys: PersonalDataKeys, caller: Caller) -> datetime:
    """Send a code to the proved phone of the account, good for this session alone. Answers when it lapses.

    Raises:
        NoPhoneForCode: there is no phone to send it to.
        TooManyCodes: one a minute, five a day.
    """
    async with uow.begin() as tx:
        owner = await account(tx.session, caller.account_id)
        own = await own_identifiers(tx.session, keys.vault, owner) if owner else {}
        number, proved = own.get("phone", ("", False))
        if owner is None or not proved:
            raise NoPhoneForCode
        return await ask_code_to(
            tx,
            keys,
            Identifier("phone", number),
            purpose="sign_in",
            subject_id=caller.session_id,
            account_id=caller.account_id,
            locale=owner.locale,
        )


async def step_up_by_code(
    database: Database,
    keys: PersonalDataKeys,
    issuer: TokenIssuer,
    caller: Caller,
    code: str,
    bound_to: str | None = None,
) -> str:
    """The same by the code that was sent for this session.

    Raises:
        CodeRefused: wrong, lapsed, tried too often, or never sent.
        SignInRefused: the session or account is closed.
    """
    async with database.uow.begin() as tx:
        redeemed = await redeem_code(tx, keys, caller.session_id, "sign_in", code)
        if redeemed is not None:
            await _freshen(tx, caller)
    # A wrong try is committed before it is refused.
    if redeemed is None:
        raise CodeRefused
    return issuer.access_token(
        caller.account_id, caller.session_id, authenticated_at=tx.now, now=tx.now, bound_to=bound_to
    )


async def _freshen(tx: Tx, caller: Caller) -> None:
    stepped = await tx.session.scalar(
        update(sessions)
        .where(
            sessions.c.session_id == caller.session_id,
            sessions.c.account_id == caller.account_id,
            sessions.c.ended_at.is_(None),
            accounts.c.account_id == sessions.c.account_id,
            accounts.c.status == "active",
        )
        .values(authenticated_at=tx.now, last_used_at=tx.now)
        .returning(sessions.c.session_id)
    )
    if stepped is None:
        raise SignInRefused
