"""Reads of attestation: what marks propose, and what was set."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Uuid, and_, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.attestation.rules import MarkOfPeriod, PeriodMarkValue
from journal.attestation.tables import attestation_marks
from journal.calendar.queries import Period
from journal.calendar.tables import period_audit
from journal.marks.tables import control_forms, marks
from journal.roster.names import full_name
from journal.roster.tables import staff


@dataclass(frozen=True, slots=True)
class AttestationMark:
    """The mark of a period or year as it stands."""

    pupil_id: UUID
    subject_id: UUID
    period_id: UUID | None
    """None: of the year."""
    value: PeriodMarkValue | None
    """None: taken back."""
    reason: str | None
    by_average: int | None
    by_priority: int | None
    author_name: str
    set_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Audited:
    """That a period was closed or opened again: by whom, when, and why (J-19)."""

    version: int
    operation: Literal["closed", "reopened"]
    person: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last."""

    first: date
    last: date


async def marks_by_pupil(
    session: AsyncSession, school_id: UUID, pupil_ids: Collection[UUID], subject_id: UUID, span: Span
) -> dict[UUID, list[MarkOfPeriod]]:
    """The marks of some pupils in one subject and some days, as attestation sees them: one indexed query."""
    found: dict[UUID, list[MarkOfPeriod]] = defaultdict(list)
    query = _marks(school_id, span).where(
        marks.c.pupil_id == any_(literal(list(pupil_ids), ARRAY(Uuid))), marks.c.subject_id == subject_id
    )
    for row in await session.execute(query):
        found[row.pupil_id].append(MarkOfPeriod(row.value, row.weight, row.category))
    return found


async def marks_by_subject(
    session: AsyncSession, school_id: UUID, pupil_id: UUID, span: Span
) -> dict[UUID, list[MarkOfPeriod]]:
    """The marks of one pupil in all subjects and some days."""
    found: dict[UUID, list[MarkOfPeriod]] = defaultdict(list)
    for row in await session.execute(_marks(school_id, span).where(marks.c.pupil_id == pupil_id)):
        found[row.subject_id].append(MarkOfPeriod(row.value, row.weight, row.category))
    return found


async def set_of_page(
    session: AsyncSession, school_id: UUID, pupil_ids: Collection[UUID], subject_id: UUID, year_starts_on: date
) -> dict[UUID, dict[UUID | None, AttestationMark]]:
    """What was set for some pupils in one subject and year: by pupil and period, None for the year."""
    found: dict[UUID, dict[UUID | None, AttestationMark]] = defaultdict(dict)
    for one in await _list(
        session,
        attestation_marks.c.school_id == school_id,
        attestation_marks.c.pupil_id == any_(literal(list(pupil_ids), ARRAY(Uuid))),
        attestation_marks.c.year_starts_on == year_starts_on,
        attestation_marks.c.subject_id == subject_id,
    ):
        found[one.pupil_id][one.period_id] = one
    return found


async def set_for_pupil(
    session: AsyncSession, school_id: UUID, pupil_id: UUID, year_starts_on: date | None = None
) -> list[AttestationMark]:
    """What was set for one pupil in one year, or in all of them."""
    of_year = [attestation_marks.c.year_starts_on == year_starts_on] if year_starts_on else []
    return await _list(
        session, attestation_marks.c.school_id == school_id, attestation_marks.c.pupil_id == pupil_id, *of_year
    )


async def audit_of_period(session: AsyncSession, period: Period) -> list[Audited]:
    """All of it, in order: few, for somebody does each by hand."""
    query = (
        select(period_audit, staff.c.surname, staff.c.given_name, staff.c.patronymic)
        .join(
            staff,
            and_(staff.c.school_id == period_audit.c.school_id, staff.c.person_id == period_audit.c.person_id),
        )
        .where(period_audit.c.school_id == period.school_id, period_audit.c.period_id == period.period_id)
        .order_by(period_audit.c.version)
    )
    return [
        Audited(row.version, row.operation, full_name(row.surname, row.given_name, row.patronymic), row.at, row.reason)
        for row in await session.execute(query)
    ]


async def _list(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[AttestationMark]:
    return [_mark(row) for row in await session.execute(_SET.where(*conditions))]


def _mark(row: Row[Any]) -> AttestationMark:
    return AttestationMark(
        pupil_id=row.pupil_id,
        subject_id=row.subject_id,
        period_id=row.period_id,
        value=row.value,
        reason=row.reason,
        by_average=row.by_average,
        by_priority=row.by_priority,
        author_name=full_name(row.surname, row.given_name, row.patronymic),
        set_at=row.set_at,
        version=row.version,
    )


def _marks(school_id: UUID, span: Span) -> Select[Any]:
    return _MARKS.where(marks.c.school_id == school_id, marks.c.date.between(span.first, span.last))


_MARKS: Select[Any] = (
    select(marks.c.pupil_id, marks.c.subject_id, marks.c.value, control_forms.c.weight, control_forms.c.category)
    .join(
        control_forms,
        and_(
            control_forms.c.school_id == marks.c.school_id,
            control_forms.c.control_form_id == marks.c.control_form_id,
        ),
    )
    .where(marks.c.removed_at.is_(None))
)
_SET: Select[Any] = select(attestation_marks, staff.c.surname, staff.c.given_name, staff.c.patronymic).join(
    staff,
    and_(staff.c.school_id == attestation_marks.c.school_id, staff.c.person_id == attestation_marks.c.author_id),
)
