"""Appoint an operator of the platform, who connects schools; only from the machine itself, never over HTTP."""

from sqlalchemy import update

from identity.accounts.by_login import NoSuchAccount, account_by_login
from identity.accounts.tables import accounts
from identity.personal_data.keeping import PersonalDataKeys
from shared.db import UnitOfWork

__all__ = ["NoSuchAccount", "appoint_operator"]


async def appoint_operator(uow: UnitOfWork, keys: PersonalDataKeys, login: str, *, is_operator: bool) -> None:
    """Let an account connect schools, or no longer.

    Raises:
        NoSuchAccount: the login means no account, or several.
    """
    async with uow.begin() as tx:
        account_id = await account_by_login(tx.session, keys, login)
        await tx.session.execute(
            update(accounts).where(accounts.c.account_id == account_id).values(is_operator=is_operator)
        )
