"""The code from the SMS or the link from the letter proves the contact that waits; the old one is told (I-2, I-5)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select

from identity.accounts.facts import ContactKind, contact_verified
from identity.accounts.identifiers import put_identifier
from identity.accounts.tables import account_identifiers, accounts
from identity.codes.redeem_code import redeem_code, redeem_link
from identity.errors import CodeRefused, ContactChangeNotFound, LinkRefused
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from identity.profile.account_changed import account_changed
from identity.profile.tables import contact_changes
from shared.contracts.identity import SecurityNoticed
from shared.crypto import FieldPlace
from shared.db import Tx, UnitOfWork


async def prove_phone(uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID, code: str) -> None:
    """Prove the phone that waits.

    Raises:
        ContactChangeNotFound: none waits.
        CodeRefused: wrong, lapsed, tried too often, or never sent.
        ContactTaken: another account was faster.
    """
    async with uow.begin() as tx:
        change_id = await tx.session.scalar(
            select(contact_changes.c.change_id).where(
                contact_changes.c.account_id == account_id, contact_changes.c.kind == "phone"
            )
        )
        if change_id is None:
            raise ContactChangeNotFound
        redeemed = await redeem_code(tx, keys, change_id, "contact_change", code)
        if redeemed is not None and await _prove(tx, keys, change_id) is None:
            redeemed = None
    # A wrong try is committed before it is refused.
    if redeemed is None:
        raise CodeRefused


async def prove_email(uow: UnitOfWork, keys: PersonalDataKeys, token: str) -> Identifier:
    """Prove the mailbox that a link was sent to; the link alone is enough, it may be opened on another device.

    Raises:
        LinkRefused: unknown, lapsed, used, or replaced by a newer one.
        ContactTaken: another account was faster.
    """
    async with uow.begin() as tx:
        redeemed = await redeem_link(tx, keys, token)
        proved = await _prove(tx, keys, redeemed.subject_id) if redeemed else None
        if proved is None:
            raise LinkRefused
    return proved


async def _prove(tx: Tx, keys: PersonalDataKeys, change_id: UUID) -> Identifier | None:
    """Put the contact that waits into force. None: another value waits by now, or the account is closed."""
    change = (
        await tx.session.execute(
            delete(contact_changes)
            .where(
                contact_changes.c.change_id == change_id,
                contact_changes.c.account_id == accounts.c.account_id,
                accounts.c.status == "active",
            )
            .returning(
                contact_changes.c.account_id, contact_changes.c.kind, contact_changes.c.value, accounts.c.data_key
            )
        )
    ).one_or_none()
    if change is None:
        return None
    account_id, kind = change.account_id, change.kind
    key = keys.vault.open_person_key(change.data_key)
    contact = Identifier(kind, key.decrypt(FieldPlace(contact_changes.name, kind, account_id), change.value))
    old = await _proved_before(tx, account_id, kind)
    if old is not None:
        address = key.decrypt(FieldPlace(account_identifiers.name, kind, account_id), old.value)
        if address != contact.value:
            _tell_the_old_one(tx, keys, account_id, kind, address)
    await put_identifier(tx, keys, key, account_id, contact, proved=True)
    tx.emit(contact_verified(keys, account_id, kind, contact.value))
    await account_changed(tx, keys, account_id)
    return contact


async def _proved_before(tx: Tx, account_id: UUID, kind: ContactKind) -> Row[Any] | None:
    found = await tx.session.execute(
        select(account_identifiers.c.value).where(
            account_identifiers.c.account_id == account_id,
            account_identifiers.c.kind == kind,
            account_identifiers.c.proved_at.is_not(None),
        )
    )
    return found.one_or_none()


def _tell_the_old_one(tx: Tx, keys: PersonalDataKeys, account_id: UUID, kind: ContactKind, address: str) -> None:
    notice_id = tx.new_id()
    tx.emit(
        SecurityNoticed(
            account_id=account_id,
            notice_id=notice_id,
            kind="contact_changed",
            contact=kind,
            sealed_old_address=keys.seals.seal_for_all(address, f"security:{notice_id}"),
            occurred_at=tx.now,
        )
    )
