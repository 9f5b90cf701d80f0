"""What the diary answers: models for the documentation. PostgreSQL writes these pages itself (see `page`)."""

from datetime import date, datetime, time
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from journal.access.open_diary import OpenDiary
from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.diary.frozen import State
from journal.diary.viewers import Viewer
from journal.homework.answers import FileOut
from journal.marks.rules import MarkValue
from journal.points.rules import PointKind
from shared.access import Relation
from shared.http import Answer

Category = Literal["control", "class", "home"]


class DiaryOut(Answer):
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


class DiariesOut(Answer):
    """All diaries that the caller may open, by label."""

    items: list[DiaryOut]


class MarkInDiary(Answer):
    """A mark and its tooltip: for what, when, by whom, with which words (J-10)."""

    mark_id: UUID
    value: MarkValue
    control_form: str
    category: Category
    weight: int
    author: str
    posted_at: datetime
    changed_at: datetime | None
    comment: str | None


class PointInDiary(Answer):
    """An open point: a debt, a needed retake, a planned work (J-14)."""

    point_id: UUID
    kind: PointKind
    control_form: str
    category: Category
    due_on: date
    comment: str | None
    author: str


class AbsenceInDiary(Answer):
    """«н», or how late."""

    kind: AbsenceKind
    minutes: int | None
    reason: AbsenceReason | None
    """null: not known, or not for the caller (D-7)."""


class TaskInDiary(Answer):
    """What is to be done at home for this lesson or day."""

    homework_id: UUID
    subject_id: UUID
    subject: str
    kind: Literal["homework", "self_study"]
    mandatory: bool
    text: str
    links: list[str]
    files: list[FileOut]
    minutes: int | None
    edited_at: datetime
    done_at: datetime | None
    """When the pupil ticked it off."""


class LessonInDiary(Answer):
    """A lesson of the day, times local to the school. What the timetable says is null where it may not be read."""

    lesson_id: UUID
    number: int
    subject_id: UUID
    subject: str
    group: str | None
    """The part of the class that has it; null: all of it."""
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
    point: PointInDiary | None
    absence: AbsenceInDiary | None
    homework: list[TaskInDiary]


class BagOut(Answer):
    """What the bag weighs, against the norm of the grade (J-25)."""

    grams: int
    norm_grams: int | None
    over: bool


class DayOut(Answer):
    """A day and its lessons in order."""

    date: date
    backpack: BagOut | None
    lessons: list[LessonInDiary]
    homework: list[TaskInDiary]
    """For the day, whatever lessons it has."""


class BehaviourInDiary(Answer):
    """What a teacher says of the week; from its Friday on, and not for trusted persons (J-24)."""

    subject_id: UUID | None
    """null: the class teacher, of the whole week."""
    subject: str | None
    rating: str
    note: str | None
    author: str
    written_at: datetime


class PeriodMarkOfWeek(Answer):
    """A mark of a period or year that was set in this week."""

    subject_id: UUID
    subject: str
    period_id: UUID | None
    period: str | None
    value: str
    author: str
    set_at: datetime


class SignatureOfWeek(Answer):
    """Whether the week is signed (J-32); more stands at its own address, `/signature` behind the week's."""

    state: State
    """`changed`: a version of it was signed, and something has changed since."""
    signed_at: datetime | None
    """When the version that stands was signed, or the last one before it."""


class WeekOut(Answer):
    """One week of one diary."""

    week: str
    """2026-W48"""
    monday: date
    sunday: date
    signature: SignatureOfWeek | None
    """null for trusted persons."""
    diary: DiaryOut
    backpack: BagOut | None
    """The heaviest day of the week: what stands beside its name."""
    days: list[DayOut]
    """Monday to Saturday; Sunday only if something is on it."""
    behaviour: list[BehaviourInDiary]
    period_marks: list[PeriodMarkOfWeek]


class MarkOfSubject(MarkInDiary):
    """A mark in the table."""

    date: date
    lesson_id: UUID


class PeriodOfYear(Answer):
    """A period of the school year that the table is of."""

    period_id: UUID
    number: int
    title: str
    kind: Literal["quarter", "trimester", "half_year"]
    starts_on: date
    ends_on: date


class PeriodMark(Answer):
    """The mark of a period."""

    period_id: UUID
    period: str
    number: int
    value: str
    set_at: datetime


class SubjectOut(Answer):
    """One subject: its marks in the order of their dates, and what they come to."""

    subject_id: UUID
    subject: str
    marks: list[MarkOfSubject]
    average: str | None
    """The mean without weights, two places: 4.67."""
    weighted_average: str | None
    """Σ(mark·weight)/Σ(weight), two places, half up: 4.44."""
    absent: int | None
    """Lessons missed; null where attendance may not be read."""
    late: int | None
    period_marks: list[PeriodMark]
    """Of all periods of the year."""
    year_mark: str | None


class PerformanceOut(Answer):
    """The performance table of some days."""

    diary: DiaryOut
    from_: date = Field(alias="from")
    to: date
    period_id: UUID | None
    year_starts_on: date
    periods: list[PeriodOfYear]
    subjects: list[SubjectOut]


class PointOfChart(Answer):
    """One point; what the chart is not split by is null."""

    subject_id: UUID | None
    subject: str | None
    category: Category | None
    starts_on: date
    """The first day of the week, month, period or year."""
    own_marks: int
    own_average: str | None
    """Two places: 4.44."""
    class_average: str | None
    """Of the whole week, month, period or year, one place; null where fewer than five pupils have marks."""


class ChartOut(Answer):
    """By subject, category and time."""

    diary: DiaryOut
    from_: date = Field(alias="from")
    to: date
    points: list[PointOfChart]


class ViewerOut(Answer):
    """The looks of one person on one day."""

    relation: Relation
    you: bool
    times: int
    first_at: datetime
    last_at: datetime
    staff_name: str | None
    """Of the school's people. Names of families are not known here."""
    grant_id: str | None
    """Of a trusted person: the grant, under which delegation knows the name."""
    trusted_since: datetime | None

    @classmethod
    def of(cls, viewer: Viewer, account_id: UUID) -> Self:
        return cls(
            relation=viewer.relation,
            you=viewer.account_id == account_id,
            times=viewer.times,
            first_at=viewer.first_at,
            last_at=viewer.last_at,
            staff_name=viewer.staff_name,
            grant_id=viewer.grant_id,
            trusted_since=viewer.trusted_since,
        )
