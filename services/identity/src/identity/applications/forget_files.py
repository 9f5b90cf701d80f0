"""Files are kept no longer than they are needed: scans of passports are what nobody should collect."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from identity.applications.rules import DRAFT_KEPT, FILES_KEPT, OVER, State
from identity.applications.tables import application_documents, applications


async def forget_files_of(session: AsyncSession, application: Any) -> None:
    """Delete the files of one application."""
    await session.execute(
        delete(application_documents).where(
            application_documents.c.school_id == application.school_id,
            application_documents.c.application_id == application.application_id,
        )
    )


async def purge_files(session: AsyncSession, now: datetime) -> None:
    """Delete files of decided applications after 30 days, and drafts that nobody has submitted in 90."""
    await session.execute(
        delete(application_documents).where(
            application_documents.c.school_id == applications.c.school_id,
            application_documents.c.application_id == applications.c.application_id,
            applications.c.state.in_(OVER),
            applications.c.decided_at < now - FILES_KEPT,
        )
    )
    await session.execute(
        delete(applications).where(
            or_(
                applications.c.state == State.DRAFT,
                (applications.c.state == State.WITHDRAWN) & applications.c.number.is_(None),
            ),
            applications.c.created_at < now - DRAFT_KEPT,
        )
    )
