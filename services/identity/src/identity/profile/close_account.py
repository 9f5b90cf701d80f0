"""Close the own account and erase the person: the key goes, and with it every contact, in backups too.

What stays is a row without name or key, so that ids of the past lead nowhere, and the consents as ids and hashes.
Everything that others did stays theirs: marks, the school's own records, the diaries of other accounts.
"""

from uuid import UUID

from sqlalchemy import delete, select, update

from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import (
    account_details,
    account_identifiers,
    account_records,
    accounts,
    credentials,
)
from identity.applications.forget_account import forget_account as forget_applications
from identity.codes.tables import one_time_codes
from identity.errors import AccountNotFound
from identity.matching.forget_account import forget_account
from identity.matching.locks import lock_contacts_of_records
from identity.matching.reconsider import reconsider_records
from identity.personal_data.keeping import PersonalDataKeys
from identity.profile.release_duties import take_account_off_duties
from identity.profile.tables import contact_changes
from identity.sessions.end_session import end_other_sessions
from identity.sessions.tables import known_devices, sessions
from shared.contracts.identity import AccountDisabled
from shared.db import Tx, UnitOfWork

_GONE = b""
"""In place of the wrapped key: it opens nothing any more."""


async def close_account(uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID) -> None:
    """Close for good. The contacts are free at once for whoever proves them.

    Raises:
        AccountNotFound: closed already.
    """
    async with uow.begin() as tx:
        # A contact that is being proved at this moment is waited for here, and then goes with the others.
        await tx.session.execute(delete(contact_changes).where(contact_changes.c.account_id == account_id))
        await _blank(tx, account_id)
        for table in (account_identifiers, account_details, credentials):
            await tx.session.execute(delete(table).where(table.c.account_id == account_id))
        await tx.session.execute(delete(one_time_codes).where(one_time_codes.c.account_id == account_id))
        await tx.session.execute(update(sessions).where(sessions.c.account_id == account_id).values(device=""))
        await tx.session.execute(delete(known_devices).where(known_devices.c.account_id == account_id))
        await end_other_sessions(tx, account_id, None, "account_closed")
        await take_account_off_duties(tx, account_id)
        await forget_account(tx, account_id)
        await forget_applications(tx, account_id)
        await _leave_records(tx, keys, account_id)
        tx.emit(AccountDisabled(account_id=account_id))


async def _blank(tx: Tx, account_id: UUID) -> None:
    closed = await tx.session.scalar(
        update(accounts)
        .where(accounts.c.account_id == account_id, accounts.c.status == "active")
        .values(status="disabled", surname="", given_name="", patronymic=None, is_operator=False, data_key=_GONE)
        .returning(accounts.c.account_id)
    )
    if closed is None:
        raise AccountNotFound


async def _leave_records(tx: Tx, keys: PersonalDataKeys, account_id: UUID) -> None:
    """Let go of the records of schools: their diaries close for this account, in every service.

    A record that is free again may be another account's, which waited as a conflict (I-19, row 4).
    """
    left: dict[UUID, list[UUID]] = {}
    rows = await tx.session.execute(
        select(account_records.c.school_id, account_records.c.person_id).where(
            account_records.c.account_id == account_id
        )
    )
    for row in rows:
        left.setdefault(row.school_id, []).append(row.person_id)
    for school_id in sorted(left):
        # Before the records: whoever waits for one of them locks in this order too (see `matching.locks`).
        await lock_contacts_of_records(tx.session, school_id, left[school_id])
    await tx.session.execute(delete(account_records).where(account_records.c.account_id == account_id))
    for school_id in sorted(left):
        await settle_bindings(tx, school_id, [account_id])
        await reconsider_records(tx, keys, school_id, left[school_id])
