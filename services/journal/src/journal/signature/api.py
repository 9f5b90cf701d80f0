"""The signed week over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from journal.access.actions import LEAD_CLASS, PLAN_YEAR, SIGN_WEEK
from journal.access.open_class import open_class
from journal.access.read_diary import read_diary
from journal.container import Wired
from journal.errors import (
    NotYoursToSign,
    PageChanged,
    ProofNotForThisPage,
    PupilNotFound,
    SchoolClassNotFound,
    SignatureNotFound,
    SigningNotSetUp,
    WeekNotOver,
    WeekUnknown,
)
from journal.signature.queries import Signature, document_of, signed_weeks_of_class
from journal.signature.rules import Verdict, verify
from journal.signature.sign_week import sign_week
from journal.signature.state import read_state
from journal.weeks import Week
from shared.crypto import Seals
from shared.http import Answer, Body, CurrentCaller, RecentCaller, StepUpRequired, responses

router = APIRouter(tags=["signature"])

PageHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Sign(Body):
    """The page that is signed. The access token must come from a step-up that named the same hash."""

    page_hash: PageHash


class SignatureOut(Answer):
    """That a version of the page was signed."""

    signature_id: UUID
    signed_at: datetime
    page_hash: PageHash
    mine: bool
    """By the account that asks."""
    current: bool
    """The page still stands as it was signed."""

    @classmethod
    def of(cls, one: Signature, account_id: UUID, page_hash: str) -> Self:
        return cls(
            signature_id=one.signature_id,
            signed_at=one.signed_at,
            page_hash=one.page_hash,
            mine=one.account_id == account_id,
            current=one.page_hash == page_hash,
        )


class WeekStateOut(Answer):
    """Whether a week is signed. To sign it: step up for `page_hash`, then post it here."""

    week: str
    page_hash: PageHash
    state: Literal["unsigned", "signed", "changed"]
    """`changed`: a version of it was signed, and something has changed since."""
    may_sign: bool
    signatures: list[SignatureOut]


class SignedOfClass(Answer):
    """A pupil, and whether the week was signed."""

    pupil_id: UUID
    pupil: str
    signatures: int
    last_signed_at: datetime | None
    """null: nobody has signed it."""


class SignedOfClassOut(Answer):
    """The whole class, by surname."""

    week: str
    items: list[SignedOfClass]


class VerdictOut(Answer):
    """Whether a document is a signed page that nobody has changed."""

    valid: bool
    fault: str | None
    """not_canonical, not_a_signed_page, page_changed, page_of_another_week, unknown_key, seal_broken."""
    week: str | None = None
    signed_at: str | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        record = verdict.record
        return cls(
            valid=verdict.valid,
            fault=verdict.fault,
            week=record.week if record else None,
            signed_at=record.signed_at if record else None,
        )


class KeysOut(Answer):
    """Public keys as a JWK set (RFC 8037): whoever has them verifies without us."""

    keys: list[dict[str, Any]]


@router.get("/diaries/{pupil_id}/weeks/{week}/signature", responses=responses(PupilNotFound, WeekUnknown))
async def get_state(pupil_id: UUID, week: str, caller: CurrentCaller, wired: Wired) -> WeekStateOut:
    """Whether the week is signed, by how many, and whether anything has changed since."""
    wanted = Week.asked(week)
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        if diary.decision.relation == "trusted":
            raise PupilNotFound
        state = await read_state(session, diary.pupil, wanted)
    return WeekStateOut(
        week=str(wanted),
        page_hash=state.page_hash,
        state=state.state,
        may_sign=diary.may(SIGN_WEEK),
        signatures=[SignatureOut.of(one, caller.account_id, state.page_hash) for one in state.signatures],
    )


@router.post(
    "/diaries/{pupil_id}/weeks/{week}/signature",
    status_code=201,
    responses=responses(
        PupilNotFound,
        NotYoursToSign,
        WeekUnknown,
        WeekNotOver,
        PageChanged,
        ProofNotForThisPage,
        StepUpRequired,
        SigningNotSetUp,
    ),
)
async def post_signature(pupil_id: UUID, week: str, body: Sign, caller: RecentCaller, wired: Wired) -> SignatureOut:
    """Sign a finished week, or the present one from its Friday on; for representatives of level 2."""
    signature = await sign_week(wired.database.uow, _seals(wired), caller, pupil_id, Week.asked(week), body.page_hash)
    return SignatureOut.of(signature, caller.account_id, signature.page_hash)


@router.get(
    "/signatures/{signature_id}/document",
    response_class=Response,
    responses={
        **responses(SignatureNotFound),
        200: {"content": {"application/json": {}}, "description": "The signed page, byte for byte as it was sealed"},
    },
)
async def get_document(signature_id: UUID, caller: CurrentCaller, wired: Wired) -> Response:
    """The signed page to keep; it is verified here or, without us, by `journal verify-signature`."""
    async with wired.database.read() as session:
        found = await document_of(session, signature_id)
        if found is None:
            raise SignatureNotFound
        signature, document = found
        try:
            diary = await read_diary(session, wired, caller, signature.pupil_id)
        except PupilNotFound:
            raise SignatureNotFound from None
        if diary.decision.relation == "trusted":
            raise SignatureNotFound
    name = f"week-{Week(signature.monday)}-{signature.signature_id}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(document, media_type="application/json", headers=headers)


@router.post("/signatures/verify", responses=responses(SigningNotSetUp))
async def post_verify(request: Request, wired: Wired) -> VerdictOut:
    """Verify a document; its bytes are the body. For everybody who has one: no sign-in."""
    return VerdictOut.of(verify(await request.body(), _seals(wired).public))


@router.get("/signature-keys", responses=responses(SigningNotSetUp))
async def get_keys(wired: Wired) -> KeysOut:
    """The public keys that seals are verified with: keep them beside the documents."""
    return KeysOut(keys=list(_seals(wired).documents))


@router.get("/classes/{class_id}/signatures/{week}", responses=responses(SchoolClassNotFound, WeekUnknown))
async def get_signed_of_class(class_id: UUID, week: str, caller: CurrentCaller, wired: Wired) -> SignedOfClassOut:
    """Whose week was signed and whose was not; for the class teacher, deputies and the director."""
    wanted = Week.asked(week)
    async with wired.database.read() as session:
        now = wired.database.clock()
        school_class = await open_class(session, caller.account_id, class_id, now, LEAD_CLASS, PLAN_YEAR)
        found = await signed_weeks_of_class(session, school_class, wanted.monday)
    return SignedOfClassOut(
        week=str(wanted), items=[SignedOfClass.model_validate(one, from_attributes=True) for one in found]
    )


def _seals(wired: Wired) -> Seals:
    if wired.seals is None:
        raise SigningNotSetUp
    return wired.seals
