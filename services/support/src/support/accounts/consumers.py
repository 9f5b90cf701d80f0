"""Keeps the names of accounts."""

from sqlalchemy.dialects.postgresql import insert

from shared.contracts.identity import AccountRegistered
from shared.db import Tx
from support.accounts.tables import accounts
from support.events import subscriptions


@subscriptions.on(AccountRegistered)
async def keep_name(tx: Tx, event: AccountRegistered) -> None:
    """The event carries the whole card: the newest one stands."""
    card = event.model_dump(include={"surname", "given_name", "patronymic", "locale"})
    statement = insert(accounts).values(account_id=event.account_id, **card)
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=card))
