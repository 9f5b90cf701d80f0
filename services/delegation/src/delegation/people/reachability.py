"""Under which keyed hashes an account can be invited; identity tells the whole set each time."""

from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import delete, insert, select

from delegation.people.queries import hold_contacts
from delegation.people.tables import reachable_accounts
from shared.db import Tx


async def replace_reachability(
    tx: Tx, account_id: UUID, contact_hashes: AbstractSet[bytes], surname_hash: bytes
) -> AbstractSet[bytes]:
    """Replace what was known of an account. Answers the contacts whose holder may have changed: old and new ones."""
    mine = reachable_accounts.c.account_id == account_id
    old = await tx.session.scalars(select(reachable_accounts.c.contact_hash).where(mine))
    touched = contact_hashes | set(old)
    await hold_contacts(tx.session, touched)
    await tx.session.execute(delete(reachable_accounts).where(mine))
    if contact_hashes:
        await tx.session.execute(
            insert(reachable_accounts),
            [
                {"account_id": account_id, "contact_hash": contact_hash, "surname_hash": surname_hash}
                for contact_hash in sorted(contact_hashes)
            ],
        )
    return touched
