"""Reads of signatures."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.names import full_name
from journal.roster.queries import SchoolClass
from journal.roster.tables import pupils
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
    pupil: str
    signatures: int
    last_signed_at: datetime | None
    """None: nobody has signed it."""


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
    """Whose week was signed and whose was not, pupil by pupil; also what was signed while in another class."""
    signed = (week_signatures.c.school_id == pupils.c.school_id) & (week_signatures.c.pupil_id == pupils.c.pupil_id)
    query = (
        select(
            pupils.c.pupil_id,
            pupils.c.surname,
            pupils.c.given_name,
            pupils.c.patronymic,
            func.count(week_signatures.c.signature_id).label("signatures"),
            func.max(week_signatures.c.signed_at).label("last_signed_at"),
        )
        .outerjoin_from(pupils, week_signatures, signed & (week_signatures.c.monday == monday))
        .where(
            pupils.c.school_id == school_class.school_id,
            pupils.c.class_id == school_class.class_id,
            pupils.c.left_on.is_(None),
        )
        .group_by(pupils.c.school_id, pupils.c.pupil_id)
        .order_by(pupils.c.surname, pupils.c.given_name, pupils.c.pupil_id)
    )
    return [
        SignedWeek(
            row.pupil_id,
            full_name(row.surname, row.given_name, row.patronymic),
            row.signatures,
            row.last_signed_at,
        )
        for row in await session.execute(query)
    ]


_SIGNATURES: Select[Any] = select(
    week_signatures.c.school_id,
    week_signatures.c.signature_id,
    week_signatures.c.pupil_id,
    week_signatures.c.monday,
    week_signatures.c.page_hash,
    week_signatures.c.account_id,
    week_signatures.c.signed_at,
)
