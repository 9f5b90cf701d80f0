"""Attestation over HTTP."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field

from journal.access.actions import READ_JOURNAL
from journal.access.open_class import open_class
from journal.access.read_diary import read_diary
from journal.attestation.of_pupil import OfSubject, read_attestation
from journal.attestation.page import Line, read_page
from journal.attestation.queries import AttestationMark
from journal.attestation.rules import OfYear, PeriodMarkValue, Proposals
from journal.attestation.set_marks import Result, Wish, set_marks
from journal.attestation.target import find_target
from journal.attestation.words import Words
from journal.calendar.answers import PeriodOut
from journal.calendar.queries import find_period
from journal.container import Wired
from journal.errors import (
    GradeOneHasNoMarks,
    NotYourLesson,
    PeriodClosed,
    PeriodNotForGrade,
    PeriodNotFound,
    PupilNotFound,
    SchoolClassNotFound,
    in_words,
)
from shared.http import Answer, Body, CurrentCaller, Language, responses
from shared.http.texts import choose_language

router = APIRouter(tags=["attestation"])


class SetMark(Body):
    """What is to stand for one pupil."""

    pupil_id: UUID
    value: PeriodMarkValue | None
    """null takes the mark back."""
    version: Annotated[int, Field(ge=0, le=2**31 - 2)] = 0
    """Of what was seen; 0: nothing stood there."""
    reason: Words | None = None
    """Needed when the mark differs from every proposal, and where there are too few marks."""


class SetMarks(Body):
    """Marks of a class in one subject, for a period or for the year."""

    subject_id: UUID
    period_id: UUID | None
    """null: the mark of the year."""
    rows: Annotated[list[SetMark], Field(min_length=1, max_length=60)]


class SetMarkOut(Answer):
    """The mark of a period or year as it stands."""

    period_id: UUID | None
    value: PeriodMarkValue | None
    reason: str | None
    by_average: int | None
    """What the weighted average proposed when the mark was set."""
    by_priority: int | None
    author: str
    set_at: datetime
    version: int

    @classmethod
    def of(cls, mark: AttestationMark) -> Self:
        return cls(
            period_id=mark.period_id,
            value=mark.value,
            reason=mark.reason,
            by_average=mark.by_average,
            by_priority=mark.by_priority,
            author=mark.author_name,
            set_at=mark.set_at,
            version=mark.version,
        )


class LineOut(Answer):
    """One pupil: both proposals with their steps, and what was set."""

    pupil_id: UUID
    surname: str
    given_name: str
    proposals: Proposals
    of_year: OfYear
    mark: SetMarkOut | None

    @classmethod
    def of(cls, line: Line) -> Self:
        return cls(
            pupil_id=line.pupil.pupil_id,
            surname=line.pupil.surname,
            given_name=line.pupil.given_name,
            proposals=line.proposals,
            of_year=line.of_year,
            mark=SetMarkOut.of(line.standing) if line.standing else None,
        )


class PageOut(Answer):
    """A class in one subject: pupils by name."""

    class_id: UUID
    subject_id: UUID
    period: PeriodOut | None
    """null: the year."""
    items: list[LineOut]


class RowOut(Answer):
    """What became of a row: what stands now, and why it was refused if it was."""

    pupil_id: UUID
    saved: bool
    code: str | None = None
    """Why not; stable, in the published list of errors."""
    title: str | None = None
    detail: str | None = None
    mark: SetMarkOut | None

    @classmethod
    def of(cls, result: Result, language: Language) -> Self:
        why = in_words(result.refused, language) if result.refused else {}
        mark = SetMarkOut.of(result.standing) if result.standing else None
        return cls(pupil_id=result.pupil_id, saved=result.refused is None, mark=mark, **why)


class RowsOut(Answer):
    """Row by row, in the order of the request."""

    items: list[RowOut]


class OfSubjectOut(Answer):
    """One subject of one pupil."""

    subject_id: UUID
    subject: str
    proposals: Proposals
    mark: SetMarkOut | None

    @classmethod
    def of(cls, found: OfSubject) -> Self:
        return cls(
            subject_id=found.subject_id,
            subject=found.subject_title,
            proposals=found.proposals,
            mark=SetMarkOut.of(found.standing) if found.standing else None,
        )


class AttestationOut(Answer):
    """What a pupil's marks of one period propose, subject by subject, and what was set."""

    period: PeriodOut
    items: list[OfSubjectOut]


@router.get(
    "/classes/{class_id}/attestation", responses=responses(SchoolClassNotFound, PeriodNotFound, PeriodNotForGrade)
)
async def get_page(
    class_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    subject: UUID,
    period: Annotated[UUID | None, Query(description="Left out: the year")] = None,
) -> PageOut:
    """What the marks of a class propose for a period or the year, each step explained, and what was set."""
    async with wired.database.read() as session:
        school_class = await open_class(
            session, caller.account_id, class_id, wired.database.clock(), READ_JOURNAL, subject_id=subject
        )
        target = await find_target(session, school_class, subject, period)
        lines = await read_page(session, target)
    return PageOut(
        class_id=class_id,
        subject_id=subject,
        period=PeriodOut.of(target.period) if target.period else None,
        items=[LineOut.of(line) for line in lines],
    )


@router.put(
    "/classes/{class_id}/attestation",
    responses=responses(
        SchoolClassNotFound, NotYourLesson, GradeOneHasNoMarks, PeriodNotFound, PeriodNotForGrade, PeriodClosed
    ),
)
async def put_marks(class_id: UUID, body: SetMarks, caller: CurrentCaller, wired: Wired, request: Request) -> RowsOut:
    """Set marks of a period or the year; for the subject teacher. Good rows are saved, others say why not."""
    wishes = [Wish(row.pupil_id, row.value, row.version, row.reason) for row in body.rows]
    results = await set_marks(wired.database.uow, caller, class_id, body.subject_id, body.period_id, wishes)
    language = choose_language(request.headers.get("accept-language"))
    return RowsOut(items=[RowOut.of(result, language) for result in results])


@router.get("/diaries/{pupil_id}/attestation", responses=responses(PupilNotFound, PeriodNotFound))
async def get_attestation(pupil_id: UUID, caller: CurrentCaller, wired: Wired, period: UUID) -> AttestationOut:
    """What a pupil's marks of a period propose and why, and what was set."""
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        found = await find_period(session, period)
        if "marks" not in diary.sections:
            raise PupilNotFound
        if found is None or found.school_id != diary.pupil.school_id:
            raise PeriodNotFound
        subjects = await read_attestation(session, diary.pupil, found)
    return AttestationOut(period=PeriodOut.of(found), items=[OfSubjectOut.of(subject) for subject in subjects])
