"""Addresses come with their proof and go with their account. Both stand in the account's stream, in order."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from notifications.channels.tables import contacts
from notifications.events import subscriptions
from shared.contracts.identity import AccountDisabled, ContactVerified
from shared.db import Tx


@subscriptions.on(ContactVerified)
async def keep_contact(tx: Tx, event: ContactVerified) -> None:
    """Keep the newest proved address of each kind; one that was not sealed for us is no use here."""
    sealed = event.sealed.get("notifications")
    if sealed is None:
        return
    statement = insert(contacts).values(account_id=event.account_id, kind=event.kind, sealed=sealed, verified_at=tx.now)
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=[contacts.c.account_id, contacts.c.kind],
            set_={name: statement.excluded[name] for name in ("sealed", "verified_at")},
        )
    )


@subscriptions.on(AccountDisabled)
async def delete_contacts(tx: Tx, event: AccountDisabled) -> None:
    """Addresses are deleted with the account."""
    await tx.session.execute(delete(contacts).where(contacts.c.account_id == event.account_id))
