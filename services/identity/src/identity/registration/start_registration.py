"""The form: a row of its own, and a code on its way to the phone (I-1, I-2).

Whether phone or mailbox belong to somebody is not looked up here, so the answer cannot tell (I-3). If they do, the
worker tells the owner and sends no code; an existing account, also a child's, is so reused and never doubled.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert

from identity.codes.ask_code import Locale, ask_code_to
from identity.consents.give_consent import require_current
from identity.personal_data.keeping import PersonalDataKeys
from identity.registration.form import Form, in_progress, new_token, token_hash
from identity.registration.rules import LIFETIME
from identity.registration.tables import registrations as table
from identity.sessions.clients import ClientContext
from identity.sessions.throttle import charge_address
from shared.db import Database, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Started:
    """What the browser goes on with."""

    token: str = field(repr=False)
    code_expires_at: datetime
    expires_at: datetime


async def start_registration(
    database: Database,
    keys: PersonalDataKeys,
    client: ClientContext,
    form: Form,
    *,
    consent_version: str,
    locale: Locale,
    representative: Caller | None,
) -> Started:
    """Note the form and have a code sent.

    Args:
        database: opens the transactions.
        keys: encrypts what was typed.
        client: where it was typed: one place does not send messages to the whole town.
        form: what was typed.
        consent_version: the text on personal data that was agreed to.
        locale: the language of the messages.
        representative: who registers a child; None: the person registers himself.

    Raises:
        ConsentOutdated: the text has changed meanwhile.
        TooManyCodes: one a minute, five a day to one number.
        TooManyAttempts: too many codes were asked for from this address.
    """
    require_current("personal_data", consent_version)
    await charge_address(database, client.throttled_as(keys))
    async with database.uow.begin() as tx:
        registration_id, account_id, token = tx.new_id(), tx.new_id(), new_token()
        key, wrapped = keys.vault.new_person_key()
        expires_at = tx.now + LIFETIME
        await tx.session.execute(
            insert(table).values(
                registration_id=registration_id,
                token_hash=token_hash(keys, token),
                account_id=account_id,
                registered_by=representative.account_id if representative else None,
                locale=locale,
                consent_version=consent_version,
                data_key=wrapped,
                form=form.sealed(key, registration_id),
                started_at=tx.now,
                expires_at=expires_at,
            )
        )
        code_expires_at = await ask_code_to(
            tx,
            keys,
            form.contact,
            purpose="registration",
            subject_id=registration_id,
            account_id=account_id,
            locale=locale,
        )
    return Started(token, code_expires_at, expires_at)


async def send_code_again(uow: UnitOfWork, keys: PersonalDataKeys, token: str) -> datetime:
    """Have another code sent; the one before is good no more. Answers when it lapses.

    Raises:
        RegistrationNotFound: unknown, lapsed, finished.
        TooManyCodes: one a minute, five a day to one number.
    """
    async with uow.begin() as tx:
        row = await in_progress(tx.session, keys, token, tx.now)
        return await ask_code_to(
            tx,
            keys,
            Form.of(keys, row).contact,
            purpose="registration",
            subject_id=row.registration_id,
            account_id=row.account_id,
            locale=row.locale,
        )
