"""What follows from a change of an account's names or contacts: the town is told, the schools look again (I-21)."""

from uuid import UUID

from identity.accounts.facts import tell_reachable
from identity.matching.reconsider import reconsider_account
from identity.personal_data.keeping import PersonalDataKeys
from shared.db import Tx


async def account_changed(tx: Tx, keys: PersonalDataKeys, account_id: UUID) -> None:
    """Call it last in the transaction that changed names, contacts, proofs, СНИЛС or birth date of an account."""
    await tell_reachable(tx, keys, account_id)
    await reconsider_account(tx, keys, account_id)
