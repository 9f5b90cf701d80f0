"""Applications, for the school that decides on them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from identity.applications import queries
from identity.applications.answers import (
    Application,
    ApplicationFacts,
    InLanguage,
    Moved,
    Written,
    download,
    facts,
    whole,
)
from identity.applications.current import require_authority
from identity.applications.decide_application import refuse_application, take_into_review
from identity.applications.errors import (
    ApplicantUnknown,
    ApplicationNotFound,
    DocumentNotFound,
    LessonsUnknown,
    NotAPupilHere,
    NotARepresentative,
    NotStaffHere,
    OwnApplication,
    ParentsInvite,
    StaleApplication,
    StepNotAllowed,
    TooManyApplications,
    TooManyApplicationsToday,
)
from identity.applications.form import Form, Kind, PersonOnForm
from identity.applications.grant_application import Grant, grant_application
from identity.applications.keeping import form_if_kept
from identity.applications.open_document import open_document
from identity.applications.rules import WAITING, Ground, State
from identity.applications.write_application import NewApplication, enter_application
from identity.container import Wired
from identity.errors import RecordTaken, SchoolNotFound
from shared.http import Body, CurrentCaller, InvalidCursor, Page, PageQuery, cursor_of, responses

router = APIRouter(prefix="/schools/{school_id}/applications", tags=["applications of a school"])

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Decided = Literal["registered", "in_review", "granted", "refused", "withdrawn"]


class EnteredApplication(Body):
    """What was brought on paper."""

    applicant_login: Annotated[str, Field(min_length=1, max_length=254)]
    """Phone, e-mail, СНИЛС or user name of the applicant's account."""
    channel: Literal["in_person", "by_representative"]
    kind: Kind
    form: Form


class AsSeen(Body):
    """The version of the application as it was read."""

    version: Version


class Refusal(AsSeen):
    """On one of the five grounds."""

    ground: Ground


class GrantBody(AsSeen):
    """Which records of the school it is about."""

    pupil_id: UUID | None = None
    """The child, or the pupil who applies."""
    representative_id: UUID | None = None
    """The record of a representative; left out, the account's own one in this school, or a new one from the form."""
    staff_id: UUID | None = None
    """The record of a teacher."""


class Queued(ApplicationFacts):
    """An application in the queue of a school."""

    applicant_name: str | None
    """null: the applicant has closed the account and was forgotten."""
    child_name: str | None
    overdue: bool


class QueuePage(Page[Queued]):
    """A page of the queue, and how much waits in all of it."""

    registered: int
    in_review: int
    overdue: int


_DECISION = (ApplicationNotFound, OwnApplication, StaleApplication, StepNotAllowed)


@router.get("", summary="The queue", responses=responses(SchoolNotFound, InvalidCursor))
async def get_queue(
    caller: CurrentCaller,
    wired: Wired,
    school_id: UUID,
    paging: PageQuery,
    language: InLanguage,
    state: Annotated[list[Decided] | None, Query(max_length=5, description="Default: what waits")] = None,
) -> QueuePage:
    """Nearest deadline first: a class teacher sees the own classes, who leads the school sees all (I-25)."""
    position = paging.position(datetime.fromisoformat, UUID)
    now = wired.database.clock()
    async with wired.database.read() as session:
        authority = await require_authority(session, caller.account_id, school_id, now)
        states = [State(each) for each in state] if state else WAITING
        rows = await queries.queue(session, authority, states, after=position, limit=paging.limit + 1)
        waiting = await queries.counters(session, authority, now)
    shown = rows[: paging.limit]
    items = []
    for row in shown:
        form = form_if_kept(wired.keys.vault, row)
        items.append(
            Queued(
                **facts(row, language),
                applicant_name=_called(form.applicant) if form else None,
                child_name=_called(form.child) if form and form.child else None,
                overdue=row.state in WAITING and row.decide_by <= now,
            )
        )
    more = len(rows) > len(shown)
    return QueuePage(
        items=items,
        next=cursor_of(shown[-1].decide_by.isoformat(), str(shown[-1].application_id)) if more else None,
        registered=waiting.registered,
        in_review=waiting.in_review,
        overdue=waiting.overdue,
    )


@router.post(
    "",
    status_code=201,
    summary="Enter an application from paper",
    responses=responses(SchoolNotFound, ApplicantUnknown, TooManyApplications, TooManyApplicationsToday),
)
async def post_entered(caller: CurrentCaller, wired: Wired, school_id: UUID, new: EnteredApplication) -> Written:
    """Brought in person: who enters it attaches the documents and submits it, at `/applications/{id}`.

    Brought by a representative: the applicant submits it from the own account, because the writer must be the
    submitter (I-26).
    """
    return Written(
        application_id=await enter_application(
            wired.database.uow,
            wired.keys,
            caller.account_id,
            NewApplication(school_id, new.kind, new.form),
            applicant_login=new.applicant_login,
            channel=new.channel,
        )
    )


@router.get("/{application_id}", summary="One application", responses=responses(SchoolNotFound, ApplicationNotFound))
async def get_application(
    caller: CurrentCaller, wired: Wired, school_id: UUID, application_id: UUID, language: InLanguage
) -> Application:
    """Form, documents and history."""
    async with wired.database.read() as session:
        authority = await require_authority(session, caller.account_id, school_id, wired.database.clock())
        row = await queries.school_application(session, authority, application_id)
        return await whole(session, wired.keys.vault, row, language)


@router.get(
    "/{application_id}/documents/{document_id}",
    summary="Download a document",
    response_class=Response,
    responses=responses(SchoolNotFound, ApplicationNotFound, DocumentNotFound),
)
async def get_document(
    caller: CurrentCaller, wired: Wired, school_id: UUID, application_id: UUID, document_id: UUID
) -> Response:
    """As a file to save; never shown in place. Who opened it is kept."""
    application, document = await open_document(
        wired.database.uow, caller.account_id, school_id, application_id, document_id
    )
    return download(wired.keys.vault, application, document)


@router.post("/{application_id}/review", summary="Take into review", responses=responses(*_DECISION))
async def post_review(
    caller: CurrentCaller, wired: Wired, school_id: UUID, application_id: UUID, seen: AsSeen
) -> Moved:
    """The applicant is told that somebody looks at it."""
    return Moved.of(
        await take_into_review(wired.database.uow, caller.account_id, school_id, application_id, version=seen.version)
    )


@router.post(
    "/{application_id}/grant",
    summary="Grant",
    responses=responses(
        *_DECISION, NotAPupilHere, NotARepresentative, NotStaffHere, LessonsUnknown, RecordTaken, ParentsInvite
    ),
)
async def post_grant(
    caller: CurrentCaller, wired: Wired, school_id: UUID, application_id: UUID, granted: GrantBody
) -> Moved:
    """Open the diary: the account becomes the owner of the record, with level 2."""
    return Moved.of(
        await grant_application(
            wired.database.uow,
            wired.keys,
            caller.account_id,
            school_id,
            application_id,
            Grant(granted.pupil_id, granted.representative_id, granted.staff_id),
            version=granted.version,
        )
    )


@router.post("/{application_id}/refuse", summary="Refuse", responses=responses(*_DECISION))
async def post_refuse(
    caller: CurrentCaller, wired: Wired, school_id: UUID, application_id: UUID, refusal: Refusal
) -> Moved:
    """On one of the five grounds (I-26); the applicant is told which, in words."""
    return Moved.of(
        await refuse_application(
            wired.database.uow,
            caller.account_id,
            school_id,
            application_id,
            refusal.ground,
            version=refusal.version,
        )
    )


def _called(person: PersonOnForm) -> str:
    return " ".join(filter(None, (person.surname, person.given_name, person.patronymic)))
