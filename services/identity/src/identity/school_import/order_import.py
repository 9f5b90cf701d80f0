"""Order an import that the worker carries out: for bundles that take longer than a request should (I-13)."""

from uuid import UUID

from sqlalchemy import func, insert, select

from identity.errors import ImportsWaiting
from identity.personal_data.keeping import PersonalDataKeys
from identity.school_import.tables import import_orders
from shared.crypto import FieldPlace
from shared.db import UnitOfWork

AT_ONCE = 3
"""Orders of one account that may wait: each keeps a whole archive."""


async def order_import(
    uow: UnitOfWork, keys: PersonalDataKeys, caller_id: UUID, archive: bytes, *, dry_run: bool
) -> UUID:
    """Keep the bundle, encrypted, until the worker has carried it out. Answers the id of the import.

    Raises:
        ImportsWaiting: this account has ordered enough.
    """
    async with uow.begin() as tx:
        order = import_orders.c
        waiting = await tx.session.scalar(
            select(func.count()).where(order.account_id == caller_id, order.archive.is_not(None))
        )
        if (waiting or 0) >= AT_ONCE:
            raise ImportsWaiting(retry_after=60)
        import_id = tx.new_id()
        key, wrapped = keys.vault.new_person_key()
        await tx.session.execute(
            insert(import_orders).values(
                import_id=import_id,
                account_id=caller_id,
                dry_run=dry_run,
                ordered_at=tx.now,
                data_key=wrapped,
                archive=key.encrypt_bytes(archive_place(import_id), archive),
            )
        )
        return import_id


def archive_place(import_id: UUID) -> FieldPlace:
    """Where an archive stands; it opens nowhere else."""
    return FieldPlace("import_orders", "archive", import_id)
