"""Accounts that a school hands out (I-6): with a password, with the contacts it vouches for, bound to the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Text, bindparam, text

from identity.accounts.facts import account_reachable, contact_verified
from identity.accounts.role import Role
from identity.accounts.tables import account_identifiers, account_records, accounts, credentials
from identity.bulk import upsert
from identity.personal_data.contacts import Identifier, IdentifierKind, comparable_email
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from shared.contracts.identity import AccountRegistered
from shared.crypto import FieldPlace
from shared.db import Tx

SCHOOL_ISSUED_LEVEL = 2
"""Whoever got the password from the school in person has shown who he is: reads, signs, invites."""

_TAKEN = text(
    """
    SELECT kind, value_index FROM account_identifiers
    WHERE signs_in AND (kind, value_index) IN (SELECT * FROM unnest(:kinds, :indexes))
    """
).bindparams(bindparam("kinds", type_=ARRAY(Text)), bindparam("indexes", type_=ARRAY(LargeBinary)))


class UsernameTaken(Exception):
    """Some logins belong to other accounts."""

    def __init__(self, person_ids: Sequence[UUID]) -> None:
        super().__init__("username taken")
        self.person_ids = tuple(person_ids)


@dataclass(frozen=True, slots=True)
class Issue:
    """One account to hand out."""

    school_id: UUID
    person_id: UUID
    name: PersonName
    password_hash: str
    identifiers: tuple[Identifier, ...]
    """As they are written; they are compared in their normal forms."""
    proved: frozenset[IdentifierKind]
    role: Role | None
    """None for staff: they may have children in school, or not."""


async def issue_accounts(tx: Tx, keys: PersonalDataKeys, issues: Sequence[Issue]) -> None:
    """Register the accounts and tell the town.

    A phone, e-mail or СНИЛС that already signs somebody else in stays with that account: here it is noted,
    unproved. A user name cannot be shared.

    Raises:
        UsernameTaken: names all of them.
    """
    if not issues:
        return
    # Two schools may hand out one login at the same moment: one of them has to see the other.
    await tx.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('issue_accounts', 0))"))
    taken = await _taken(tx, keys, issues)
    refused = [
        issue.person_id
        for issue in issues
        for identifier in issue.identifiers
        if identifier.kind == "username" and ("username", keys.find(identifier)) in taken
    ]
    if refused:
        raise UsernameTaken(refused)
    rows: dict[str, list[dict[str, Any]]] = {"accounts": [], "identifiers": [], "credentials": [], "records": []}
    for issue in issues:
        _register(tx, keys, issue, taken, rows)
    await upsert(tx.session, accounts, rows["accounts"])
    await upsert(tx.session, account_identifiers, rows["identifiers"])
    await upsert(tx.session, credentials, rows["credentials"])
    await upsert(tx.session, account_records, rows["records"])


def _register(
    tx: Tx,
    keys: PersonalDataKeys,
    issue: Issue,
    taken: set[tuple[str, bytes]],
    rows: dict[str, list[dict[str, Any]]],
) -> None:
    account_id = tx.new_id()
    person_key, wrapped = keys.vault.new_person_key()
    surname, given_name, patronymic = issue.name
    rows["accounts"].append(
        {
            "account_id": account_id,
            "status": "active",
            "surname": surname,
            "given_name": given_name,
            "patronymic": patronymic,
            "locale": "ru",
            "is_operator": False,
            "data_key": wrapped,
            "registered_at": tx.now,
            "role": issue.role,
        }
    )
    rows["credentials"].append({"account_id": account_id, "password_hash": issue.password_hash, "changed_at": tx.now})
    rows["records"].append(
        {
            "school_id": issue.school_id,
            "person_id": issue.person_id,
            "account_id": account_id,
            "level": SCHOOL_ISSUED_LEVEL,
            "linked_at": tx.now,
        }
    )
    tx.emit(AccountRegistered(account_id=account_id, surname=surname, given_name=given_name, patronymic=patronymic))
    phones: list[str] = []
    for identifier in issue.identifiers:
        normal = normal_form(identifier)
        index = keys.find(normal)
        free = (identifier.kind, index) not in taken
        proved = identifier.kind in issue.proved and free
        signs_in = free and (proved or identifier.kind in {"snils", "username"})
        if signs_in:
            taken.add((identifier.kind, index))
        rows["identifiers"].append(
            {
                "account_id": account_id,
                "kind": identifier.kind,
                "value": person_key.encrypt(
                    FieldPlace("account_identifiers", identifier.kind, account_id), identifier.value
                ),
                "value_index": index,
                "proved_at": tx.now if proved else None,
                "signs_in": signs_in,
            }
        )
        kind = identifier.kind
        if proved and (kind == "phone" or kind == "email"):  # noqa: PLR1714 -- mypy narrows the literal only this way
            tx.emit(contact_verified(keys, account_id, kind, identifier.value))
        if proved and identifier.kind == "phone":
            phones.append(normal.value)
    tx.emit(account_reachable(keys, account_id, surname, phones))


def normal_form(identifier: Identifier) -> Identifier:
    """What an identifier is compared by; only an e-mail is written otherwise than it is compared."""
    if identifier.kind == "email":
        return Identifier("email", comparable_email(identifier.value))
    return identifier


async def _taken(tx: Tx, keys: PersonalDataKeys, issues: Sequence[Issue]) -> set[tuple[str, bytes]]:
    wanted = [normal_form(identifier) for issue in issues for identifier in issue.identifiers]
    found = await tx.session.execute(
        _TAKEN,
        {
            "kinds": [identifier.kind for identifier in wanted],
            "indexes": [keys.find(identifier) for identifier in wanted],
        },
    )
    return {(row.kind, bytes(row.value_index)) for row in found}
