"""What all ways of settling a review begin with: is it still open, is it as it was shown, is it the caller's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from identity.errors import OwnReview, PersonNotFound, RecordNeeded, ReviewNotFound, ReviewStale
from identity.matching.locks import lock_contacts_of_both
from identity.matching.tables import reviews
from identity.registry.authority import Authority, authority_in_school, standing_of
from identity.registry.turns import take_turn_in
from shared.db import Tx
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Seen:
    """What the teacher had before the eyes."""

    review_id: UUID
    version: int
    person_id: UUID | None = None
    """The record, where the review names none, or another one is meant."""


async def open_review(tx: Tx, caller: Caller, seen: Seen) -> Row[Any]:
    """Lock a review that the caller may settle; two teachers take turns, and the second finds it settled.

    Raises:
        ReviewNotFound: not there, or of another class: nobody learns which.
        ReviewStale: settled already, or about other data by now.
        OwnReview: the caller's own account waits here.
    """
    this = select(reviews).where(reviews.c.review_id == seen.review_id)
    review = (await tx.session.execute(this)).one_or_none()
    if review is None:
        raise ReviewNotFound
    # In the order of `matching.locks`, the review itself last: a look from either side may be about to change it.
    await take_turn_in(tx.session, review.school_id, beside_others=True)
    person_ids = [person_id for person_id in (review.person_id, seen.person_id) if person_id is not None]
    await lock_contacts_of_both(tx.session, review.school_id, person_ids, review.account_id)
    review = (await tx.session.execute(this.with_for_update())).one()
    authority = await authority_in_school(tx.session, caller.account_id, review.school_id, tx.now)
    if not await _in_care(tx, authority, review):
        raise ReviewNotFound
    if review.state != "open" or review.version != seen.version:
        raise ReviewStale(members={"current": {"state": review.state, "version": review.version}})
    if review.account_id == caller.account_id:
        raise OwnReview
    return review


async def record_meant(tx: Tx, caller: Caller, review: Row[Any], seen: Seen) -> UUID:
    """The record that the teacher means; it has to be in the teacher's care too.

    Raises:
        RecordNeeded: neither the review nor the teacher names one.
        PersonNotFound: not a pupil or representative in the caller's care.
    """
    person_id: UUID | None = seen.person_id or review.person_id
    if person_id is None:
        raise RecordNeeded
    if person_id != review.person_id:
        authority = await authority_in_school(tx.session, caller.account_id, review.school_id, tx.now)
        standing = await standing_of(tx.session, review.school_id, person_id)
        if standing is None or standing.kind == "staff" or not authority.over_person(standing):
            raise PersonNotFound
    return person_id


async def settle(tx: Tx, caller: Caller, review: Row[Any], state: str, *, note: str | None = None) -> None:
    """Close a locked review."""
    await tx.session.execute(
        update(reviews)
        .where(reviews.c.school_id == review.school_id, reviews.c.review_id == review.review_id)
        .values(
            state=state,
            settled_at=tx.now,
            settled_by=caller.account_id,
            note=note,
            version=reviews.c.version + 1,
        )
    )


async def _in_care(tx: Tx, authority: Authority, review: Row[Any]) -> bool:
    if not authority:
        return False
    if authority.leads_school or (review.class_id is not None and authority.over_class(review.class_id)):
        return True
    standing = await standing_of(tx.session, review.school_id, review.person_id) if review.person_id else None
    return standing is not None and authority.over_person(standing)
