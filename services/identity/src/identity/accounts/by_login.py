"""Which account a login means, for commands of the machine itself."""

from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_identifiers
from identity.personal_data.contacts import identifiers_meant
from identity.personal_data.keeping import PersonalDataKeys


class NoSuchAccount(Exception):
    """Nobody, or more than one, signs in by this login."""


async def account_by_login(session: AsyncSession, keys: PersonalDataKeys, login: str) -> UUID:
    """The one account that signs in by this phone, e-mail, СНИЛС or user name.

    Raises:
        NoSuchAccount: the login means no account, or several.
    """
    wanted = [(each.kind, keys.find(each)) for each in identifiers_meant(login)]
    identifier = account_identifiers.c
    found = set(
        await session.scalars(
            select(identifier.account_id).where(
                identifier.signs_in, tuple_(identifier.kind, identifier.value_index).in_(wanted)
            )
        )
    )
    if len(found) != 1:
        raise NoSuchAccount
    account_id: UUID = found.pop()
    return account_id
