"""What journal tells: about one pupil in the pupil's stream, about a class in the class's, each in order."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.event import Event

Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
MarkValue = Annotated[str, StringConstraints(pattern=r"^([1-5]|зачёт|незачёт|н/а|осв)$")]
"""As it stands in the cell: 1–5, зачёт/незачёт, н/а, осв (J-8)."""


class ControlForm(BaseModel):
    """What kind of work a mark is for (J-9)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    control_form_id: UUID
    name: Text
    category: Literal["control", "class", "home"]
    weight: Annotated[int, Field(ge=1)]


class GradePosted(Event, type="journal.grade_posted.v1", stream="pupil", key="pupil_id"):
    """A teacher posted a mark (J-10). Carries all that a reader is shown, so that nobody has to ask back."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    mark_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject_title: Text
    value: MarkValue
    control_form: ControlForm
    comment: Text | None = None
    teacher_person_id: UUID
    teacher_name: Text
    posted_at: AwareDatetime
    average: Decimal | None = None
    """The pupil's weighted average in the subject after this mark, two places, half up (J-12)."""


class GradeChanged(Event, type="journal.grade_changed.v1", stream="pupil", key="pupil_id"):
    """A mark was corrected (J-11). Old and new value, whole new state."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    mark_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject_title: Text
    old_value: MarkValue
    value: MarkValue
    control_form: ControlForm
    comment: Text | None = None
    teacher_person_id: UUID
    teacher_name: Text
    mark_version: Annotated[int, Field(ge=2)]
    changed_at: AwareDatetime


class GradeRemoved(Event, type="journal.grade_removed.v1", stream="pupil", key="pupil_id"):
    """A mark was removed; its history stays in the journal (J-11)."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    mark_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject_title: Text
    old_value: MarkValue
    removed_at: AwareDatetime


class AbsenceRecorded(Event, type="journal.absence_recorded.v1", stream="pupil", key="pupil_id"):
    """A pupil was absent from a lesson («н») or came late (J-20), or one became the other.

    Why is nobody's business on the bus: the reason stays in the journal. Whether the family had given notice
    before does travel, because one without notice is told to it at once (J-21).
    """

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    lesson_id: UUID
    lesson_date: date
    lesson_number: int
    subject_id: UUID
    subject_title: Text
    kind: Literal["absent", "late"]
    has_notice: bool
    teacher_person_id: UUID
    teacher_name: Text
    absence_version: Annotated[int, Field(ge=1)]
    """Of this pupil in this lesson; grows with every change."""
    recorded_at: AwareDatetime


class AbsenceRemoved(Event, type="journal.absence_removed.v1", stream="pupil", key="pupil_id"):
    """A pupil was present after all; what had been recorded stays in the journal's history (J-20)."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    lesson_id: UUID
    lesson_date: date
    lesson_number: int
    subject_id: UUID
    subject_title: Text
    absence_version: Annotated[int, Field(ge=2)]
    removed_at: AwareDatetime


class AbsenceNoticeGiven(Event, type="journal.absence_notice_given.v1", stream="pupil", key="pupil_id"):
    """A family says that a pupil will be absent (J-21). Why stays in the journal, and so does what else was said."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    notice_id: UUID
    first_day: date
    """At the school."""
    last_day: date
    teacher_account_ids: tuple[UUID, ...]
    """The class teachers, who get to know, as accounts."""
    given_at: AwareDatetime


class AbsenceNoticeWithdrawn(Event, type="journal.absence_notice_withdrawn.v1", stream="pupil", key="pupil_id"):
    """The family took a notice back before its first day: the pupil will come (J-21)."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    notice_id: UUID
    first_day: date
    last_day: date
    withdrawn_at: AwareDatetime


PointKind = Literal["debt", "retake", "planned"]


class PointSet(Event, type="journal.point_set.v1", stream="pupil", key="pupil_id"):
    """A teacher set a point or changed an open one (J-14): a debt, a retake, a planned work. Whole new state."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    point_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject_title: Text
    kind: PointKind
    control_form: ControlForm
    due_on: date
    comment: Text | None = None
    teacher_person_id: UUID
    teacher_name: Text
    point_version: Annotated[int, Field(ge=1)]
    set_at: AwareDatetime


class PointDueSoon(Event, type="journal.point_due_soon.v1", stream="pupil", key="pupil_id"):
    """The due date of an open point is near (J-15). Said once for each due date, in the school's own days."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    point_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject_title: Text
    kind: PointKind
    control_form: ControlForm
    due_on: date


class PointSettled(Event, type="journal.point_settled.v1", stream="pupil", key="pupil_id"):
    """A mark was put in a point's place (J-15); `GradePosted` of that mark stands beside it in the stream."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    point_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject_title: Text
    kind: PointKind
    mark_id: UUID
    settled_at: AwareDatetime


class PointVanished(Event, type="journal.point_vanished.v1", stream="pupil", key="pupil_id"):
    """A point ended without a mark (J-15): its due date passed, its period ended, or the teacher took it back."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    point_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject_title: Text
    kind: PointKind
    because: Literal["due_date", "period_end", "withdrawn"]
    vanished_at: AwareDatetime


class HomeworkAssigned(Event, type="journal.homework_assigned.v1", stream="class", key="class_id"):
    """A class has something to do at home, or a task was edited (J-23). Carries the whole task: the newest wins."""

    school_id: UUID
    class_id: UUID
    homework_id: UUID
    subject_id: UUID
    subject_title: Text
    pupil_ids: tuple[UUID, ...] | None = None
    """Only these pupils of the class, its group's; None: the whole class."""
    kind: Literal["homework", "self_study"]
    mandatory: bool
    due_on: date
    text: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    teacher_name: Text
    homework_version: Annotated[int, Field(ge=1)]
    edited_at: AwareDatetime


class HomeworkWithdrawn(Event, type="journal.homework_withdrawn.v1", stream="class", key="class_id"):
    """A task was taken back."""

    school_id: UUID
    class_id: UUID
    homework_id: UUID
    homework_version: Annotated[int, Field(ge=2)]
    withdrawn_at: AwareDatetime


class PeriodMarkSet(Event, type="journal.period_mark_set.v1", stream="pupil", key="pupil_id"):
    """A teacher set the mark of a period or of the year, or took it back (J-17). Whole new state."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    subject_id: UUID
    subject_title: Text
    period_id: UUID | None
    """None: the mark of the year."""
    period_title: Text
    """«I четверть», or the year's title."""
    value: Annotated[str, StringConstraints(pattern=r"^([2-5]|зачёт|незачёт|н/а|осв)$")] | None
    """None: taken back."""
    teacher_person_id: UUID
    teacher_name: Text
    period_mark_version: Annotated[int, Field(ge=1)]
    set_at: AwareDatetime


class AnnouncementPosted(Event, type="journal.announcement_posted.v1", stream="class", key="class_id"):
    """A class was told something, or the words were corrected (J-26). Whole; the newest version wins.

    One that is for several classes is told in the stream of each, with one `announcement_id`.
    """

    school_id: UUID
    class_id: UUID
    announcement_id: UUID
    audience: Literal["pupils", "families", "both"]
    pupil_ids: tuple[UUID, ...] | None = None
    """Only these pupils of the class; None: the whole class."""
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=5000)]
    teacher_name: Text
    announcement_version: Annotated[int, Field(ge=1)]
    edited_at: AwareDatetime


class AnnouncementWithdrawn(Event, type="journal.announcement_withdrawn.v1", stream="class", key="class_id"):
    """An announcement was taken back."""

    school_id: UUID
    class_id: UUID
    announcement_id: UUID
    announcement_version: Annotated[int, Field(ge=2)]
    withdrawn_at: AwareDatetime


class WeekSigned(Event, type="journal.week_signed.v1", stream="pupil", key="pupil_id"):
    """A representative signed a version of a week's page (J-32)."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    signature_id: UUID
    week: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-W[0-9]{2}$")]
    page_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    account_id: UUID
    signed_at: AwareDatetime


class LessonChanged(Event, type="journal.lesson_changed.v1", stream="class", key="class_id"):
    """A lesson is held by another teacher, in another room or not at all, or again as planned (J-4).

    Carries how the lesson stands; the newest version wins. Why it is cancelled is not told here: the diary shows it.
    """

    school_id: UUID
    class_id: UUID
    lesson_id: UUID
    subject_id: UUID
    subject_title: Text
    date: date
    """At the school."""
    number: Annotated[int, Field(ge=0, le=15)]
    state: Literal["planned", "substituted", "cancelled"]
    teacher_name: Text
    """Who holds it: the substitute, if there is one."""
    planned_teacher_name: Text
    room: Annotated[str, StringConstraints(max_length=50)]
    pupil_ids: tuple[UUID, ...] | None = None
    """Only these pupils of the class, its group's; None: the whole class."""
    lesson_version: Annotated[int, Field(ge=2)]
    changed_at: AwareDatetime
