"""A new phone or mailbox: it waits until a code or a link has proved it (I-5). Answers alike for everybody (I-3)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from identity.accounts.facts import ContactKind
from identity.accounts.identifiers import put_identifier
from identity.accounts.tables import account_identifiers, accounts
from identity.codes.ask_code import Locale, ask_code_to
from identity.codes.rules import CodePurpose
from identity.errors import AccountNotFound
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from identity.profile.tables import contact_changes as table
from shared.crypto import FieldPlace, PersonKey
from shared.db import Tx, UnitOfWork


async def ask_contact_change(
    uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID, kind: ContactKind, value: str
) -> datetime:
    """Have a code sent to the new phone, or a link to the new mailbox. Answers when it lapses.

    Where nothing of this kind has been proved yet, the new value stands in the profile at once, unproved.

    Raises:
        TooManyCodes: one a minute, five a day.
        AccountNotFound: closed meanwhile.
    """
    async with uow.begin() as tx:
        owner = (
            await tx.session.execute(
                select(accounts.c.data_key, accounts.c.locale, account_identifiers.c.proved_at)
                .outerjoin(
                    account_identifiers,
                    (account_identifiers.c.account_id == accounts.c.account_id) & (account_identifiers.c.kind == kind),
                )
                .where(accounts.c.account_id == account_id, accounts.c.status == "active")
                .with_for_update(of=accounts)
            )
        ).one_or_none()
        if owner is None:
            raise AccountNotFound
        key = keys.vault.open_person_key(owner.data_key)
        contact = Identifier(kind, value)
        if owner.proved_at is None:
            await put_identifier(tx, keys, key, account_id, contact, proved=False)
        return await await_proof(tx, keys, key, account_id, contact, purpose="contact_change", locale=owner.locale)


async def await_proof(
    tx: Tx,
    keys: PersonalDataKeys,
    key: PersonKey,
    account_id: UUID,
    contact: Identifier,
    *,
    purpose: CodePurpose,
    locale: Locale,
) -> datetime:
    """Note the value that waits, and ask for its code or link; what waited before waits no longer."""
    change_id = tx.new_id()
    statement = insert(table).values(
        account_id=account_id,
        kind=contact.kind,
        change_id=change_id,
        value=key.encrypt(FieldPlace(table.name, contact.kind, account_id), contact.value),
        asked_at=tx.now,
    )
    replaced = {name: statement.excluded[name] for name in ("change_id", "value", "asked_at")}
    await tx.session.execute(
        statement.on_conflict_do_update(index_elements=[table.c.account_id, table.c.kind], set_=replaced)
    )
    return await ask_code_to(
        tx, keys, contact, purpose=purpose, subject_id=change_id, account_id=account_id, locale=locale
    )
