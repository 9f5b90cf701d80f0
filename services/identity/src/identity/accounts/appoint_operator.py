"""Appoint an operator of the platform, who connects schools; only from the machine itself, never over HTTP."""

from sqlalchemy import select, tuple_, update

from identity.accounts.tables import account_identifiers, accounts
from identity.personal_data.contacts import identifiers_meant
from identity.personal_data.keeping import PersonalDataKeys
from shared.db import UnitOfWork


class NoSuchAccount(Exception):
    """Nobody, or more than one, signs in by this login."""


async def appoint_operator(uow: UnitOfWork, keys: PersonalDataKeys, login: str, *, is_operator: bool) -> None:
    """Let an account connect schools, or no longer.

    Raises:
        NoSuchAccount: the login means no account, or several.
    """
    wanted = [(each.kind, keys.find(each)) for each in identifiers_meant(login)]
    identifier = account_identifiers.c
    async with uow.begin() as tx:
        found = set(
            await tx.session.scalars(
                select(identifier.account_id).where(
                    identifier.signs_in, tuple_(identifier.kind, identifier.value_index).in_(wanted)
                )
            )
        )
        if len(found) != 1:
            raise NoSuchAccount
        await tx.session.execute(
            update(accounts).where(accounts.c.account_id == found.pop()).values(is_operator=is_operator)
        )
