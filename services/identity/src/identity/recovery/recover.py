"""Recover a password. Known and unknown logins get one answer and take the same steps; only the worker looks (I-3)."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from identity.accounts.password_policy import require_acceptable_password
from identity.accounts.passwords import Passwords
from identity.accounts.tables import accounts, credentials
from identity.codes.ask_code import ask_recovery_code
from identity.codes.redeem_code import redeem_code
from identity.errors import CodeRefused
from identity.personal_data.contacts import identifiers_meant
from identity.personal_data.keeping import PersonalDataKeys
from identity.profile.change_password import password_changed, words_of
from identity.profile.queries import own_data
from identity.sessions.clients import ClientContext
from identity.sessions.end_session import end_other_sessions
from identity.sessions.sign_in import hash_password
from identity.sessions.throttle import charge_address
from shared.db import Database, Tx

_TOKEN_PREFIX = "zvp_"  # noqa: S105 -- lets secret scanners recognise one that has leaked


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the browser goes on with."""

    token: str = field(repr=False)
    code_expires_at: datetime


async def start_recovery(database: Database, keys: PersonalDataKeys, client: ClientContext, login: str) -> Recovery:
    """Have a code sent to a proved contact of whoever signs in by this login, if there is such a person.

    Raises:
        TooManyCodes: one a minute, five a day.
        TooManyAttempts: too many codes were asked for from this address.
    """
    await charge_address(database, client.throttled_as(keys))
    token = _TOKEN_PREFIX + token_urlsafe(32)
    async with database.uow.begin() as tx:
        # The language of the message is the account's, which nobody here knows.
        expires_at = await ask_recovery_code(
            tx, keys, identifiers_meant(login), subject_id=_subject(keys, token), locale="ru"
        )
    return Recovery(token, expires_at)


async def set_new_password(
    database: Database, keys: PersonalDataKeys, passwords: Passwords, *, token: str, code: str, password: str
) -> None:
    """Replace the password by the right code; all sessions end, and the owner is told.

    The password is hashed before the code is looked at, so that a wrong code takes as long as a right one. A
    password made of the own data is refused without using up the code.

    Raises:
        PasswordUnacceptable: easily guessed.
        CodeRefused: wrong, lapsed, tried too often, or never sent.
        PasswordsBusy: too many people sign in at this moment.
    """
    require_acceptable_password(password)
    password_hash = await hash_password(passwords, password)
    async with database.uow.begin() as tx:
        redeemed = await redeem_code(tx, keys, _subject(keys, token), "recovery", code)
        replaced = redeemed is not None and await _replace(tx, keys, redeemed.account_id, password, password_hash)
    # A wrong try is committed before it is refused.
    if not replaced:
        raise CodeRefused


async def _replace(tx: Tx, keys: PersonalDataKeys, account_id: UUID, password: str, password_hash: str) -> bool:
    """False: the account was closed meanwhile."""
    is_open = await tx.session.scalar(
        select(accounts.c.account_id)
        .where(accounts.c.account_id == account_id, accounts.c.status == "active")
        .with_for_update()
    )
    if is_open is None:
        return False
    require_acceptable_password(password, words_of(await own_data(tx.session, keys.vault, account_id)))
    values = {"password_hash": password_hash, "changed_at": tx.now}
    await tx.session.execute(
        insert(credentials)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=[credentials.c.account_id], set_=values)
    )
    await end_other_sessions(tx, account_id, None, "password_changed")
    await password_changed(tx, account_id)
    return True


def _subject(keys: PersonalDataKeys, token: str) -> UUID:
    """What the code is bound to. Derived from the token, so that nothing else need be kept of a recovery."""
    return UUID(bytes=keys.own_index.of("recovery", token)[:16])
