"""Exports over HTTP (J-34): class journal and performance as XLSX and PDF, a family's own data as JSON."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from journal.access.actions import EXPORT_OWN_DATA
from journal.access.read_diary import read_diary
from journal.container import Container, Wired
from journal.errors import (
    NotYourOwnData,
    PeriodNotForGrade,
    PeriodNotFound,
    PupilNotFound,
    SchoolClassNotFound,
    TooBusyToPrint,
)
from journal.reports import prints, workbooks
from journal.reports.journal_paper import JournalPaper, read_journal_paper
from journal.reports.own_data import read_own_data
from journal.reports.performance_paper import PerformancePaper, read_performance_paper
from shared.files import ENDINGS, PDF, XLSX
from shared.http import (
    BearerToken,
    Caller,
    CurrentCaller,
    Language,
    RecentCaller,
    StepUpRequired,
    VerifiedToken,
    download,
    responses,
    saving,
)
from shared.http.texts import choose_language

router = APIRouter(tags=["reports"])


def _language(request: Request) -> Language:
    return choose_language(request.headers.get("accept-language"))


InLanguage = Annotated[Language, Depends(_language)]
OfPeriod = Annotated[UUID | None, Query(description="Today's period if not given, the school year in holidays")]

_Documented: TypeAlias = dict[int | str, dict[str, Any]]
_JOURNAL = responses(SchoolClassNotFound, PeriodNotFound, PeriodNotForGrade, TooBusyToPrint)
_PERFORMANCE = responses(PupilNotFound, PeriodNotFound, TooBusyToPrint)
_XLSX: _Documented = {200: {"content": {XLSX: {}}}}
_PDF: _Documented = {200: {"content": {PDF: {}}}}


@router.get("/classes/{class_id}/journal.xlsx", response_class=Response, responses={**_JOURNAL, **_XLSX})
async def get_journal_workbook(
    class_id: UUID,
    token: BearerToken,
    wired: Wired,
    language: InLanguage,
    subject: UUID,
    period: OfPeriod = None,
) -> Response:
    """The class journal of one subject as a workbook; for whoever may read the page."""
    return await _journal(wired, token, class_id, subject, period, workbooks.journal_workbook, language, XLSX)


@router.get("/classes/{class_id}/journal.pdf", response_class=Response, responses={**_JOURNAL, **_PDF})
async def get_journal_print(
    class_id: UUID,
    token: BearerToken,
    wired: Wired,
    language: InLanguage,
    subject: UUID,
    period: OfPeriod = None,
) -> Response:
    """The class journal of one subject to be printed; for whoever may read the page."""
    return await _journal(wired, token, class_id, subject, period, prints.journal_print, language, PDF)


@router.get("/diaries/{pupil_id}/performance.xlsx", response_class=Response, responses={**_PERFORMANCE, **_XLSX})
async def get_performance_workbook(
    pupil_id: UUID, caller: CurrentCaller, wired: Wired, language: InLanguage, period: OfPeriod = None
) -> Response:
    """A pupil's performance as a workbook; for whoever may read the marks of the diary."""
    return await _performance(wired, caller, pupil_id, period, workbooks.performance_workbook, language, XLSX)


@router.get("/diaries/{pupil_id}/performance.pdf", response_class=Response, responses={**_PERFORMANCE, **_PDF})
async def get_performance_print(
    pupil_id: UUID, caller: CurrentCaller, wired: Wired, language: InLanguage, period: OfPeriod = None
) -> Response:
    """A pupil's performance to be printed; for whoever may read the marks of the diary."""
    return await _performance(wired, caller, pupil_id, period, prints.performance_print, language, PDF)


@router.get(
    "/diaries/{pupil_id}/export.json",
    response_class=Response,
    responses={
        **responses(PupilNotFound, NotYourOwnData, StepUpRequired),
        200: {"content": {"application/json": {"schema": {"type": "object"}}}},
    },
)
async def get_own_data(pupil_id: UUID, caller: RecentCaller, wired: Wired) -> Response:
    """Everything that the journal holds about a pupil, with readable keys; for the pupil and representatives."""
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        if not diary.may(EXPORT_OWN_DATA):
            raise NotYourOwnData
        data = await read_own_data(session, wired.vault, diary.pupil, diary.now)
    return Response(data, media_type="application/json", headers=saving("diary.json", "diary.json"))


async def _journal(
    wired: Container,
    token: VerifiedToken,
    class_id: UUID,
    subject: UUID,
    period: UUID | None,
    make: Callable[[JournalPaper, Language], bytes],
    language: Language,
    media_type: str,
) -> Response:
    async with wired.database.read() as session:
        paper = await read_journal_paper(session, token, class_id, subject, period, wired.database.clock())
    # The connection is given back before the work begins.
    content = await wired.press.make(make, paper, language)
    name = f"{paper.class_name} {paper.subject} {paper.period or ''}".strip()
    return download(content, media_type, f"{name}.{ENDINGS[media_type]}", f"journal.{ENDINGS[media_type]}")


async def _performance(
    wired: Container,
    caller: Caller,
    pupil_id: UUID,
    period: UUID | None,
    make: Callable[[PerformancePaper, Language], bytes],
    language: Language,
    media_type: str,
) -> Response:
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        paper = await read_performance_paper(session, diary, period)
    content = await wired.press.make(make, paper, language)
    name = f"{paper.pupil} {paper.class_name} {paper.period or ''}".strip()
    return download(content, media_type, f"{name}.{ENDINGS[media_type]}", f"performance.{ENDINGS[media_type]}")
