"""What the town is told of an account's contacts: the addresses sealed, the rest as keyed hashes (law 7)."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from identity.accounts.tables import account_identifiers, accounts
from identity.personal_data.keeping import PersonalDataKeys
from shared.contracts.identity import AccountReachable, ContactVerified
from shared.crypto import FieldPlace
from shared.db import Tx
from shared.names import comparable_name

ContactKind = Literal["phone", "email"]


def contact_verified(keys: PersonalDataKeys, account_id: UUID, kind: ContactKind, address: str) -> ContactVerified:
    """An address that the account has proved, for those who write to it."""
    return ContactVerified(account_id=account_id, kind=kind, sealed=keys.sealed_contact(account_id, address))


def account_reachable(
    keys: PersonalDataKeys, account_id: UUID, surname: str, proved_phones: Iterable[str]
) -> AccountReachable:
    """Under which hashes the account can be invited: proved phones in E.164, and the surname."""
    return AccountReachable(
        account_id=account_id,
        phone_hashes=tuple(keys.town_hash("phone", phone) for phone in proved_phones),
        surname_hash=keys.town_hash("surname", comparable_name(surname)),
    )


async def tell_reachable(tx: Tx, keys: PersonalDataKeys, account_id: UUID) -> None:
    """Say anew under which hashes an account can be invited: its name or its phone has changed."""
    row = (
        await tx.session.execute(
            select(accounts.c.surname, accounts.c.data_key, account_identifiers.c.value)
            .outerjoin(
                account_identifiers,
                (account_identifiers.c.account_id == accounts.c.account_id)
                & (account_identifiers.c.kind == "phone")
                & account_identifiers.c.proved_at.is_not(None),
            )
            .where(accounts.c.account_id == account_id)
        )
    ).one()
    phones: list[str] = []
    if row.value is not None:
        key = keys.vault.open_person_key(row.data_key)
        phones.append(key.decrypt(FieldPlace("account_identifiers", "phone", account_id), row.value))
    tx.emit(account_reachable(keys, account_id, row.surname, phones))
