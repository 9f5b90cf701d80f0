"""Reads of applications, for their applicants and for the school."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from identity.applications.current import require_writer, shown_to, written_by
from identity.applications.errors import ApplicationNotFound, DocumentNotFound
from identity.applications.rules import WAITING, State
from identity.applications.tables import application_documents, application_history, applications
from identity.registry.authority import Authority
from identity.registry.tables import classes, schools

Rows = Sequence[Row[*tuple[Any, ...]]]


def _facts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            applications,
            schools.c.name.label("school_name"),
            schools.c.city.label("school_city"),
            classes.c.name.label("class_name"),
        )
        .join(schools, schools.c.school_id == applications.c.school_id)
        .outerjoin(
            classes,
            (classes.c.school_id == applications.c.school_id) & (classes.c.class_id == applications.c.class_id),
        )
    )


async def own_applications(session: AsyncSession, account_id: UUID, *, before: UUID | None, limit: int) -> Rows:
    """What the account has written or entered, newest first; ids are ordered by time."""
    query = _facts().where(written_by(account_id))
    if before is not None:
        query = query.where(applications.c.application_id < before)
    return (await session.execute(query.order_by(applications.c.application_id.desc()).limit(limit))).all()


async def own_application(session: AsyncSession, account_id: UUID, application_id: UUID, now: datetime) -> Row[Any]:
    """One of them.

    Raises:
        ApplicationNotFound: there is none, or it is somebody else's.
    """
    query = _facts().where(applications.c.application_id == application_id, written_by(account_id))
    row = _found((await session.execute(query)).one_or_none())
    await require_writer(session, row, account_id, now)
    return row


async def school_application(session: AsyncSession, authority: Authority, application_id: UUID) -> Row[Any]:
    """One that a member of staff may see.

    Raises:
        ApplicationNotFound: there is none, or not for this member of staff.
    """
    query = _facts().where(applications.c.application_id == application_id, shown_to(authority))
    return _found((await session.execute(query)).one_or_none())


async def queue(
    session: AsyncSession,
    authority: Authority,
    states: Collection[State],
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Rows:
    """What waits for the school, nearest deadline first."""
    query = _facts().where(shown_to(authority), applications.c.state.in_(states))
    if after is not None:
        query = query.where(tuple_(applications.c.decide_by, applications.c.application_id) > after)
    query = query.order_by(applications.c.decide_by, applications.c.application_id)
    return (await session.execute(query.limit(limit))).all()


async def counters(session: AsyncSession, authority: Authority, now: datetime) -> Row[int, int, int]:
    """How many wait, how many are in review, and how many of both are late."""
    state = applications.c.state
    query = select(
        func.count().filter(state == State.REGISTERED).label("registered"),
        func.count().filter(state == State.IN_REVIEW).label("in_review"),
        func.count().filter(applications.c.decide_by <= now).label("overdue"),
    ).where(shown_to(authority), state.in_(WAITING))
    return (await session.execute(query)).one()


async def documents_of(session: AsyncSession, application: Any) -> Rows:
    """The documents of an application without their contents, in the order in which they were attached."""
    document = application_documents.c
    columns = (
        document.document_id,
        document.kind,
        document.media_type,
        document.size,
        document.name,
        document.added_at,
    )
    query = select(*columns).where(*_of(application_documents, application)).order_by(document.document_id)
    return (await session.execute(query)).all()


async def document(session: AsyncSession, application: Any, document_id: UUID) -> Row[Any]:
    """One document with its content.

    Raises:
        DocumentNotFound: the application has no such document.
    """
    query = select(application_documents).where(
        *_of(application_documents, application), application_documents.c.document_id == document_id
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise DocumentNotFound
    return found


async def history_of(session: AsyncSession, application: Any) -> Rows:
    """The steps of an application, oldest first."""
    query = select(application_history).where(*_of(application_history, application))
    return (await session.execute(query.order_by(application_history.c.entry_id))).all()


def _of(table: Any, application: Any) -> tuple[Any, ...]:
    return (
        table.c.school_id == application.school_id,
        table.c.application_id == application.application_id,
    )


def _found(row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise ApplicationNotFound
    return row
