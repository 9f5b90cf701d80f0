"""Closing a period over HTTP, and what to look at before."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import PLAN_YEAR
from journal.access.check import may
from journal.attestation.anomalies import Anomaly, find_anomalies
from journal.attestation.close_period import close_period, reopen_period
from journal.attestation.queries import Audited, audit_of_period
from journal.attestation.rules import AnomalyKind, PeriodMarkValue
from journal.attestation.words import Version, Words
from journal.calendar.answers import PeriodOut
from journal.calendar.queries import Period, find_period
from journal.container import Container, Wired
from journal.errors import NotYoursToPlan, PeriodClosed, PeriodNotClosed, PeriodNotFound, PeriodNotOver, StaleVersion
from shared.access import Object
from shared.http import Answer, Body, Caller, CurrentCaller, Page, PageQuery, cursor_of, responses

router = APIRouter(tags=["attestation"])


class ClosePeriod(Body):
    """The version that was seen."""

    version: Version


class ReopenPeriod(Body):
    """Why a closed period is opened again."""

    version: Version
    reason: Words


class AnomalyOut(Answer):
    """Something that a deputy should look at."""

    class_id: UUID
    class_name: str
    subject_id: UUID
    subject: str
    pupil_id: UUID
    pupil: str
    kind: AnomalyKind
    value: PeriodMarkValue | None
    by_average: int | None
    by_priority: int | None
    marks_count: int
    reason: str | None

    @classmethod
    def of(cls, anomaly: Anomaly) -> Self:
        return cls.model_validate(anomaly, from_attributes=True)


class AuditedOut(Answer):
    """That the period was closed or opened again."""

    version: int
    """Of the period, since then."""
    operation: Literal["closed", "reopened"]
    person: str
    at: datetime
    reason: str | None
    """Why it was opened again."""

    @classmethod
    def of(cls, audited: Audited) -> Self:
        return cls.model_validate(audited, from_attributes=True)


class AuditOut(Answer):
    """In order."""

    items: list[AuditedOut]


@router.post(
    "/periods/{period_id}/close",
    responses=responses(PeriodNotFound, NotYoursToPlan, StaleVersion, PeriodClosed, PeriodNotOver),
)
async def post_close(period_id: UUID, body: ClosePeriod, caller: CurrentCaller, wired: Wired) -> PeriodOut:
    """Fix the marks of a period; for deputies and the director."""
    return PeriodOut.of(await close_period(wired.database.uow, caller, period_id, body.version))


@router.post(
    "/periods/{period_id}/reopen", responses=responses(PeriodNotFound, NotYoursToPlan, StaleVersion, PeriodNotClosed)
)
async def post_reopen(period_id: UUID, body: ReopenPeriod, caller: CurrentCaller, wired: Wired) -> PeriodOut:
    """Open a closed period again; for the director, who says why. It is written down."""
    return PeriodOut.of(await reopen_period(wired.database.uow, caller, period_id, body.version, body.reason))


@router.get("/periods/{period_id}/anomalies", responses=responses(PeriodNotFound))
async def get_anomalies(
    period_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    page: PageQuery,
    class_id: Annotated[UUID | None, Query(alias="class", description="Of this class alone")] = None,
    kind: Annotated[AnomalyKind | None, Query(description="Of this kind alone")] = None,
) -> Page[AnomalyOut]:
    """Missing marks, marks on too few marks, marks against both proposals; for deputies and the director.

    By class, subject and pupil.
    """
    after = page.position(UUID, UUID, UUID)
    async with wired.database.read() as session:
        period = await _period_of_direction(session, wired, caller, period_id)
        found = await find_anomalies(session, period, page.limit + 1, class_id=class_id, kind=kind, after=after)
    shown = found[: page.limit]
    return Page(
        items=[AnomalyOut.of(anomaly) for anomaly in shown],
        next=cursor_of(*(str(one) for one in shown[-1].position)) if len(found) > page.limit else None,
    )


@router.get("/periods/{period_id}/audit", responses=responses(PeriodNotFound))
async def get_audit(period_id: UUID, caller: CurrentCaller, wired: Wired) -> AuditOut:
    """Who closed a period, who opened it again and why (J-19); for deputies and the director."""
    async with wired.database.read() as session:
        period = await _period_of_direction(session, wired, caller, period_id)
        found = await audit_of_period(session, period)
    return AuditOut(items=[AuditedOut.of(one) for one in found])


async def _period_of_direction(session: AsyncSession, wired: Container, caller: Caller, period_id: UUID) -> Period:
    period = await find_period(session, period_id)
    if period is None or not await may(
        session, caller.account_id, PLAN_YEAR, Object("school", period.school_id), wired.database.clock()
    ):
        raise PeriodNotFound
    return period
