"""«Исправить»: the account's values go into the school's record, and the record is looked at again (I-22)."""

from collections.abc import Iterable, Mapping

from identity.errors import NothingToCorrect, RecordTaken
from identity.matching.reconsider import reconsider_records
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.correct_person import correct_person
from identity.reviews.queries import Side, both_sides
from identity.reviews.settling import Seen, open_review, record_meant, settle
from shared.db import UnitOfWork
from shared.http import Caller

_NAMES = ("surname", "given_name", "patronymic")


async def correct_review(uow: UnitOfWork, keys: PersonalDataKeys, caller: Caller, seen: Seen) -> None:
    """Take over what is marked as differing; what follows for the account is the rule's to say.

    Where a person has passed data, also contacts that the record lacks: that is what they were passed for.

    Raises:
        ReviewNotFound, ReviewStale, OwnReview, RecordNeeded, PersonNotFound: see `settling`.
        RecordTaken: another account has the record; its contacts are not changed from here (I-14).
        NothingToCorrect: the sides do not differ.
    """
    async with uow.begin() as tx:
        review = await open_review(tx, caller, seen)
        person_id = await record_meant(tx, caller, review, seen)
        own, record = await both_sides(tx.session, keys, review, person_id)
        if record.bound_to not in {None, review.account_id}:
            raise RecordTaken
        marked = review.differing if person_id == review.person_id else ()
        values = _taken_over(_said(own), _said(record), marked, passed=review.kind == "pass_data_to_teacher")
        if not values:
            raise NothingToCorrect
        await correct_person(tx, keys, review.school_id, person_id, values, changed_by=caller.account_id)
        await settle(tx, caller, review, "corrected")
        await reconsider_records(tx, keys, review.school_id, [person_id])


def _taken_over(
    own: Mapping[str, str | None], school: Mapping[str, str | None], marked: Iterable[str], *, passed: bool
) -> dict[str, str | None]:
    fields = {*marked, *(("phone", "email") if passed else ())}
    # What the account does not say is no correction: a missing patronymic at most explains a difference.
    return {field: own[field] for field in fields if own.get(field) and own[field] != school.get(field)}


def _said(side: Side) -> dict[str, str | None]:
    return {**{name: getattr(side, name) for name in _NAMES}, **side.values}
