"""«Да, это он»: the class teacher makes a record an account's own (I-22)."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import account_records, accounts
from identity.errors import RecordTaken
from identity.matching.announce import Acceptance, announce
from identity.matching.reconsider import reconsider_records
from identity.matching.tables import access_claims
from identity.personal_data.keeping import PersonalDataKeys
from identity.reviews.settling import Seen, open_review, record_meant, settle
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def accept_review(
    uow: UnitOfWork,
    keys: PersonalDataKeys,
    caller: Caller,
    seen: Seen,
    *,
    level: Literal[1, 2] | None,
    replace: bool,
) -> int:
    """Bind the record at the level that the teacher chooses, else at what the rule proposes; answers the level.

    Raises:
        ReviewNotFound, ReviewStale, OwnReview, RecordNeeded, PersonNotFound: see `settling`.
        RecordTaken: another account has the record, and the teacher has not said that it is to lose it.
    """
    async with uow.begin() as tx:
        review = await open_review(tx, caller, seen)
        person_id = await record_meant(tx, caller, review, seen)
        granted = level or review.proposed_level
        before = await _holder(tx, review.school_id, person_id)
        if before is not None and before != review.account_id and not replace:
            raise RecordTaken
        await _take(tx, review, person_id, granted)
        await _lift_bar(tx, review, person_id)
        await settle(tx, caller, review, "accepted")
        affected = {review.account_id, *([before] if before else [])}
        await settle_bindings(tx, review.school_id, account_ids=affected)
        await announce(tx, keys, [Acceptance(review.school_id, person_id, review.account_id, granted)])
        await reconsider_records(tx, keys, review.school_id, [person_id])
    return int(granted)


async def _holder(tx: Tx, school_id: UUID, person_id: UUID) -> UUID | None:
    """Whose record it is; the row is locked, so that nobody takes it meanwhile."""
    holder: UUID | None = await tx.session.scalar(
        select(account_records.c.account_id)
        .join(accounts, accounts.c.account_id == account_records.c.account_id)
        .where(
            account_records.c.school_id == school_id,
            account_records.c.person_id == person_id,
            accounts.c.status == "active",
        )
        .with_for_update(of=account_records)
    )
    return holder


async def _take(tx: Tx, review: Row[Any], person_id: UUID, level: int) -> None:
    values = {"account_id": review.account_id, "level": level, "linked_at": tx.now}
    taken = await tx.session.scalar(
        insert(account_records)
        .values(school_id=review.school_id, person_id=person_id, **values)
        .on_conflict_do_nothing()
        .returning(account_records.c.account_id)
    )
    if taken is None:
        # Held by the one who is replaced, by a closed account, or by this account already.
        await tx.session.execute(
            update(account_records)
            .where(account_records.c.school_id == review.school_id, account_records.c.person_id == person_id)
            .values(values)
        )


async def _lift_bar(tx: Tx, review: Row[Any], person_id: UUID) -> None:
    """«Это не я» was said before; now a teacher has looked at it."""
    await tx.session.execute(
        update(access_claims)
        .where(
            access_claims.c.school_id == review.school_id,
            access_claims.c.person_id == person_id,
            access_claims.c.account_id == review.account_id,
            access_claims.c.undone_at.is_not(None),
        )
        .values(lifted_at=tx.now)
    )
