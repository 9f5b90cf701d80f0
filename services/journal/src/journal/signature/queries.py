"""Reads of signatures."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.queries import SchoolClass
from journal.signature.tables import week_signatures


@dataclass(frozen=True, slots=True)
class Signature:
    """That somebody signed a version of a page."""

    school_id: UUID
    signature_id: UUID
    pupil_id: UUID
    monday: date
    page_hash: str
    account_id: UUID
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SignedWeek:
    """How often a pupil's week was signed, and when last."""

    pupil_id: UUID
    signatures: int
    last_signed_at: datetime


async def signatures_of_week(session: AsyncSession, school_id: UUID, pupil_id: UUID, monday: date) -> list[Signature]:
    """The signatures of one page, the oldest first."""
    query = _SIGNATURES.where(
        week_signatures.c.school_id == school_id,
        week_signatures.c.pupil_id == pupil_id,
        week_signatures.c.monday == monday,
    ).order_by(week_signatures.c.signed_at, week_signatures.c.signature_id)
    return [Signature(*row) for row in await session.execute(query)]


async def document_of(session: AsyncSession, signature_id: UUID) -> tuple[Signature, bytes] | None:
    """A signature and its document."""
    query = _SIGNATURES.add_columns(week_signatures.c.document).where(week_signatures.c.signature_id == signature_id)
    found = (await session.execute(query)).first()
    return (Signature(*found[:-1]), bytes(found[-1])) if found else None


async def signed_weeks_of_class(session: AsyncSession, school_class: SchoolClass, monday: date) -> list[SignedWeek]:
    """Whose week was signed, in one class."""
    query = (
        select(week_signatures.c.pupil_id, func.count(), func.max(week_signatures.c.signed_at))
        .where(
            week_signatures.c.school_id == school_class.school_id,
            week_signatures.c.class_id == school_class.class_id,
            week_signatures.c.monday == monday,
        )
        .group_by(week_signatures.c.pupil_id)
    )
    return [SignedWeek(*row) for row in await session.execute(query)]


_SIGNATURES: Select[Any] = select(
    week_signatures.c.school_id,
    week_signatures.c.signature_id,
    week_signatures.c.pupil_id,
    week_signatures.c.monday,
    week_signatures.c.page_hash,
    week_signatures.c.account_id,
    week_signatures.c.signed_at,
)
