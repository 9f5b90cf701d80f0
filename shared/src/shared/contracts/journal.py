"""What journal tells. All of it stands in the stream of the pupil it is about: in order, per pupil."""

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
