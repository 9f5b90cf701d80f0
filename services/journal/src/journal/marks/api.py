"""Marks over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from journal.access.check import schools_of_staff
from journal.container import Wired
from journal.errors import (
    ControlFormUnknown,
    GradeOneHasNoMarks,
    LessonNotFound,
    MarkNotFound,
    NotYourLesson,
    PupilNotInClass,
    ReasonRequired,
    StaleMark,
)
from journal.marks.averages import Averages
from journal.marks.change_mark import Correction, change_mark
from journal.marks.post_mark import NewMark, Posted, post_mark
from journal.marks.queries import ControlForm, Mark, forms_of_schools
from journal.marks.remove_mark import remove_mark
from journal.marks.rules import MarkValue
from shared.http import Body, CurrentCaller, responses

router = APIRouter(tags=["marks"])

Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ControlFormOut(BaseModel):
    """What kind of work a mark is for; a greater weight counts more."""

    control_form_id: UUID
    school_id: UUID
    name: str
    category: Literal["control", "class", "home"]
    weight: int

    @classmethod
    def of(cls, form: ControlForm) -> Self:
        return cls.model_validate(form, from_attributes=True)


class ControlFormsOut(BaseModel):
    """Control forms in the order that they are offered in."""

    items: list[ControlFormOut]


class MarkOut(BaseModel):
    """A mark as it stands; `version` goes back with a correction."""

    mark_id: UUID
    pupil_id: UUID
    lesson_id: UUID
    value: MarkValue
    control_form: ControlFormOut
    comment: str | None
    author: str
    posted_at: datetime
    changed_at: datetime | None
    version: int

    @classmethod
    def of(cls, mark: Mark) -> Self:
        return cls(
            mark_id=mark.mark_id,
            pupil_id=mark.pupil_id,
            lesson_id=mark.lesson_id,
            value=mark.value,
            control_form=ControlFormOut.of(mark.form),
            comment=mark.comment,
            author=mark.author_name,
            posted_at=mark.posted_at,
            changed_at=mark.changed_at,
            version=mark.version,
        )


class AveragesOut(BaseModel):
    """The pupil's averages in the subject this school year, two places; null while no mark has a number."""

    weighted: Decimal | None
    simple: Decimal | None

    @classmethod
    def of(cls, averages: Averages) -> Self:
        return cls(weighted=averages.weighted, simple=averages.simple)


class MarkPostedOut(BaseModel):
    """The mark and what it does to the averages."""

    mark: MarkOut
    averages: AveragesOut

    @classmethod
    def of(cls, posted: Posted) -> Self:
        return cls(mark=MarkOut.of(posted.mark), averages=AveragesOut.of(posted.averages))


class PostMark(Body):
    """A new mark."""

    pupil_id: UUID
    value: MarkValue
    """1–5, зачёт, незачёт, н/а, осв."""
    control_form_id: UUID
    comment: Words | None = None


class ChangeMark(Body):
    """A correction: what is not named stays as it is, `comment: null` takes the comment away."""

    version: Version
    """The version that the correction was made on."""
    value: MarkValue | None = None
    control_form_id: UUID | None = None
    comment: Words | None = None
    reason: Words | None = None
    """Needed when the edit window is over."""


@router.get("/control-forms")
async def get_control_forms(caller: CurrentCaller, wired: Wired) -> ControlFormsOut:
    """The control forms of the schools that the caller works at."""
    async with wired.database.read() as session:
        schools = await schools_of_staff(session, caller.account_id, wired.database.clock())
        forms = await forms_of_schools(session, schools)
    return ControlFormsOut(items=[ControlFormOut.of(form) for form in forms])


@router.post(
    "/lessons/{lesson_id}/marks",
    status_code=201,
    responses=responses(LessonNotFound, NotYourLesson, PupilNotInClass, ControlFormUnknown, GradeOneHasNoMarks),
)
async def post_one_mark(lesson_id: UUID, body: PostMark, caller: CurrentCaller, wired: Wired) -> MarkPostedOut:
    """Post one mark; for the subject teacher of the lesson's class and subject."""
    new = NewMark(body.pupil_id, body.value, body.control_form_id, body.comment)
    return MarkPostedOut.of(await post_mark(wired.database.uow, caller, lesson_id, new))


@router.patch(
    "/marks/{mark_id}",
    responses=responses(MarkNotFound, NotYourLesson, StaleMark, ReasonRequired, ControlFormUnknown),
)
async def patch_mark(mark_id: UUID, body: ChangeMark, caller: CurrentCaller, wired: Wired) -> MarkPostedOut:
    """Correct a mark; its history is kept."""
    correction = Correction(
        value=body.value,
        control_form_id=body.control_form_id,
        comment=body.comment,
        clear_comment="comment" in body.model_fields_set and body.comment is None,
    )
    return MarkPostedOut.of(
        await change_mark(wired.database.uow, caller, mark_id, body.version, correction, body.reason)
    )


@router.delete("/marks/{mark_id}", responses=responses(MarkNotFound, NotYourLesson, StaleMark, ReasonRequired))
async def delete_mark(
    mark_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    version: Annotated[int, Query(ge=1, le=2**31 - 1, description="The version that was seen")],
    reason: Annotated[
        str | None,
        Query(min_length=1, max_length=500, description="Needed when the edit window is over"),
    ] = None,
) -> AveragesOut:
    """Remove a mark; its history is kept."""
    return AveragesOut.of(await remove_mark(wired.database.uow, caller, mark_id, version, reason))
