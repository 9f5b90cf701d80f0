"""The diary over HTTP."""

import json
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from journal.access.actions import SEE_VIEWERS
from journal.access.open_diary import OpenDiary, diaries_of
from journal.access.read_diary import reading
from journal.container import Wired
from journal.days import Day
from journal.diary.answers import ChartOut, DiariesOut, DiaryOut, PerformanceOut, ViewerOut, WeekOut
from journal.diary.chart import By, Criteria, read_chart
from journal.diary.page import Shown, read_week
from journal.diary.performance import read_performance
from journal.diary.spans import Span
from journal.diary.viewers import read_viewers
from journal.errors import (
    DaysOutOfRange,
    PeriodNotFound,
    PupilNotFound,
    SpanUnclear,
    StepsUnclear,
    ViewersNotYours,
    WeekUnknown,
)
from journal.etags import conditional_bytes
from journal.weeks import Week
from shared.http import BearerToken, CurrentCaller, Page, PageQuery, cursor_of, responses

router = APIRouter(tags=["diary"])

_KNOWN_ALREADY: dict[int | str, dict[str, Any]] = {304: {"description": "The caller has it already"}}

PeriodId = Annotated[UUID | None, Query(description="A period; left out with all others: the one that runs now")]
First = Annotated[Day | None, Query(alias="from", description="The first day: 2026-11-23")]
Last = Annotated[Day | None, Query(alias="to", description="The last day: 2026-12-30, at most a year later")]
Year = Annotated[int | None, Query(ge=2000, le=2100, description="The year that a school year begins in: 2025")]


@router.get("/diaries")
async def get_diaries(caller: CurrentCaller, wired: Wired) -> DiariesOut:
    """The pupils whose diary the caller may open: own, as representative, as trusted person."""
    async with wired.database.read() as session:
        found = await diaries_of(session, caller.account_id, wired.database.clock())
    return DiariesOut(items=[DiaryOut.of(diary) for diary in found])


@router.get(
    "/diaries/{pupil_id}/weeks/{week}",
    response_model=WeekOut,
    responses={**responses(PupilNotFound, WeekUnknown), **_KNOWN_ALREADY},
)
async def get_week(pupil_id: UUID, week: str, token: BearerToken, wired: Wired, request: Request) -> Response:
    """A week of a diary: days, lessons, marks, points, «н», homework, behaviour, bag, signature. `week`: 2026-W48."""
    async with reading(wired, token, pupil_id) as opened:
        wanted = Week.asked(week)
        diary = opened.diary
        shown = Shown.to(diary, judged=wanted.may_be_judged(opened.today))
        page = await read_week(opened.connection, diary.pupil, wanted, shown, opened.grade)
    signature = json.dumps(page.signature(diary.pupil, wanted)) if diary.sees_all else "null"
    frame = f'"week":"{wanted}","monday":"{wanted.monday}","sunday":"{wanted.sunday}","signature":{signature},'
    return _answer(request, diary, page.content, frame)


@router.get(
    "/diaries/{pupil_id}/performance",
    response_model=PerformanceOut,
    responses={**responses(PupilNotFound, PeriodNotFound, SpanUnclear, DaysOutOfRange), **_KNOWN_ALREADY},
)
async def get_performance(
    pupil_id: UUID,
    token: BearerToken,
    wired: Wired,
    request: Request,
    period: PeriodId = None,
    first: First = None,
    last: Last = None,
    year: Year = None,
) -> Response:
    """All marks of a period, a school year or freely chosen days, by subject, with averages, absences, period marks."""
    async with reading(wired, token, pupil_id) as opened:
        if "marks" not in opened.diary.sections:
            raise PupilNotFound
        table = await read_performance(opened, Span.asked(period, first, last, year))
    return _answer(request, opened.diary, table)


@router.get(
    "/diaries/{pupil_id}/chart",
    response_model=ChartOut,
    responses={
        **responses(PupilNotFound, PeriodNotFound, SpanUnclear, DaysOutOfRange, StepsUnclear),
        **_KNOWN_ALREADY,
    },
)
async def get_chart(
    pupil_id: UUID,
    token: BearerToken,
    wired: Wired,
    request: Request,
    by: Annotated[
        list[By] | None, Query(max_length=6, description="Split by; at most one step in time. Left out: subject, week")
    ] = None,
    subject: UUID | None = None,
    category: Literal["control", "class", "home"] | None = None,
    period: PeriodId = None,
    first: First = None,
    last: Last = None,
    year: Year = None,
) -> Response:
    """The own average against that of the class: over time, by subject, by category of work, all combined.

    Averages of the class are nameless, and left out where fewer than five pupils have marks.
    """
    criteria = Criteria.asked(by or ["subject", "week"], subject, category)
    async with reading(wired, token, pupil_id) as opened:
        if "marks" not in opened.diary.sections:
            raise PupilNotFound
        chart = await read_chart(opened, Span.asked(period, first, last, year), criteria)
    return _answer(request, opened.diary, chart)


@router.get("/diaries/{pupil_id}/viewers", responses=responses(PupilNotFound, ViewersNotYours))
async def get_viewers(pupil_id: UUID, token: BearerToken, wired: Wired, page: PageQuery) -> Page[ViewerOut]:
    """Who opened the diary, day by day, the newest first; for representatives of level 2."""
    after = page.position(date.fromisoformat, UUID, str)
    async with reading(wired, token, pupil_id) as opened:
        if not opened.diary.may(SEE_VIEWERS):
            raise ViewersNotYours
        await wired.views.flush(opened.connection)
        found = await read_viewers(opened, after, page.limit + 1)
    shown = found[: page.limit]
    day, account_id, relation = shown[-1].position if shown else (None, None, None)
    return Page(
        items=[ViewerOut.of(one, token.caller.account_id) for one in shown],
        next=cursor_of(f"{day}", f"{account_id}", f"{relation}") if len(found) > page.limit else None,
    )


def _answer(request: Request, diary: OpenDiary, document: str, frame: str = "") -> Response:
    """The document as PostgreSQL wrote it, with what only this reader is told in front."""
    head = f'{{{frame}"diary":{DiaryOut.of(diary).model_dump_json()},'
    return conditional_bytes(request, (head + document.lstrip("{ ")).encode())
