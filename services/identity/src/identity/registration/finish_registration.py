"""The password, and with it the account (I-1): it signs in by the proved phone; a link goes to the mailbox."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert

from identity.accounts.facts import contact_verified
from identity.accounts.identifiers import put_identifier
from identity.accounts.password_policy import require_acceptable_password
from identity.accounts.passwords import Passwords
from identity.accounts.tables import accounts, credentials
from identity.codes.ask_code import Locale
from identity.consents.give_consent import give_consent
from identity.errors import PhoneNotProved, RegistrationNotFound, TooManyCodes
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from identity.profile.account_changed import account_changed
from identity.profile.ask_contact_change import await_proof
from identity.registration.form import Form, in_progress
from identity.registration.tables import registrations
from identity.sessions.clients import ClientContext
from identity.sessions.open_session import NewSession, open_session
from identity.sessions.sign_in import hash_password
from identity.sessions.tokens import TokenIssuer
from shared.contracts.identity import AccountRegistered
from shared.crypto import PersonKey
from shared.db import Database, Tx


@dataclass(frozen=True, slots=True)
class Registered:
    """The account; with a session unless a representative has registered a child."""

    account_id: UUID
    session: NewSession | None


async def finish_registration(
    database: Database,
    keys: PersonalDataKeys,
    passwords: Passwords,
    issuer: TokenIssuer,
    client: ClientContext,
    *,
    token: str,
    password: str,
) -> Registered:
    """Make the account. No connection is held while the password is hashed; of parallel requests one wins.

    Raises:
        RegistrationNotFound: unknown, lapsed, finished.
        PhoneNotProved: the code comes first.
        PasswordUnacceptable: easily guessed, or made of the own data (I-7).
        ContactTaken: another account has proved the phone since the code was sent.
        PasswordsBusy: too many people sign in at this moment.
    """
    async with database.read() as session:
        row = await in_progress(session, keys, token, database.clock())
    if row.phone_proved_at is None:
        raise PhoneNotProved
    form = Form.of(keys, row)
    require_acceptable_password(password, (*form.name, form.phone, form.email))
    password_hash = await hash_password(passwords, password)
    async with database.uow.begin() as tx:
        await _take(tx, row.registration_id)
        key = await _register(tx, keys, row, form, password_hash)
        await give_consent(tx, row.account_id, "personal_data", row.consent_version, row.locale)
        await _ask_for_email_proof(tx, keys, key, row.account_id, form, row.locale)
        await account_changed(tx, keys, row.account_id)
        # A child that a representative has registered signs in on its own device.
        begun = await open_session(tx, issuer, row.account_id, client) if row.registered_by is None else None
    return Registered(row.account_id, begun)


async def _take(tx: Tx, registration_id: UUID) -> None:
    """Use the registration up: whoever deletes its row makes the account."""
    taken = await tx.session.scalar(
        delete(registrations)
        .where(registrations.c.registration_id == registration_id)
        .returning(registrations.c.registration_id)
    )
    if taken is None:
        raise RegistrationNotFound


async def _register(tx: Tx, keys: PersonalDataKeys, row: Row[Any], form: Form, password_hash: str) -> PersonKey:
    account_id = row.account_id
    key, wrapped = keys.vault.new_person_key()
    await tx.session.execute(
        insert(accounts).values(
            account_id=account_id,
            status="active",
            surname=form.surname,
            given_name=form.given_name,
            patronymic=form.patronymic,
            locale=row.locale,
            is_operator=False,
            data_key=wrapped,
            registered_at=tx.now,
            registered_by=row.registered_by,
            role=form.role,
        )
    )
    await tx.session.execute(
        insert(credentials).values(account_id=account_id, password_hash=password_hash, changed_at=tx.now)
    )
    await put_identifier(tx, keys, key, account_id, form.contact, proved=True)
    await put_identifier(tx, keys, key, account_id, Identifier("email", form.email), proved=False)
    if form.snils is not None:
        await put_identifier(tx, keys, key, account_id, Identifier("snils", form.snils), proved=False)
    tx.emit(
        AccountRegistered(
            account_id=account_id,
            surname=form.surname,
            given_name=form.given_name,
            patronymic=form.patronymic,
            locale=row.locale,
        )
    )
    tx.emit(contact_verified(keys, account_id, "phone", form.phone))
    return key


async def _ask_for_email_proof(
    tx: Tx, keys: PersonalDataKeys, key: PersonKey, account_id: UUID, form: Form, locale: Locale
) -> None:
    """A link to the mailbox; where it had its five letters today, the profile offers another one tomorrow."""
    try:
        await await_proof(
            tx, keys, key, account_id, Identifier("email", form.email), purpose="registration", locale=locale
        )
    except TooManyCodes:
        return
