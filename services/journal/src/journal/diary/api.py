"""The diary over HTTP."""

from datetime import date, datetime, time
from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from journal.access.open_diary import OpenDiary, diaries_of, open_diary
from journal.container import Wired
from journal.diary.week import Day, LessonOfDay, read_week
from journal.errors import PupilNotFound, WeekUnknown
from journal.etags import conditional
from journal.marks.queries import Mark
from journal.marks.rules import MarkValue
from journal.weeks import Week
from shared.access import Relation
from shared.http import CurrentCaller, responses

router = APIRouter(tags=["diary"])


class DiaryOut(BaseModel):
    """A diary that the caller may open, and as what."""

    pupil_id: UUID
    name: str
    label: str
    """«Михаил, 7А»: to tell children apart."""
    class_name: str | None
    school_id: UUID
    school_name: str | None
    relation: Relation | None
    level: int
    """1 reads; 2 also signs, excuses, invites."""
    sections: list[str]
    """What of the diary may be read: timetable, marks, homework, attendance."""

    @classmethod
    def of(cls, diary: OpenDiary) -> Self:
        return cls(
            pupil_id=diary.pupil.pupil_id,
            name=diary.pupil.full_name,
            label=diary.label,
            class_name=diary.pupil.class_name,
            school_id=diary.pupil.school_id,
            school_name=diary.pupil.school_name,
            relation=diary.decision.relation,
            level=diary.decision.level,
            sections=sorted(diary.sections),
        )


class DiariesOut(BaseModel):
    """All diaries that the caller may open, by label."""

    items: list[DiaryOut]


class MarkInDiary(BaseModel):
    """A mark and its tooltip: for what, when, by whom, with which words (J-10)."""

    mark_id: UUID
    value: MarkValue
    control_form: str
    category: Literal["control", "class", "home"]
    weight: int
    author: str
    posted_at: datetime
    changed_at: datetime | None
    comment: str | None

    @classmethod
    def of(cls, mark: Mark) -> Self:
        return cls(
            mark_id=mark.mark_id,
            value=mark.value,
            control_form=mark.form.name,
            category=mark.form.category,
            weight=mark.form.weight,
            author=mark.author_name,
            posted_at=mark.posted_at,
            changed_at=mark.changed_at,
            comment=mark.comment,
        )


class LessonInDiary(BaseModel):
    """A lesson of the day, times local to the school. What the timetable says is null where it may not be read."""

    lesson_id: UUID
    number: int
    subject_id: UUID
    subject: str
    starts_at: time | None
    ends_at: time | None
    room: str | None
    teacher: str | None
    """Who holds it: the substitute, if there is one."""
    topic: str | None
    substituted: bool
    """Another teacher or another room than planned (J-4)."""
    planned_teacher: str | None
    planned_room: str | None
    cancelled: bool
    cancelled_because: str | None
    marks: list[MarkInDiary]

    @classmethod
    def of(cls, of_day: LessonOfDay, *, timetable: bool) -> Self:
        lesson = of_day.lesson
        return cls(
            lesson_id=lesson.lesson_id,
            number=lesson.number,
            subject_id=lesson.subject_id,
            subject=lesson.subject_title,
            starts_at=lesson.starts_at if timetable else None,
            ends_at=lesson.ends_at if timetable else None,
            room=lesson.room if timetable else None,
            teacher=lesson.teacher_name if timetable else None,
            topic=lesson.topic if timetable else None,
            substituted=timetable and lesson.substituted,
            planned_teacher=lesson.planned_teacher_name if timetable else None,
            planned_room=lesson.planned_room if timetable else None,
            cancelled=lesson.cancelled,
            cancelled_because=lesson.cancelled_because if timetable else None,
            marks=[MarkInDiary.of(mark) for mark in of_day.marks],
        )


class DayOut(BaseModel):
    """A day and its lessons in order."""

    date: date
    lessons: list[LessonInDiary]

    @classmethod
    def of(cls, day: Day, *, timetable: bool) -> Self:
        return cls(date=day.date, lessons=[LessonInDiary.of(one, timetable=timetable) for one in day.lessons])


class WeekOut(BaseModel):
    """One week of one diary."""

    week: str
    """2026-W48"""
    monday: date
    sunday: date
    diary: DiaryOut
    days: list[DayOut]
    """Monday to Saturday; Sunday only if something is on it."""


@router.get("/diaries")
async def get_diaries(caller: CurrentCaller, wired: Wired) -> DiariesOut:
    """The pupils whose diary the caller may open: own, as representative, as trusted person."""
    async with wired.database.read() as session:
        found = await diaries_of(session, caller.account_id, wired.database.clock())
    return DiariesOut(items=[DiaryOut.of(diary) for diary in found])


@router.get(
    "/diaries/{pupil_id}/weeks/{week}",
    response_model=WeekOut,
    responses={**responses(PupilNotFound, WeekUnknown), 304: {"description": "The caller has it already"}},
)
async def get_week(pupil_id: UUID, week: str, caller: CurrentCaller, wired: Wired, request: Request) -> Response:
    """A week of a diary: days, lessons, marks. `week` is an ISO week such as 2026-W48."""
    async with wired.database.read() as session:
        diary = await open_diary(session, caller.account_id, pupil_id, wired.database.clock())
        wanted = Week.asked(week)
        days = await read_week(session, diary, wanted)
    timetable = "timetable" in diary.sections
    return conditional(
        request,
        WeekOut(
            week=str(wanted),
            monday=wanted.monday,
            sunday=wanted.sunday,
            diary=DiaryOut.of(diary),
            days=[DayOut.of(day, timetable=timetable) for day in days],
        ),
    )
