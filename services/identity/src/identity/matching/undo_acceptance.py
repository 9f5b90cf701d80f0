"""«Это не я»: whoever heard of an acceptance and is not the one takes it back (I-21)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import account_records
from identity.matching.announce import secret_hash
from identity.matching.locks import lock_contacts_of_records
from identity.matching.questions import tell_teachers
from identity.matching.reconsider import reconsider_records
from identity.matching.tables import access_claims, reviews
from identity.personal_data.keeping import PersonalDataKeys
from identity.sessions.throttle import address_has_failed, charge
from shared.db import Database, Tx


async def undo_acceptance(database: Database, keys: PersonalDataKeys, secret: str, address: bytes | None) -> None:
    """Take the record from the account, keep the account from getting it again, and ask the class teacher.

    An unknown, used or lapsed secret changes nothing, and is answered alike.

    Args:
        database: of this service.
        keys: personal data is opened with them.
        secret: of an announcement.
        address: keyed hash of where from; it pays for guesses.

    Raises:
        TooManyAttempts: this address has guessed too often.
    """
    await charge(database, keys.own_index.of("undo", secret), address)
    if not await _undo(database, keys, secret):
        await address_has_failed(database, address)


async def _undo(database: Database, keys: PersonalDataKeys, secret: str) -> bool:
    async with database.uow.begin() as tx:
        claim = await _undone(tx, secret)
        if claim is None:
            return False
        # Before any record: those who look from the account's side lock in this order too.
        await lock_contacts_of_records(tx.session, claim.school_id, [claim.person_id])
        await tx.session.execute(
            delete(account_records).where(
                account_records.c.school_id == claim.school_id,
                account_records.c.person_id == claim.person_id,
                account_records.c.account_id == claim.account_id,
            )
        )
        await settle_bindings(tx, claim.school_id, account_ids=[claim.account_id])
        await _ask_teacher(tx, claim)
        # Somebody else may have been waiting for this record.
        await reconsider_records(tx, keys, claim.school_id, [claim.person_id])
    return True


async def _undone(tx: Tx, secret: str) -> Row[Any] | None:
    """The claim of this secret, marked as undone; the row lock lets one of two clicks win."""
    found = await tx.session.execute(
        update(access_claims)
        .where(
            access_claims.c.secret_hash == secret_hash(secret),
            access_claims.c.undone_at.is_(None),
            access_claims.c.expires_at > tx.now,
        )
        .values(undone_at=tx.now)
        .returning(
            access_claims.c.school_id, access_claims.c.person_id, access_claims.c.account_id, access_claims.c.level
        )
    )
    return found.one_or_none()


async def _ask_teacher(tx: Tx, claim: Row[Any]) -> None:
    review_id: UUID = tx.new_id()
    row = {
        "school_id": claim.school_id,
        "review_id": review_id,
        "kind": "undone",
        "account_id": claim.account_id,
        "person_id": claim.person_id,
        "reason": "undone_by_person",
        "differing": [],
        "proposed_level": claim.level,
        "facts": b"",
        "state": "open",
        "version": 1,
        "requested_at": tx.now,
    }
    # A question about the two may be open already: an acceptance by the teacher may have crossed this click.
    await tx.session.execute(
        insert(reviews)
        .values(row)
        .on_conflict_do_nothing(
            index_elements=["school_id", "account_id", "person_id"], index_where=reviews.c.settled_at.is_(None)
        )
    )
    if await tx.session.scalar(select(reviews.c.review_id).where(reviews.c.review_id == review_id)):
        await tell_teachers(tx, [row])
