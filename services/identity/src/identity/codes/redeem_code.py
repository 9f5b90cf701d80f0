"""Redeem a code or a link, in the transaction of what it is needed for."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from identity.codes.rules import TRIES, CodePurpose
from identity.codes.secrets import secret_hash
from identity.codes.tables import one_time_codes as table
from identity.personal_data.keeping import PersonalDataKeys
from shared.db import Tx

_NO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A code that was right; it is good for nothing more."""

    subject_id: UUID
    purpose: CodePurpose
    account_id: UUID


async def redeem_code(
    tx: Tx, keys: PersonalDataKeys, subject_id: UUID, purpose: CodePurpose, code: str
) -> Redeemed | None:
    """Try a code: the newest one of this subject and purpose counts. None: wrong, lapsed, used or tried too often.

    A try is charged before it is compared, and the row stays locked until the transaction ends: of parallel tries
    no more than five count. After None the caller must COMMIT, that is leave the transaction without an
    exception, and only then refuse: a try that is taken back has not been counted.
    """
    newest = (
        select(table.c.code_id)
        .where(table.c.subject_id == subject_id, table.c.purpose == purpose, table.c.form == "code")
        .order_by(table.c.asked_at.desc(), table.c.code_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = (
        await tx.session.execute(
            update(table)
            .where(
                table.c.code_id == newest,
                table.c.tries < TRIES,
                table.c.used_at.is_(None),
                table.c.expires_at > tx.now,
            )
            .values(tries=table.c.tries + 1)
            .returning(table.c.code_id, table.c.secret_hash, table.c.account_id)
        )
    ).one_or_none()
    kept = (row and row.secret_hash) or _NO_HASH
    given = secret_hash(keys, "code", row.code_id if row else subject_id, code)
    if not hmac.compare_digest(kept, given) or row is None:
        return None
    await tx.session.execute(update(table).where(table.c.code_id == row.code_id).values(used_at=tx.now))
    return Redeemed(subject_id, purpose, row.account_id)


async def redeem_link(tx: Tx, keys: PersonalDataKeys, token: str) -> Redeemed | None:
    """Use up a link; of parallel requests one wins. None: unknown, lapsed or used."""
    row = (
        await tx.session.execute(
            update(table)
            .where(
                # Looked up by a keyed hash: the time of the search tells nothing about the token.
                table.c.secret_hash == secret_hash(keys, "link", UUID(int=0), token),
                table.c.form == "link",
                table.c.used_at.is_(None),
                table.c.expires_at > tx.now,
            )
            .values(used_at=tx.now)
            .returning(table.c.subject_id, table.c.purpose, table.c.account_id)
        )
    ).one_or_none()
    return Redeemed(row.subject_id, row.purpose, row.account_id) if row else None
