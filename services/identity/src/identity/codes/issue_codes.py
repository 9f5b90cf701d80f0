"""The worker's half: make the codes that were asked for and have them sent.

Here, and not in the request, is looked up whose a contact is: so an answer cannot tell (I-3).
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Row, Uuid, bindparam, delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.issue_accounts import normal_form
from identity.codes.queries import due_codes, owners, proved_contacts, sent_since
from identity.codes.rules import A_DAY, DAY
from identity.codes.secrets import counted_as, new_secret, secret_hash
from identity.codes.tables import one_time_codes as table
from identity.personal_data.contacts import Identifier, IdentifierKind
from identity.personal_data.keeping import PersonalDataKeys
from shared.contracts.identity import CodeIssued
from shared.crypto import FieldPlace
from shared.db import Database, Tx

AT_ONCE = 100

_ISSUED = text(
    """
    UPDATE one_time_codes AS c
    SET issued_at = :now, data_key = NULL, address = NULL,
        account_id = coalesce(c.account_id, d.account_id), sent_to = d.sent_to, secret_hash = d.secret_hash
    FROM unnest(:code_ids, :account_ids, :sent_to, :secret_hashes) AS d (code_id, account_id, sent_to, secret_hash)
    WHERE c.code_id = d.code_id
    """
).bindparams(
    bindparam("code_ids", type_=ARRAY(Uuid)),
    bindparam("account_ids", type_=ARRAY(Uuid)),
    bindparam("sent_to", type_=ARRAY(LargeBinary)),
    bindparam("secret_hashes", type_=ARRAY(LargeBinary)),
)


@dataclass(frozen=True, slots=True)
class _Sending:
    """One code on its way, or the word to the owner that somebody used the contact."""

    account_id: UUID
    contact: Identifier
    locale: Literal["ru", "en"]
    proves: bool
    """False: the owner is told, and there is no code."""


async def issue_codes(database: Database, keys: PersonalDataKeys) -> int:
    """Look after all codes that are due; answers how many. By one replica at a time: it counts per address."""
    done = 0
    while True:
        async with database.uow.begin() as tx:
            due = await due_codes(tx.session, AT_ONCE)
            if due:
                await _issue(tx, keys, due)
        done += len(due)
        if len(due) < AT_ONCE:
            return done


async def _issue(tx: Tx, keys: PersonalDataKeys, due: Sequence[Row[*tuple[Any, ...]]]) -> None:
    owned = await owners(tx.session, due)
    recovering = [owner.account_id for row in due if row.purpose == "recovery" for owner in owned.get(row.code_id, ())]
    contacts = await proved_contacts(tx.session, recovering)
    sendings: dict[UUID, _Sending] = {}
    for row in due:
        whose = owned.get(row.code_id, [])
        recovers = row.purpose == "recovery"
        sending = _to_recover(keys, row, whose, contacts) if recovers else _to_prove(keys, row, whose)
        if sending is not None and row.expires_at > tx.now:
            sendings[row.code_id] = sending
    counted = {code_id: counted_as(keys, normal_form(each.contact)) for code_id, each in sendings.items()}
    sent = Counter(await sent_since(tx.session, set(counted.values()), tx.now - DAY))
    hashes: dict[UUID, bytes] = {}
    for row in due:
        code_id = row.code_id
        if code_id not in sendings or sent[counted[code_id]] >= A_DAY:
            counted.pop(code_id, None)
            sendings.pop(code_id, None)
            continue
        sent[counted[code_id]] += 1
        secret = new_secret(row.form) if sendings[code_id].proves else None
        if secret is not None:
            hashes[code_id] = secret_hash(keys, row.form, code_id, secret)
        tx.emit(_event(keys, row, sendings[code_id], secret))
    await tx.session.execute(
        _ISSUED,
        {
            "now": tx.now,
            "code_ids": [row.code_id for row in due],
            "account_ids": [sendings[row.code_id].account_id if row.code_id in sendings else None for row in due],
            "sent_to": [counted.get(row.code_id) for row in due],
            "secret_hashes": [hashes.get(row.code_id) for row in due],
        },
    )


def _to_prove(keys: PersonalDataKeys, row: Row[Any], whose: Sequence[Row[Any]]) -> _Sending:
    """To the contact itself: the code, or to its owner the word that somebody used it."""
    key = keys.vault.open_person_key(row.data_key)
    kind: IdentifierKind = row.meant_kinds[0]
    contact = Identifier(kind, key.decrypt(FieldPlace(table.name, "address", row.code_id), row.address))
    for owner in whose:
        if owner.account_id != row.account_id:
            return _Sending(owner.account_id, contact, owner.locale, proves=False)
    return _Sending(row.account_id, contact, row.locale, proves=True)


def _to_recover(
    keys: PersonalDataKeys, row: Row[Any], whose: Sequence[Row[Any]], contacts: dict[UUID, dict[str, bytes]]
) -> _Sending | None:
    """To the proved contact that was typed, else to the phone, else to the mailbox; None: nobody, or no way."""
    if len(whose) != 1:
        return None  # a login that means two people means nobody
    (owner,) = whose
    proved = contacts.get(owner.account_id, {})
    preferred: tuple[IdentifierKind, ...] = (row.meant_kinds[0], "phone", "email")
    for kind in preferred:
        if kind in proved:
            key = keys.vault.open_person_key(owner.data_key)
            value = key.decrypt(FieldPlace("account_identifiers", kind, owner.account_id), proved[kind])
            return _Sending(owner.account_id, Identifier(kind, value), owner.locale, proves=True)
    return None


def _event(keys: PersonalDataKeys, row: Row[Any], sending: _Sending, secret: str | None) -> CodeIssued:
    is_link = row.form == "link"
    message = {
        "address": sending.contact.value,
        "code": None if is_link else secret,
        "link": secret if is_link else None,
    }
    return CodeIssued(
        account_id=sending.account_id,
        code_id=row.code_id,
        channel="sms" if sending.contact.kind == "phone" else "email",
        purpose=row.purpose if sending.proves else "already_registered",
        locale=sending.locale,
        sealed=keys.seals.seal_for_all(json.dumps(message), f"code:{row.code_id}"),
        expires_at=row.expires_at,
    )


async def purge_codes(session: AsyncSession, now: datetime) -> None:
    """Drop codes that are neither good for anything nor counted any more."""
    await session.execute(delete(table).where(table.c.asked_at < now - DAY, table.c.expires_at < now))
