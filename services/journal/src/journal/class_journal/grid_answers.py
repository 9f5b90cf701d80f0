"""The grid as it is answered.

The cells are written by the statement in `grid_query` and not by these models, which tell clients what they get; a
test reads what is sent with them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from journal.attendance.rules import AbsenceKind, AbsenceReason
from journal.attestation.rules import Proposals
from journal.calendar.answers import PeriodOut
from journal.class_journal.page import Page
from journal.marks.rules import MarkValue, Trend
from journal.points.rules import PointKind, PointState
from shared.http import Answer


class GridFormOut(Answer):
    """A control form of the school: what marks and points name by its id."""

    control_form_id: UUID
    name: str
    category: Literal["control", "class", "home"]
    weight: int
    archived: bool
    """Not to be given anew."""


class GridAuthorOut(Answer):
    """Somebody whom marks name by id."""

    person_id: UUID
    name: str


class GridColumnOut(Answer):
    """A lesson, and whether and how its cells are written by the caller."""

    lesson_id: UUID
    date: date
    number: int
    starts_at: time
    topic: str
    teacher_id: UUID
    group_id: UUID | None
    """The part of the class that has it: only its pupils have a cell; null: all of it (J-4)."""
    closed: bool
    """Its period is closed."""
    cancelled: bool
    """It is not held, and takes no marks (J-4)."""
    version: int
    """Of the lesson, for writing its topic."""
    may_edit: bool
    may_take_attendance: bool
    needs_reason: bool
    """Something stands in it that is corrected only with a reason."""
    attendance_taken_at: datetime | None


class GridMemberOut(Answer):
    """A pupil of a group: from which day on, up to which day without it; null: from the beginning, up to now."""

    pupil_id: UUID
    since: date | None
    left_on: date | None


class GridGroupOut(Answer):
    """A part of the class that has columns to itself, and who has a cell in them."""

    group_id: UUID
    title: str
    members: list[GridMemberOut]


class GridMarkOut(Answer):
    """A mark and its tooltip; form and author stand in `control_forms` and `authors`."""

    mark_id: UUID
    version: int
    value: MarkValue
    control_form_id: UUID
    author_id: UUID
    posted_at: datetime
    changed_at: datetime | None
    comment: str | None


class GridAbsenceOut(Answer):
    """«н» or late."""

    kind: AbsenceKind
    reason: AbsenceReason | None
    minutes: int | None
    has_notice: bool
    version: int


class GridPointOut(Answer):
    """A point, open or ended."""

    point_id: UUID
    kind: PointKind
    control_form_id: UUID
    due_on: date
    comment: str | None
    state: PointState
    version: int


class GridCellOut(Answer):
    """All that stands of one pupil in one lesson; empty cells are not listed."""

    lesson_id: UUID
    marks: list[GridMarkOut]
    absence: GridAbsenceOut | None
    points: list[GridPointOut]


class NoticeDays(Answer):
    """Days for which the family gave notice; why is not every teacher's business (J-21)."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What is computed of a pupil's marks: averages, trend, and what they propose (J-16)."""

    weighted: Decimal | None
    simple: Decimal | None
    trend: Trend | None
    proposals: Proposals


class GridRowOut(Answer):
    """One pupil: cells, averages, and what the marks propose (J-16), with the operands of each step."""

    pupil_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    cells: list[GridCellOut]
    absences: int
    notices: list[NoticeDays]
    weighted: Decimal | None
    simple: Decimal | None
    trend: Trend | None
    proposals: Proposals


class GridHead(Answer):
    """What a page is of."""

    class_id: UUID
    class_name: str
    grade: int
    subject_id: UUID
    subject: str
    period: PeriodOut | None
    first_day: date
    last_day: date
    revision: int
    """The `after` of `/journal/changes`."""
    edit_window_days: int
    has_marks: bool
    """False: no marks are set here: in grade 1 (J-8), or the school sets none in the subject."""

    @classmethod
    def of(cls, page: Page) -> Self:
        return cls(
            class_id=page.school_class.class_id,
            class_name=page.school_class.name,
            grade=page.school_class.grade,
            subject_id=page.subject_id,
            subject=page.subject_title,
            period=PeriodOut.of(page.period) if page.period else None,
            first_day=page.first_day,
            last_day=page.last_day,
            revision=page.revision,
            edit_window_days=page.settings.edit_window_days,
            has_marks=page.has_marks,
        )


class GridOut(GridHead):
    """The page of one subject in one class."""

    control_forms: list[GridFormOut]
    """All of the school, archived ones too."""
    authors: list[GridAuthorOut]
    groups: list[GridGroupOut]
    columns: list[GridColumnOut]
    pupils: list[GridRowOut]
    """By surname."""


class ChangesOut(Answer):
    """The columns that changed, whole: what a cell of theirs has not listed is empty now.

    Without changed columns all lists are empty.
    """

    revision: int
    control_forms: list[GridFormOut]
    authors: list[GridAuthorOut]
    groups: list[GridGroupOut]
    columns: list[GridColumnOut]
    pupils: list[GridRowOut]
    """With the cells of these columns, and averages of the whole page."""
