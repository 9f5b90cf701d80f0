"""Change the own names, СНИЛС, language and the rest of the profile; schools look again (I-5, I-21)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from identity.accounts.identifiers import put_identifier
from identity.accounts.tables import account_details, account_identifiers, account_records, accounts
from identity.errors import AccountNotFound, RoleFixed
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from identity.profile.account_changed import account_changed
from identity.profile.rules import DETAILS
from identity.registry.tables import people
from shared.contracts.identity import AccountRegistered
from shared.crypto import FieldPlace, PersonKey
from shared.db import Tx, UnitOfWork

_CARD = ("surname", "given_name", "patronymic", "locale")


async def change_profile(
    uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID, changes: Mapping[str, str | None]
) -> None:
    """Change what is named; None clears. Two changes at once go one after the other: the row is locked.

    Args:
        uow: opens the transaction.
        keys: encrypts.
        account_id: whose profile.
        changes: field → new value in its one form (I-4).

    Raises:
        AccountNotFound: closed.
        RoleFixed: a school or a representative has said that the account is a pupil's.
    """
    if not changes:
        return
    async with uow.begin() as tx:
        owner = (
            await tx.session.execute(
                select(accounts)
                .where(accounts.c.account_id == account_id, accounts.c.status == "active")
                .with_for_update()
            )
        ).one_or_none()
        if owner is None:
            raise AccountNotFound
        key = keys.vault.open_person_key(owner.data_key)
        card = await _change_card(tx, owner, changes)
        becomes = "role" in changes and changes["role"] != owner.role
        if becomes:
            await _change_role(tx, owner, changes["role"])
        if "snils" in changes:
            await _change_snils(tx, keys, key, account_id, changes["snils"])
        await _change_details(tx, keys, key, account_id, changes)
        if card or becomes or {"snils", "birth_date"} & set(changes):
            await account_changed(tx, keys, account_id)


async def _change_card(tx: Tx, owner: Row[Any], changes: Mapping[str, str | None]) -> bool:
    """Names and language are known to the whole town. False: nothing of them is different."""
    card = {name: getattr(owner, name) for name in _CARD}
    changed = card | {name: changes[name] for name in _CARD if name in changes}
    if changed == card:
        return False
    await tx.session.execute(update(accounts).where(accounts.c.account_id == owner.account_id).values(changed))
    tx.emit(AccountRegistered(account_id=owner.account_id, **changed))
    return True


async def _change_role(tx: Tx, owner: Row[Any], role: str | None) -> None:
    """A child does not become a representative by a click: it may bear the names of a parent."""
    is_known_pupil = owner.role == "pupil" and (
        owner.registered_by is not None
        or await tx.session.scalar(
            select(
                exists().where(
                    account_records.c.account_id == owner.account_id,
                    people.c.school_id == account_records.c.school_id,
                    people.c.person_id == account_records.c.person_id,
                    people.c.kind == "pupil",
                    people.c.present,
                )
            )
        )
    )
    if is_known_pupil:
        raise RoleFixed
    await tx.session.execute(update(accounts).where(accounts.c.account_id == owner.account_id).values(role=role))


async def _change_snils(tx: Tx, keys: PersonalDataKeys, key: PersonKey, account_id: UUID, snils: str | None) -> None:
    if snils is not None:
        await put_identifier(tx, keys, key, account_id, Identifier("snils", snils), proved=False)
        return
    await tx.session.execute(
        delete(account_identifiers).where(
            account_identifiers.c.account_id == account_id, account_identifiers.c.kind == "snils"
        )
    )


async def _change_details(
    tx: Tx, keys: PersonalDataKeys, key: PersonKey, account_id: UUID, changes: Mapping[str, str | None]
) -> None:
    columns: dict[str, bytes | None] = {}
    for name in DETAILS:
        if name not in changes:
            continue
        value = changes[name]
        columns[name] = key.encrypt(FieldPlace(account_details.name, name, account_id), value) if value else None
        if name == "birth_date":
            columns["birth_date_index"] = keys.own_index.of("birth_date", value) if value else None
    if not columns:
        return
    await tx.session.execute(
        insert(account_details)
        .values(account_id=account_id, **columns)
        .on_conflict_do_update(index_elements=[account_details.c.account_id], set_=columns)
    )
