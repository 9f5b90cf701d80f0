"""Reads of what a code that is due needs to know; constant in number, however many are due."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Row, Text, Uuid, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_identifiers
from identity.bulk import among
from identity.codes.tables import one_time_codes as table

_OWNERS = text(
    """
    SELECT DISTINCT meant.code_id, a.account_id, a.locale, a.data_key
    FROM unnest(:code_ids, :kinds, :indexes) AS meant (code_id, kind, value_index)
    JOIN account_identifiers i ON i.signs_in AND i.kind = meant.kind AND i.value_index = meant.value_index
    JOIN accounts a ON a.account_id = i.account_id AND a.status = 'active'
    """
).bindparams(
    bindparam("code_ids", type_=ARRAY(Uuid)),
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("indexes", type_=ARRAY(LargeBinary)),
)


async def due_codes(session: AsyncSession, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Codes that were asked for and not yet looked after, the oldest first; locked."""
    found = await session.execute(
        select(table)
        .where(table.c.issued_at.is_(None))
        .order_by(table.c.asked_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return found.all()


async def owners(session: AsyncSession, due: Sequence[Row[*tuple[Any, ...]]]) -> dict[UUID, list[Row[Any]]]:
    """Code → active accounts that sign in by what was typed; nearly always none or one."""
    meant = [
        (row.code_id, kind, index)
        for row in due
        for kind, index in zip(row.meant_kinds, row.meant_indexes, strict=True)
    ]
    code_ids, kinds, indexes = zip(*meant, strict=True)
    found = await session.execute(_OWNERS, {"code_ids": list(code_ids), "kinds": list(kinds), "indexes": list(indexes)})
    by_code: dict[UUID, list[Row[Any]]] = {}
    for row in found:
        by_code.setdefault(row.code_id, []).append(row)
    return by_code


async def proved_contacts(session: AsyncSession, account_ids: Sequence[UUID]) -> dict[UUID, dict[str, bytes]]:
    """Account → kind → encrypted value, of phones and mailboxes that were proved."""
    identifier = account_identifiers.c
    found = await session.execute(
        select(identifier.account_id, identifier.kind, identifier.value).where(
            among(identifier.account_id, account_ids),
            identifier.kind.in_(("phone", "email")),
            identifier.proved_at.is_not(None),
        )
    )
    contacts: dict[UUID, dict[str, bytes]] = {}
    for row in found:
        contacts.setdefault(row.account_id, {})[row.kind] = row.value
    return contacts


async def sent_since(session: AsyncSession, addresses: Collection[bytes], since: datetime) -> dict[bytes, int]:
    """Address (as it is counted) → how many codes went there since an instant."""
    found = await session.execute(
        select(table.c.sent_to, func.count())
        .where(table.c.sent_to.in_(addresses), table.c.issued_at > since)
        .group_by(table.c.sent_to)
    )
    return {bytes(sent_to): count for sent_to, count in found}
