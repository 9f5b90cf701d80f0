"""Attach a document to a draft, or take it off again."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from identity.applications.current import lock_own, require_draft
from identity.applications.errors import (
    DocumentNotFound,
    DocumentsTooLarge,
    DocumentTooLarge,
    DocumentTypeRefused,
    TooManyDocuments,
)
from identity.applications.history import note
from identity.applications.keeping import content_place, key_of, name_place
from identity.applications.rules import LARGEST_DOCUMENT, LARGEST_TOGETHER, MOST_DOCUMENTS, DocumentKind
from identity.applications.tables import application_documents
from identity.personal_data.keeping import PersonalDataKeys
from shared.db import UnitOfWork
from shared.files import SCANS, media_type_of


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file as it was sent."""

    kind: DocumentKind
    name: str = field(repr=False)
    content: bytes = field(repr=False)


async def attach_document(
    uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID, application_id: UUID, document: NewDocument
) -> UUID:
    """Keep a document of a draft, encrypted. Answers its id.

    Raises:
        DocumentTooLarge: over 10 MB.
        DocumentTypeRefused: neither PDF nor JPEG nor PNG by content.
        ApplicationNotFound: there is none, or it is somebody else's.
        StepNotAllowed: it has been submitted.
        TooManyDocuments, DocumentsTooLarge: it has enough.
    """
    media_type = _checked(document.content)
    async with uow.begin() as tx:
        application = await lock_own(tx, account_id, application_id, None)
        require_draft(application)
        already = select(func.count(), func.coalesce(func.sum(application_documents.c.size), 0)).where(
            application_documents.c.school_id == application.school_id,
            application_documents.c.application_id == application_id,
        )
        documents, together = (await tx.session.execute(already)).one()
        if documents >= MOST_DOCUMENTS:
            raise TooManyDocuments
        if together + len(document.content) > LARGEST_TOGETHER:
            raise DocumentsTooLarge
        document_id, key = tx.new_id(), key_of(keys.vault, application)
        await tx.session.execute(
            insert(application_documents).values(
                school_id=application.school_id,
                application_id=application_id,
                document_id=document_id,
                kind=document.kind,
                media_type=media_type,
                size=len(document.content),
                name=key.encrypt(name_place(document_id), document.name),
                content=key.encrypt_bytes(content_place(document_id), document.content),
                added_at=tx.now,
                added_by=account_id,
            )
        )
        await note(tx, application.school_id, application_id, "document_added", account_id)
        return document_id


async def detach_document(uow: UnitOfWork, account_id: UUID, application_id: UUID, document_id: UUID) -> None:
    """Take a document off a draft; the file is gone.

    Raises:
        ApplicationNotFound: there is none, or it is somebody else's.
        StepNotAllowed: it has been submitted.
        DocumentNotFound: it has no such document.
    """
    async with uow.begin() as tx:
        application = await lock_own(tx, account_id, application_id, None)
        require_draft(application)
        gone = await tx.session.execute(
            delete(application_documents)
            .where(
                application_documents.c.school_id == application.school_id,
                application_documents.c.application_id == application_id,
                application_documents.c.document_id == document_id,
            )
            .returning(application_documents.c.document_id)
        )
        if gone.first() is None:
            raise DocumentNotFound
        await note(tx, application.school_id, application_id, "document_removed", account_id)


def _checked(content: bytes) -> str:
    """What a file is by what is inside.

    Raises:
        DocumentTooLarge: over 10 MB.
        DocumentTypeRefused: neither PDF nor JPEG nor PNG, or empty.
    """
    if len(content) > LARGEST_DOCUMENT:
        raise DocumentTooLarge
    media_type = media_type_of(content, SCANS)
    if media_type is None:
        raise DocumentTypeRefused
    return media_type
