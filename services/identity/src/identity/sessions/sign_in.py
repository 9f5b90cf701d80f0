"""Sign in by phone, e-mail, СНИЛС or the user name of a school's slip, and a password (I-7)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, exists, select, tuple_

from identity.accounts.passwords import Passwords, TooBusy
from identity.accounts.tables import account_identifiers, accounts, credentials
from identity.errors import PasswordsBusy, SignInRefused
from identity.personal_data.contacts import Identifier, identifiers_meant
from identity.personal_data.keeping import PersonalDataKeys
from identity.sessions.clients import ClientContext
from identity.sessions.open_session import NewSession, open_session
from identity.sessions.tables import known_devices
from identity.sessions.throttle import address_has_failed, charge, forgive
from identity.sessions.tokens import TokenIssuer, token_hash
from shared.db import Database, Tx


async def sign_in(
    database: Database,
    keys: PersonalDataKeys,
    passwords: Passwords,
    issuer: TokenIssuer,
    client: ClientContext,
    *,
    login: str,
    password: str,
) -> NewSession:
    """Open a session.

    No connection is held while the password is hashed. Known and unknown logins take the same steps (I-3). On a
    device known to the account, only failures of that device count: strangers do not lock the owner out (I-8).

    Raises:
        TooManyAttempts: this login, or this address, has failed too often.
        SignInRefused: anything else; which of login and password was wrong is not told.
        PasswordsBusy: too many people sign in at this moment.
    """
    meant = identifiers_meant(login)
    found = await _candidates(database, keys, meant, client.device_token)
    typed = f"{meant[0].kind}:{meant[0].value}"
    address = client.throttled_as(keys)
    subject = keys.own_index.of("sign_in", typed)
    if client.device_token is not None and any(account.device_known for account in found):
        address = None
        subject = keys.own_index.of("sign_in_on_device", f"{token_hash(client.device_token).hex()}:{typed}")
    await charge(database, subject, address)
    account = await _whose_password(passwords, password, found)
    if account is None:
        await address_has_failed(database, address)
        raise SignInRefused
    async with database.uow.begin() as tx:
        await _still_valid(tx, account)
        await forgive(tx.session, subject)
        return await open_session(tx, issuer, account.account_id, client)


async def check_password(passwords: Passwords, password: str, password_hash: str | None) -> bool:
    """Whether the password is right; without a hash as slow as with one.

    Raises:
        PasswordsBusy: the queue is long.
    """
    try:
        return await passwords.matches(password, password_hash)
    except TooBusy:
        raise PasswordsBusy from None


async def hash_password(passwords: Passwords, password: str) -> str:
    """The hash of a new password.

    Raises:
        PasswordsBusy: the queue is long.
    """
    try:
        return await passwords.hash(password)
    except TooBusy:
        raise PasswordsBusy from None


async def _candidates(
    database: Database, keys: PersonalDataKeys, meant: tuple[Identifier, ...], device_token: str | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Accounts that what was typed may mean, nearly always none or one; and whether they know the device."""
    identifier, device = account_identifiers.c, known_devices.c
    device_known = exists().where(
        device.account_id == accounts.c.account_id, device.device_hash == token_hash(device_token or "")
    )
    wanted = [(each.kind, keys.find(each)) for each in meant]
    async with database.read() as session:
        found = await session.execute(
            select(accounts.c.account_id, credentials.c.password_hash, device_known.label("device_known"))
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
