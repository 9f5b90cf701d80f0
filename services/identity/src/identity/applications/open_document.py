"""A member of staff opens a document: that scans of passports are read is kept, and the applicant sees it (I-27)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from identity.applications import queries
from identity.applications.current import require_authority
from identity.applications.history import note
from shared.db import UnitOfWork


async def open_document(
    uow: UnitOfWork, account_id: UUID, school_id: UUID, application_id: UUID, document_id: UUID
) -> tuple[Row[Any], Row[Any]]:
    """Answer application and document, and note who opened it.

    Raises:
        SchoolNotFound: the caller has nothing to look after in this school.
        ApplicationNotFound: there is none, or not for this member of staff.
        DocumentNotFound: it has no such document.
    """
    async with uow.begin() as tx:
        authority = await require_authority(tx.session, account_id, school_id, tx.now)
        application = await queries.school_application(tx.session, authority, application_id)
        document = await queries.document(tx.session, application, document_id)
        await note(tx, school_id, application_id, "document_opened", account_id)
        return application, document
