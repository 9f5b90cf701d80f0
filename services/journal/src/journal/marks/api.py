"""Control forms (J-9) and a pupil's outlook (J-12) over HTTP. Marks are written through the class journal."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.check import schools_of_staff
from journal.access.read_diary import read_diary
from journal.container import Wired
from journal.errors import (
    ControlFormNameTaken,
    ControlFormNotFound,
    GradeOneHasNoMarks,
    PupilNotFound,
    SchoolNotFound,
    StaleControlForm,
    SubjectHasNoMarks,
)
from journal.marks.add_control_form import NewControlForm, add_control_form
from journal.marks.answers import ControlFormOut
from journal.marks.change_control_form import ControlFormChange, change_control_form
from journal.marks.outlook import Outlook, read_outlook
from journal.marks.queries import forms_of_schools
from journal.marks.rules import Trend
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["marks"])

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Category = Literal["control", "class", "home"]
Weight = Annotated[int, Field(ge=1, le=100)]
Position = Annotated[int, Field(ge=0, le=1000)]


class ControlFormsOut(Answer):
    """Control forms in the order that they are offered in."""

    items: list[ControlFormOut]


class AddControlForm(Body):
    """A new kind of work."""

    name: Name
    category: Category
    weight: Weight
    position: Position | None = None
    """Where it stands in the list; at the end if not said."""


class ChangeControlForm(Body):
    """A change: what is not named stays as it is."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The version that the change was made on."""
    name: Name | None = None
    category: Category | None = None
    weight: Weight | None = None
    """Counts at once, also for marks that stand."""
    position: Position | None = None
    archived: bool | None = None
    """Archived forms are not offered any more; marks that were given for them stay."""


class NeededOut(Answer):
    """`count` marks `value` for works of this weight, and the mark is reached."""

    value: int
    weight: int
    count: int
    control_forms: list[str]
    """The school's kinds of work that weigh so much."""


class OutlookOut(Answer):
    """How a pupil stands in a subject, and what reaches the mark that was asked for."""

    first_day: date
    last_day: date
    weighted: Decimal | None
    simple: Decimal | None
    trend: Trend | None
    """Null while there are fewer than six marks."""
    mark: int
    threshold: Decimal
    """The shown average from which on the mark is proposed."""
    reached: bool
    needed: list[NeededOut]
    """The fewest marks first; empty if the mark is reached."""

    @classmethod
    def of(cls, outlook: Outlook, mark: int) -> Self:
        return cls(
            first_day=outlook.first_day,
            last_day=outlook.last_day,
            weighted=outlook.weighted,
            simple=outlook.simple,
            trend=outlook.trend,
            mark=mark,
            threshold=outlook.threshold,
            reached=outlook.weighted is not None and outlook.weighted >= outlook.threshold,
            needed=[
                NeededOut(
                    value=one.value,
                    weight=one.weight,
                    count=one.count,
                    control_forms=[form.name for form in outlook.forms if form.weight == one.weight],
                )
                for one in outlook.needed
            ],
        )


@router.get("/diaries/{pupil_id}/outlook", responses=responses(PupilNotFound, GradeOneHasNoMarks, SubjectHasNoMarks))
async def get_outlook(
    pupil_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    subject: UUID,
    mark: Annotated[int, Query(ge=3, le=5, description="What the pupil wants to reach")] = 5,
) -> OutlookOut:
    """«What must I get for a 5?»: which marks in a subject would reach it in today's period."""
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        if "marks" not in diary.sections:
            raise PupilNotFound
        return OutlookOut.of(await read_outlook(session, diary, subject, mark), mark)


@router.get("/control-forms")
async def get_control_forms(
    caller: CurrentCaller,
    wired: Wired,
    archived: Annotated[bool, Query(description="Also those that are no longer offered")] = False,
) -> ControlFormsOut:
    """The control forms of the schools that the caller works at."""
    async with wired.database.read() as session:
        schools = await schools_of_staff(session, caller.account_id, wired.database.clock())
        forms = await forms_of_schools(session, schools)
    return ControlFormsOut(items=[ControlFormOut.of(form) for form in forms if archived or not form.archived])


@router.post(
    "/schools/{school_id}/control-forms", status_code=201, responses=responses(SchoolNotFound, ControlFormNameTaken)
)
async def post_control_form(
    school_id: UUID, body: AddControlForm, caller: CurrentCaller, wired: Wired
) -> ControlFormOut:
    """Add a control form; for deputies and the director."""
    new = NewControlForm(body.name, body.category, body.weight, body.position)
    return ControlFormOut.of(await add_control_form(wired.database.uow, caller, school_id, new))


@router.patch(
    "/schools/{school_id}/control-forms/{control_form_id}",
    responses=responses(SchoolNotFound, ControlFormNotFound, StaleControlForm, ControlFormNameTaken),
)
async def patch_control_form(
    school_id: UUID, control_form_id: UUID, body: ChangeControlForm, caller: CurrentCaller, wired: Wired
) -> ControlFormOut:
    """Change or archive a control form; for deputies and the director."""
    change = ControlFormChange(body.name, body.category, body.weight, body.position, body.archived)
    return ControlFormOut.of(
        await change_control_form(wired.database.uow, caller, school_id, control_form_id, body.version, change)
    )
