"""A pupil's attendance and a family's notices over HTTP (J-21, J-22); lessons are marked through the class journal."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from journal.access.actions import READ_NOTICES
from journal.access.open_class import open_class
from journal.access.read_diary import read_diary
from journal.attendance.give_notice import NewNotice, give_notice
from journal.attendance.queries import (
    Notice,
    lessons_of_days,
    missed_by_pupil,
    notices_of_class,
    notices_of_pupil,
    periods_of_days,
)
from journal.attendance.rules import AbsenceKind, AbsenceReason, Calendar, Counts, NoticeReason, calendar
from journal.attendance.withdraw_notice import withdraw_notice
from journal.container import Wired
from journal.days import require_days
from journal.errors import (
    DaysOutOfRange,
    NoticeDaysWrong,
    NoticeHasBegun,
    NoticeNotFound,
    NotYourChild,
    PupilNotFound,
    SchoolClassNotFound,
    TooManyNotices,
)
from journal.roster.queries import titles_of_subjects
from shared.crypto import FieldVault
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["attendance"])

First = Annotated[date, Query(alias="from", description="The first day: 2026-11-23")]
Last = Annotated[date, Query(alias="to", description="The last day: 2026-11-29")]


class GiveNotice(Body):
    """An absence that is known before."""

    first_day: date
    last_day: date
    reason: NoticeReason
    """у уважительная, б болезнь, осв освобождён."""
    comment: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None


class NoticeOut(Answer):
    """What the family said."""

    notice_id: UUID
    pupil_id: UUID
    first_day: date
    last_day: date
    reason: NoticeReason
    comment: str | None
    given_at: datetime

    @classmethod
    def of(cls, notice: Notice, vault: FieldVault) -> Self:
        return cls(
            notice_id=notice.notice_id,
            pupil_id=notice.pupil_id,
            first_day=notice.first_day,
            last_day=notice.last_day,
            reason=notice.reason,
            comment=notice.comment(vault),
            given_at=notice.given_at,
        )


class NoticeOfClass(Answer):
    """A notice, and whose."""

    pupil_id: UUID
    pupil: str
    notice: NoticeOut


class NoticesOfClassOut(Answer):
    """By first day and surname."""

    items: list[NoticeOfClass]


class MissedLesson(Answer):
    """A lesson that was missed, or come to late."""

    lesson_id: UUID
    number: int
    """Of the lesson on its day."""
    subject_id: UUID
    subject: str
    kind: AbsenceKind
    reason: AbsenceReason | None
    """null: not known, or not for the caller."""


class DayOut(Answer):
    """A date on which something was missed."""

    date: date
    whole_day: bool
    """All lessons of the day were missed."""
    lessons: list[MissedLesson]


class CountsOut(Answer):
    """Lessons."""

    absent: int
    late: int
    excused: int | None
    """у, б, осв; null like the others by reason: not for trusted persons."""
    unexcused: int | None
    """нп"""
    unknown: int | None
    """No reason is known yet."""

    @classmethod
    def of(cls, counts: Counts, *, reasons_shown: bool) -> Self:
        if not reasons_shown:
            return cls(absent=counts.absent, late=counts.late, excused=None, unexcused=None, unknown=None)
        reasons = dict(counts.by_reason)
        unknown, unexcused = reasons.get(None, 0), reasons.get("нп", 0)
        return cls(
            absent=counts.absent,
            late=counts.late,
            excused=counts.absent - unknown - unexcused,
            unexcused=unexcused,
            unknown=unknown,
        )


class CountsOfSubject(Answer):
    """Counts of one subject."""

    subject_id: UUID
    subject: str
    counts: CountsOut


class CountsOfPeriodOut(Answer):
    """Counts of those of the days that belong to one period."""

    period_id: UUID
    period: str
    counts: CountsOut
    days_missed: int


class AttendanceOut(Answer):
    """A pupil's calendar of attendance."""

    days: list[DayOut]
    """Only those on which something was missed."""
    subjects: list[CountsOfSubject]
    periods: list[CountsOfPeriodOut]
    """That the days touch."""
    total: CountsOut
    days_missed: int
    notices: list[NoticeOut]

    @classmethod
    def of(cls, found: Calendar, notices: list[NoticeOut], titles: dict[UUID, str], *, reasons_shown: bool) -> Self:
        return cls(
            days=[
                DayOut(
                    date=day.date,
                    whole_day=day.whole_day,
                    lessons=[
                        MissedLesson(
                            lesson_id=one.lesson_id,
                            number=one.number,
                            subject_id=one.subject_id,
                            subject=titles.get(one.subject_id, ""),
                            kind=one.kind,
                            reason=one.reason if reasons_shown else None,
                        )
                        for one in day.missed
                    ],
                )
                for day in found.days
            ],
            subjects=[
                CountsOfSubject(
                    subject_id=subject_id,
                    subject=titles.get(subject_id, ""),
                    counts=CountsOut.of(counts, reasons_shown=reasons_shown),
                )
                for subject_id, counts in found.by_subject
            ],
            periods=[
                CountsOfPeriodOut(
                    period_id=one.period.period_id,
                    period=one.period.title,
                    counts=CountsOut.of(one.counts, reasons_shown=reasons_shown),
                    days_missed=one.days_missed,
                )
                for one in found.by_period
            ],
            total=CountsOut.of(found.total, reasons_shown=reasons_shown),
            days_missed=found.days_missed,
            notices=notices,
        )


@router.get("/diaries/{pupil_id}/attendance", responses=responses(PupilNotFound, DaysOutOfRange))
async def get_attendance(
    pupil_id: UUID, caller: CurrentCaller, wired: Wired, first: First, last: Last
) -> AttendanceOut:
    """What a pupil missed from one day to another: by date, subject and period, and the notices that the family gave.

    A trusted person is told neither reasons nor notices (D-7).
    """
    require_days(first, last)
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        if "attendance" not in diary.sections:
            raise PupilNotFound
        school_id = diary.pupil.school_id
        missed = await missed_by_pupil(session, school_id, pupil_id, first, last)
        lessons = await lessons_of_days(session, diary.pupil, first, last)
        notices = await notices_of_pupil(session, school_id, pupil_id, first, last) if diary.sees_all else []
        periods = await periods_of_days(session, school_id, diary.pupil.class_id, first, last)
        titles = await titles_of_subjects(session, school_id, {one.subject_id for one in missed})
    told = [NoticeOut.of(notice, wired.vault) for notice in notices]
    return AttendanceOut.of(calendar(missed, lessons, periods), told, titles, reasons_shown=diary.sees_all)


@router.post(
    "/diaries/{pupil_id}/absence-notices",
    status_code=201,
    responses=responses(PupilNotFound, NotYourChild, NoticeDaysWrong, TooManyNotices),
)
async def post_notice(pupil_id: UUID, body: GiveNotice, caller: CurrentCaller, wired: Wired) -> NoticeOut:
    """Say that a child will be absent; for representatives of level 2."""
    new = NewNotice(body.first_day, body.last_day, body.reason, body.comment)
    return NoticeOut.of(await give_notice(wired.database.uow, wired.vault, caller, pupil_id, new), wired.vault)


@router.delete(
    "/diaries/{pupil_id}/absence-notices/{notice_id}",
    status_code=204,
    responses=responses(PupilNotFound, NotYourChild, NoticeNotFound, NoticeHasBegun),
)
async def delete_notice(pupil_id: UUID, notice_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Take a notice back before its first day."""
    await withdraw_notice(wired.database.uow, caller, pupil_id, notice_id)


@router.get("/classes/{class_id}/absence-notices", responses=responses(SchoolClassNotFound, DaysOutOfRange))
async def get_notices_of_class(
    class_id: UUID, caller: CurrentCaller, wired: Wired, first: First, last: Last
) -> NoticesOfClassOut:
    """The notices that touch these days; for the class teacher and the school's direction."""
    require_days(first, last)
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_NOTICES)
        found = await notices_of_class(session, school_class.school_id, class_id, first, last)
    return NoticesOfClassOut(
        items=[
            NoticeOfClass(pupil_id=notice.pupil_id, pupil=name, notice=NoticeOut.of(notice, wired.vault))
            for name, notice in found
        ]
    )
