"""What teachers send: rows of a column, each with its operation (J-10)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.class_journal.rules import Row
from journal.marks.rules import MarkValue
from journal.points.rules import PointKind
from shared.http import Body

Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Minutes = Annotated[int, Field(ge=1, le=120)]

MOST_ROWS = 200
"""Of one request: a class with several rows a pupil."""


class SetRow(Body):
    """The mark of the cell: a new one in an empty cell, else the correction of the one that stands there."""

    op: Literal["set"]
    pupil_id: UUID
    mark_id: UUID | None = None
    """Which one, if several stand in the cell."""
    version: Version | None = None
    """That of the mark that was seen; not given: the cell was empty."""
    value: MarkValue
    control_form_id: UUID | None = None
    """Needed for a new mark; a correction without it keeps the form."""
    comment: Words | None = None
    """Not given: stays; null: is taken away."""
    reason: Words | None = None
    """Needed when the edit window is over, and beside «н»."""
    settles_point: bool | None = None
    """Whether a new mark takes the place of the point in the cell. Not given: it does if it is for the point's own
    control form, or the first mark in the cell of a debt or retake."""

    def row(self) -> Row:
        return Row(
            self.pupil_id,
            "set",
            version=self.version,
            mark_id=self.mark_id,
            value=self.value,
            control_form_id=self.control_form_id,
            comment=self.comment,
            clear_comment="comment" in self.model_fields_set and self.comment is None,
            reason=self.reason,
            settles_point=self.settles_point,
        )


class AddRow(Body):
    """One more mark in the cell."""

    op: Literal["add"]
    pupil_id: UUID
    value: MarkValue
    control_form_id: UUID
    comment: Words | None = None
    reason: Words | None = None
    """Needed beside «н»."""
    settles_point: bool | None = None

    def row(self) -> Row:
        return Row(
            self.pupil_id,
            "add",
            value=self.value,
            control_form_id=self.control_form_id,
            comment=self.comment,
            reason=self.reason,
            settles_point=self.settles_point,
        )


class ClearRow(Body):
    """Remove a mark; its history is kept."""

    op: Literal["clear"]
    pupil_id: UUID
    mark_id: UUID | None = None
    """Which one, if several stand in the cell."""
    version: Version
    reason: Words | None = None
    """Needed when the edit window is over."""

    def row(self) -> Row:
        return Row(self.pupil_id, "clear", version=self.version, mark_id=self.mark_id, reason=self.reason)


class AbsentRow(Body):
    """«н», with its reason as far as it is known."""

    op: Literal["absent"]
    pupil_id: UUID
    version: Version | None = None
    """That of the absence that was seen; not given: there was none."""
    absence_reason: AbsenceReason | None = None
    """у уважительная, б болезнь, нп неуважительная, осв освобождён; not given: the family's notice says."""
    reason: Words | None = None
    """Needed beside a mark, and when the edit window is over."""

    def row(self) -> Row:
        return Row(
            self.pupil_id,
            "absent",
            version=self.version,
            absence_reason=self.absence_reason,
            reason=self.reason,
        )


class LateRow(Body):
    """Came late."""

    op: Literal["late"]
    pupil_id: UUID
    version: Version | None = None
    minutes: Minutes | None = None
    absence_reason: AbsenceReason | None = None
    reason: Words | None = None

    def row(self) -> Row:
        return Row(
            self.pupil_id,
            "late",
            version=self.version,
            minutes=self.minutes,
            absence_reason=self.absence_reason,
            reason=self.reason,
        )


class PresentRow(Body):
    """Was there after all, in time."""

    op: Literal["present"]
    pupil_id: UUID
    version: Version
    reason: Words | None = None

    def row(self) -> Row:
        return Row(self.pupil_id, "present", version=self.version, reason=self.reason)


class PointRow(Body):
    """A point: a debt, a needed retake, a planned work (J-14); or another due date for the one that is open."""

    op: Literal["point"]
    pupil_id: UUID
    version: Version | None = None
    """That of the open point that was seen; not given: there was none."""
    kind: PointKind
    control_form_id: UUID
    due_on: date
    comment: Words | None = None

    def row(self) -> Row:
        return Row(
            self.pupil_id,
            "point",
            version=self.version,
            kind=self.kind,
            control_form_id=self.control_form_id,
            due_on=self.due_on,
            comment=self.comment,
            clear_comment="comment" in self.model_fields_set and self.comment is None,
        )


class UnpointRow(Body):
    """Take the open point back."""

    op: Literal["unpoint"]
    pupil_id: UUID
    version: Version
    reason: Words | None = None

    def row(self) -> Row:
        return Row(self.pupil_id, "unpoint", version=self.version, reason=self.reason)


AnyRow = Annotated[
    SetRow | AddRow | ClearRow | AbsentRow | LateRow | PresentRow | PointRow | UnpointRow, Field(discriminator="op")
]


class SaveColumn(Body):
    """Any part of a column; rows are done in their order."""

    rows: Annotated[list[AnyRow], Field(min_length=1, max_length=MOST_ROWS)]


class PostMark(Body):
    """A new mark."""

    pupil_id: UUID
    value: MarkValue
    """1–5, зачёт, незачёт, н/а, осв."""
    control_form_id: UUID
    comment: Words | None = None
    reason: Words | None = None
    """Needed beside «н»."""
    settles_point: bool | None = None
    """Whether it takes the place of the point in the cell; not given: if it is for the point's own control form, or
    the first mark in the cell of a debt or retake."""


class ChangeMark(Body):
    """A correction: what is not named stays as it is, `comment: null` takes the comment away."""

    version: Version
    """The version that the correction was made on."""
    value: MarkValue | None = None
    control_form_id: UUID | None = None
    comment: Words | None = None
    reason: Words | None = None
    """Needed when the edit window is over."""


class RemoveMark(Body):
    """Why a mark is removed."""

    reason: Words | None = None
    """Needed when the edit window is over."""


class SetPoint(Body):
    """A point on a pupil's cell."""

    pupil_id: UUID
    kind: PointKind
    control_form_id: UUID
    due_on: date
    """The last day; after it an unsettled point vanishes."""
    comment: Words | None = None
    version: Version | None = None
    """That of the open point that is to be changed; not given: there is none."""


class NotPresentIn(Body):
    """One who was absent or late."""

    pupil_id: UUID
    kind: AbsenceKind
    absence_reason: AbsenceReason | None = None
    minutes: Minutes | None = None
    """How late; only with `late`."""
    reason: Words | None = None
    """Needed beside a mark."""


class TakeAttendance(Body):
    """Everybody was present but these; what was recorded otherwise before is put right."""

    but: Annotated[list[NotPresentIn], Field(max_length=MOST_ROWS)]
    reason: Words | None = None
    """Needed when something older than the edit window is changed."""
