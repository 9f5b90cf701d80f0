"""Let go of everything that matching keeps of an account that is being erased."""

from uuid import UUID

from sqlalchemy import case, delete, func, update

from identity.matching.tables import match_outcomes, reviews
from shared.db import Tx


async def forget_account(tx: Tx, account_id: UUID) -> None:
    """No outcome stays, no question waits, and nothing that the person wrote in one.

    Settled questions stay without names: they are the school's record of who was let in by whom.
    """
    await tx.session.execute(delete(match_outcomes).where(match_outcomes.c.account_id == account_id))
    is_open = reviews.c.state == "open"
    await tx.session.execute(
        update(reviews)
        .where(reviews.c.account_id == account_id)
        .values(
            child_name=None,
            state=case((is_open, "lapsed"), else_=reviews.c.state),
            settled_at=func.coalesce(reviews.c.settled_at, tx.now),
            version=reviews.c.version + 1,
        )
    )
