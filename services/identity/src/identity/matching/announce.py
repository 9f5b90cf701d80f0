"""Every acceptance is announced to all contacts of the record; «Это не я» undoes it (I-21)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from identity.bulk import upsert
from identity.matching.tables import access_claims
from identity.personal_data.keeping import PersonalDataKeys
from shared.contracts.identity import DiaryAccessAccepted
from shared.crypto import FieldPlace
from shared.db import Tx

UNDONE_WITHIN = timedelta(days=30)
"""How long the secret of an announcement works; afterwards the class teacher helps."""

_CONTACTS = text(
    """
    SELECT p.school_id, p.person_id, p.data_key, p.phone, p.email
    FROM people p JOIN unnest(:school_ids, :person_ids) AS t (school_id, person_id) USING (school_id, person_id)
    """
).bindparams(bindparam("school_ids", type_=ARRAY(Uuid)), bindparam("person_ids", type_=ARRAY(Uuid)))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An account was recognised as a person of a school."""

    school_id: UUID
    person_id: UUID
    account_id: UUID
    level: int


async def announce(tx: Tx, keys: PersonalDataKeys, acceptances: Sequence[Acceptance]) -> None:
    """Say it to the town, the record's contacts sealed, with a secret that undoes it."""
    if not acceptances:
        return
    found = await tx.session.execute(
        _CONTACTS,
        {
            "school_ids": [one.school_id for one in acceptances],
            "person_ids": [one.person_id for one in acceptances],
        },
    )
    records = {(row.school_id, row.person_id): row for row in found}
    claims = []
    for one in acceptances:
        secret = token_urlsafe(24)
        claims.append(
            {
                "school_id": one.school_id,
                "claim_id": tx.new_id(),
                "account_id": one.account_id,
                "person_id": one.person_id,
                "level": one.level,
                "secret_hash": secret_hash(secret),
                "accepted_at": tx.now,
                "expires_at": tx.now + UNDONE_WITHIN,
            }
        )
        told = json.dumps(_contacts(keys, records[one.school_id, one.person_id]) | {"undo": secret})
        tx.emit(
            DiaryAccessAccepted(
                school_id=one.school_id,
                person_id=one.person_id,
                account_id=one.account_id,
                level=one.level,
                sealed=keys.seals.seal_for_all(told, f"record:{one.person_id}"),
                accepted_at=tx.now,
            )
        )
    await upsert(tx.session, access_claims, claims)


async def purge_claims(session: AsyncSession, now: datetime) -> None:
    """Drop announcements whose secret has lapsed; those that were undone stay, they keep an account out."""
    lapsed = (access_claims.c.expires_at < now) & access_claims.c.undone_at.is_(None)
    await session.execute(access_claims.delete().where(lapsed))


def secret_hash(secret: str) -> bytes:
    """A plain hash is enough for 192 random bits."""
    return sha256(secret.encode()).digest()


def _contacts(keys: PersonalDataKeys, record: Row[Any]) -> dict[str, str | None]:
    key = keys.vault.open_person_key(record.data_key)
    return {
        column: key.decrypt(FieldPlace("people", column, record.person_id), stored) if stored is not None else None
        for column, stored in (("phone", record.phone), ("email", record.email))
    }
