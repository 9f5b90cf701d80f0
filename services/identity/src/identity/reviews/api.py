"""The class teacher's queue, over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from identity.container import Wired
from identity.errors import (
    AccessRulesForbidden,
    BindingNotFound,
    NothingToCorrect,
    OwnReview,
    PersonNotFound,
    RecordNeeded,
    RecordTaken,
    ReviewNotFound,
    ReviewsForbidden,
    ReviewStale,
)
from identity.matching.answer import ReviewKind
from identity.registry.authority import authority_in_school
from identity.reviews.accept_review import accept_review
from identity.reviews.correct_review import correct_review
from identity.reviews.queries import RecordSide, ReviewCard, Side, cards_of, open_reviews
from identity.reviews.raise_binding import raise_binding
from identity.reviews.reject_review import reject_review
from identity.reviews.require_snils import require_snils
from identity.reviews.settling import Seen
from shared.contacts import masked_snils
from shared.http import Body, CurrentCaller, InvalidCursor, Page, PageQuery, cursor_of, responses

router = APIRouter(tags=["reviews"])

_ATTRIBUTES: tuple[Literal["surname", "given_name", "patronymic", "birth_date", "snils", "phone", "email"], ...] = (
    "surname",
    "given_name",
    "patronymic",
    "birth_date",
    "snils",
    "phone",
    "email",
)


class Line(BaseModel):
    """One attribute, as the account and as the school says it. A СНИЛС is shown masked."""

    attribute: Literal["surname", "given_name", "patronymic", "birth_date", "snils", "phone", "email"]
    account: str | None
    proved: bool
    """The account has proved it, or an identity provider has asserted it."""
    school: str | None
    differs: bool


class RecordCard(BaseModel):
    """The record it is about."""

    person_id: UUID
    kind: str
    class_names: list[str]
    pupils: list[str]
    """Whom a representative answers for."""
    bound_to_another_account: bool


class Review(BaseModel):
    """An account that waits for the class teacher's word."""

    review_id: UUID
    version: int
    kind: ReviewKind
    reason: str
    """A stable code of the rule that asks."""
    requested_at: datetime
    proposed_level: int
    record: RecordCard | None
    """None if the data that were passed fit no record of the class."""
    class_name: str | None
    """As the person wrote it who passed data."""
    child_name: str | None
    lines: list[Line]
    """Both sides, side by side."""

    @classmethod
    def of(cls, card: ReviewCard) -> "Review":
        review, record = card.review, card.record
        return cls(
            review_id=review.review_id,
            version=review.version,
            kind=review.kind,
            reason=review.reason,
            requested_at=review.requested_at,
            proposed_level=review.proposed_level,
            record=_record(record, review.account_id) if record is not None else None,
            class_name=review.class_name,
            child_name=review.child_name,
            lines=[
                Line(
                    attribute=attribute,
                    account=_shown(card.account, attribute),
                    proved=attribute in card.account.proved,
                    school=_shown(record, attribute) if record is not None else None,
                    differs=attribute in review.differing,
                )
                for attribute in _ATTRIBUTES
            ],
        )


class Settling(Body):
    """What the teacher had before the eyes."""

    version: Annotated[int, Field(ge=1)]
    person_id: UUID | None = None
    """Another record than the review names, or the one it does not name."""


class Accepting(Settling):
    """«Да, это он»."""

    level: Literal[1, 2] | None = None
    """1 reads, 2 also signs; without it what the rule proposes."""
    replace: bool = False
    """Take the record from the account that has it."""


class Rejecting(Body):
    """«Нет, это не он»."""

    version: Annotated[int, Field(ge=1)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    """For the school; the person is not shown it."""


class Settled(BaseModel):
    """What became of it."""

    review_id: UUID
    state: Literal["accepted", "corrected", "rejected"]
    level: int | None = None


class Raised(BaseModel):
    """The binding signs and invites now."""

    binding_id: UUID
    level: Literal[2] = 2


class AccessRules(Body):
    """What a school demands before it recognises anybody."""

    requires_snils: bool


_SETTLING = (ReviewNotFound, ReviewStale, OwnReview)


@router.get(
    "/schools/{school_id}/reviews",
    summary="What waits for the class teacher",
    responses=responses(ReviewsForbidden, InvalidCursor),
)
async def get_reviews(school_id: UUID, caller: CurrentCaller, wired: Wired, paging: PageQuery) -> Page[Review]:
    """The oldest first. A class teacher sees the own classes, those who lead the school all of it (I-22)."""
    position = paging.position(UUID)
    async with wired.database.read() as session:
        authority = await authority_in_school(session, caller.account_id, school_id, wired.database.clock())
        if not authority:
            raise ReviewsForbidden
        rows = await open_reviews(session, authority, position[0] if position else None, paging.limit + 1)
        shown = rows[: paging.limit]
        cards = await cards_of(session, wired.keys, school_id, shown)
    return Page(
        items=[Review.of(card) for card in cards],
        next=cursor_of(str(shown[-1].review_id)) if len(rows) > paging.limit else None,
    )


@router.post(
    "/reviews/{review_id}/accept",
    summary="Accept an account as a person of the school",
    responses=responses(*_SETTLING, RecordTaken, RecordNeeded, PersonNotFound),
)
async def post_accept(review_id: UUID, body: Accepting, caller: CurrentCaller, wired: Wired) -> Settled:
    """The record becomes the account's own, and the diaries open."""
    level = await accept_review(
        wired.database.uow,
        wired.keys,
        caller,
        Seen(review_id, body.version, body.person_id),
        level=body.level,
        replace=body.replace,
    )
    return Settled(review_id=review_id, state="accepted", level=level)


@router.post(
    "/reviews/{review_id}/correct",
    summary="Take the account's values into the school's record",
    responses=responses(*_SETTLING, RecordTaken, RecordNeeded, PersonNotFound, NothingToCorrect),
)
async def post_correct(review_id: UUID, body: Settling, caller: CurrentCaller, wired: Wired) -> Settled:
    """The marked values are corrected and the rule decides again, in the same moment (I-21)."""
    await correct_review(wired.database.uow, wired.keys, caller, Seen(review_id, body.version, body.person_id))
    return Settled(review_id=review_id, state="corrected")


@router.post("/reviews/{review_id}/reject", summary="Not this person", responses=responses(*_SETTLING))
async def post_reject(review_id: UUID, body: Rejecting, caller: CurrentCaller, wired: Wired) -> Settled:
    """Not asked again while both sides say the same."""
    await reject_review(wired.database.uow, wired.keys, caller, Seen(review_id, body.version), reason=body.reason)
    return Settled(review_id=review_id, state="rejected")


@router.post(
    "/bindings/{binding_id}/raise", summary="Let it also sign", responses=responses(BindingNotFound, OwnReview)
)
async def post_raise(binding_id: UUID, caller: CurrentCaller, wired: Wired) -> Raised:
    """From level 1 to 2, by the class teacher's click (I-19)."""
    await raise_binding(wired.database.uow, wired.keys, caller, binding_id)
    return Raised(binding_id=binding_id)


@router.put(
    "/schools/{school_id}/access-rules",
    status_code=204,
    summary="Demand a СНИЛС, or no longer",
    responses=responses(AccessRulesForbidden),
)
async def put_access_rules(school_id: UUID, body: AccessRules, caller: CurrentCaller, wired: Wired) -> None:
    """For deputies, director and administrator. Everybody is looked at again; who is in stays in (I-19, row 0)."""
    await require_snils(wired.database.uow, wired.keys, caller, school_id, required=body.requires_snils)


def _record(record: RecordSide, account_id: UUID) -> RecordCard:
    return RecordCard(
        person_id=record.person_id,
        kind=record.kind,
        class_names=list(record.class_names),
        pupils=list(record.pupils),
        bound_to_another_account=record.bound_to not in {None, account_id},
    )


def _shown(side: Side, attribute: str) -> str | None:
    if attribute in {"surname", "given_name", "patronymic"}:
        name: str | None = getattr(side, attribute)
        return name
    value = side.values.get(attribute)
    return masked_snils(value) if value and attribute == "snils" else value
