"""Reads of the own data, in a constant number of statements."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.queries import account, own_identifiers
from identity.accounts.tables import account_details
from identity.errors import AccountNotFound
from identity.matching.tables import match_outcomes
from identity.profile.rules import DETAILS
from identity.profile.tables import contact_changes
from identity.registry.tables import schools
from shared.crypto import FieldPlace, FieldVault


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything that the profile shows, in clear: for masking right away."""

    owner: Row[Any]
    identifiers: dict[str, tuple[str, bool]]
    """Kind → value, whether it is proved."""
    details: dict[str, str]
    waiting: dict[str, str]
    """Kind → the contact that waits to be proved."""
    snils_needed: bool
    """A school that has been asked about this account wants a СНИЛС of everybody (I-19, row 0)."""


async def own_data(session: AsyncSession, vault: FieldVault, account_id: UUID) -> OwnData:
    """The data of an open account.

    Raises:
        AccountNotFound: closed.
    """
    owner = await account(session, account_id)
    if owner is None:
        raise AccountNotFound
    key = vault.open_person_key(owner.data_key)
    kept = (
        await session.execute(select(account_details).where(account_details.c.account_id == account_id))
    ).one_or_none()
    details: dict[str, str] = {
        name: key.decrypt(FieldPlace(account_details.name, name, account_id), value)
        for name in DETAILS
        if kept is not None and (value := getattr(kept, name)) is not None
    }
    changes = await session.execute(select(contact_changes).where(contact_changes.c.account_id == account_id))
    waiting = {
        row.kind: key.decrypt(FieldPlace(contact_changes.name, row.kind, account_id), row.value) for row in changes
    }
    asked = match_outcomes.c
    snils_needed = await session.scalar(
        select(
            exists().where(
                asked.account_id == account_id, schools.c.school_id == asked.school_id, schools.c.requires_snils
            )
        )
    )
    return OwnData(owner, await own_identifiers(session, vault, owner), details, waiting, bool(snils_needed))
