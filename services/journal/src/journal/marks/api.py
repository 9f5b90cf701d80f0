"""Control forms over HTTP (J-9). Marks themselves are written through the class journal."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from journal.access.check import schools_of_staff
from journal.container import Wired
from journal.errors import ControlFormNameTaken, ControlFormNotFound, SchoolNotFound, StaleControlForm
from journal.marks.add_control_form import NewControlForm, add_control_form
from journal.marks.answers import ControlFormOut
from journal.marks.change_control_form import ControlFormChange, change_control_form
from journal.marks.queries import forms_of_schools
from shared.http import Body, CurrentCaller, responses

router = APIRouter(tags=["marks"])

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Category = Literal["control", "class", "home"]
Weight = Annotated[int, Field(ge=1, le=100)]
Position = Annotated[int, Field(ge=0, le=1000)]


class ControlFormsOut(BaseModel):
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
