"""Applications, for those who write them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile
from fastapi import Form as FormField
from pydantic import BaseModel, Field

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
from identity.applications.attach_document import NewDocument, attach_document, detach_document
from identity.applications.errors import (
    ApplicantTooYoung,
    ApplicationIncomplete,
    ApplicationNotFound,
    ApplicationNumbersExhausted,
    DocumentNotFound,
    DocumentsTooLarge,
    DocumentTooLarge,
    DocumentTypeRefused,
    StaleApplication,
    StepNotAllowed,
    TooManyApplications,
    TooManyApplicationsToday,
    TooManyDocuments,
    WriterIsNotSubmitter,
)
from identity.applications.form import Form, Kind
from identity.applications.rules import LARGEST_DOCUMENT, DocumentKind
from identity.applications.submit_application import submit_application
from identity.applications.withdraw_application import withdraw_application
from identity.applications.write_application import NewApplication, change_form, write_again, write_application
from identity.container import Wired
from identity.errors import ConsentOutdated, SchoolNotFound
from shared.http import Body, CurrentCaller, InvalidCursor, Page, PageQuery, cursor_of, responses
from shared.http.texts import Language

router = APIRouter(prefix="/applications", tags=["applications"])

UPLOADS = {r"/api/identity/v1/applications/[^/]+/documents": LARGEST_DOCUMENT + 64 * 1024}
"""Where a larger body is taken: a document and its multipart wrapping."""

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewApplicationBody(Body):
    """A new application."""

    school_id: UUID
    kind: Kind
    form: Form


class ChangedForm(Body):
    """The whole form as it shall be."""

    version: Version
    """Of the application as it was read."""
    form: Form


class Submission(Body):
    """Handing in, with the consent to process the data of form and documents."""

    version: Version
    consent_version: Annotated[str, Field(min_length=1, max_length=40)]
    """Of `GET /consents/diary_application`, as it was shown."""
    consent_language: Language


class AsSeen(Body):
    """The version of the application as it was read."""

    version: Version


class Attached(BaseModel):
    """The id of a document."""

    document_id: UUID


@router.get("", summary="My applications", responses=responses(InvalidCursor))
async def get_applications(
    caller: CurrentCaller, wired: Wired, paging: PageQuery, language: InLanguage
) -> Page[ApplicationFacts]:
    """Newest first, with state, term and, where refused, the ground (I-27)."""
    position = paging.position(UUID)
    async with wired.database.read() as session:
        rows = await queries.own_applications(
            session, caller.account_id, before=position[0] if position else None, limit=paging.limit + 1
        )
    shown = rows[: paging.limit]
    return Page(
        items=[ApplicationFacts(**facts(row, language)) for row in shown],
        next=cursor_of(str(shown[-1].application_id)) if len(rows) > len(shown) else None,
    )


@router.post(
    "",
    status_code=201,
    summary="Begin an application",
    responses=responses(SchoolNotFound, TooManyApplications, TooManyApplicationsToday),
)
async def post_application(caller: CurrentCaller, wired: Wired, new: NewApplicationBody) -> Written:
    """A draft that only its writer sees; free of charge (I-24)."""
    written = NewApplication(new.school_id, new.kind, new.form)
    return Written(application_id=await write_application(wired.database.uow, wired.keys, caller.account_id, written))


@router.get("/{application_id}", summary="One of my applications", responses=responses(ApplicationNotFound))
async def get_application(
    caller: CurrentCaller, wired: Wired, application_id: UUID, language: InLanguage
) -> Application:
    """Form, documents, terms, grounds, and who did what when (I-27)."""
    async with wired.database.read() as session:
        row = await queries.own_application(session, caller.account_id, application_id, wired.database.clock())
        return await whole(session, wired.keys.vault, row, language)


@router.patch(
    "/{application_id}",
    status_code=204,
    summary="Change the form",
    responses=responses(ApplicationNotFound, StaleApplication, StepNotAllowed),
)
async def patch_application(caller: CurrentCaller, wired: Wired, application_id: UUID, changed: ChangedForm) -> None:
    """While it is a draft; afterwards a mistake means a new form (I-26)."""
    await change_form(
        wired.database.uow, wired.keys, caller.account_id, application_id, changed.form, version=changed.version
    )


@router.post(
    "/{application_id}/submit",
    summary="Submit",
    responses=responses(
        ApplicationNotFound,
        StaleApplication,
        StepNotAllowed,
        WriterIsNotSubmitter,
        ApplicationIncomplete,
        ApplicantTooYoung,
        ConsentOutdated,
        ApplicationNumbersExhausted,
    ),
)
async def post_submit(caller: CurrentCaller, wired: Wired, application_id: UUID, submission: Submission) -> Moved:
    """It is registered at once: number and term are in the answer's application (I-25)."""
    standing = await submit_application(
        wired.database.uow,
        wired.keys,
        caller.account_id,
        application_id,
        version=submission.version,
        consent_version=submission.consent_version,
        consent_language=submission.consent_language,
    )
    return Moved.of(standing)


@router.post(
    "/{application_id}/withdraw",
    summary="Withdraw",
    responses=responses(ApplicationNotFound, StaleApplication, StepNotAllowed),
)
async def post_withdraw(caller: CurrentCaller, wired: Wired, application_id: UUID, seen: AsSeen) -> Moved:
    """Until the school has decided."""
    standing = await withdraw_application(wired.database.uow, caller.account_id, application_id, version=seen.version)
    return Moved.of(standing)


@router.post(
    "/{application_id}/again",
    status_code=201,
    summary="Begin anew",
    responses=responses(ApplicationNotFound, StepNotAllowed, TooManyApplications, TooManyApplicationsToday),
)
async def post_again(caller: CurrentCaller, wired: Wired, application_id: UUID) -> Written:
    """A new draft, pre-filled from one that was refused or withdrawn; documents are attached anew (I-26)."""
    return Written(application_id=await write_again(wired.database.uow, wired.keys, caller.account_id, application_id))


@router.post(
    "/{application_id}/documents",
    status_code=201,
    summary="Attach a document",
    responses=responses(
        ApplicationNotFound, StepNotAllowed, TooManyDocuments, DocumentsTooLarge, DocumentTooLarge, DocumentTypeRefused
    ),
)
async def post_document(
    caller: CurrentCaller,
    wired: Wired,
    application_id: UUID,
    kind: Annotated[DocumentKind, FormField()],
    file: Annotated[UploadFile, File(description="PDF, JPEG or PNG, up to 10 MB")],
) -> Attached:
    """PDF, JPEG or PNG up to 10 MB, judged by content; kept encrypted (I-24)."""
    content = await file.read(LARGEST_DOCUMENT + 1)
    document = NewDocument(kind, (file.filename or kind).replace("\0", "")[:200], content)
    return Attached(
        document_id=await attach_document(wired.database.uow, wired.keys, caller.account_id, application_id, document)
    )


@router.delete(
    "/{application_id}/documents/{document_id}",
    status_code=204,
    summary="Take a document off",
    responses=responses(ApplicationNotFound, StepNotAllowed, DocumentNotFound),
)
async def delete_document(caller: CurrentCaller, wired: Wired, application_id: UUID, document_id: UUID) -> None:
    """While it is a draft."""
    await detach_document(wired.database.uow, caller.account_id, application_id, document_id)


@router.get(
    "/{application_id}/documents/{document_id}",
    summary="Download a document",
    response_class=Response,
    responses=responses(ApplicationNotFound, DocumentNotFound),
)
async def get_document(caller: CurrentCaller, wired: Wired, application_id: UUID, document_id: UUID) -> Response:
    """As a file to save; never shown in place."""
    async with wired.database.read() as session:
        row = await queries.own_application(session, caller.account_id, application_id, wired.database.clock())
        document = await queries.document(session, row, document_id)
    return download(wired.keys.vault, row, document)
