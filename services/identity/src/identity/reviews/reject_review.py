"""«Нет, это не он»: not asked again while both sides say the same (I-22)."""

from identity.matching.reconsider import reconsider_account
from identity.personal_data.keeping import PersonalDataKeys
from identity.reviews.settling import Seen, open_review, settle
from shared.db import UnitOfWork
from shared.http import Caller


async def reject_review(uow: UnitOfWork, keys: PersonalDataKeys, caller: Caller, seen: Seen, *, reason: str) -> None:
    """Close the review; the reason is for the school, the person is only told where to turn.

    Raises:
        ReviewNotFound, ReviewStale, OwnReview: see `settling`.
    """
    async with uow.begin() as tx:
        review = await open_review(tx, caller, seen)
        await settle(tx, caller, review, "rejected", note=reason)
        await reconsider_account(tx, keys, review.account_id)
