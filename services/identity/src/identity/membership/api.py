"""The staff of a school and what it is admitted to, over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from identity.container import Wired
from identity.errors import AdmissionForbidden, AdmissionUnfit, AssignmentNotFound, DutyHeldAlready, PersonNotFound
from identity.membership.admit_staff import Wish, admit_staff
from identity.membership.permission import require_administrator
from identity.membership.queries import staff_with_duties
from identity.membership.release_staff import release_staff
from identity.membership.rules import AdmittedRole
from shared.contracts.identity import StaffRole
from shared.http import Body, CurrentCaller, InvalidCursor, Page, PageQuery, cursor_of, responses

router = APIRouter(prefix="/schools/{school_id}/staff", tags=["staff"])

Basis = Annotated[str, StringConstraints(min_length=3, max_length=300)]


class NewAssignment(Body):
    """What somebody of the staff is admitted to."""

    role: AdmittedRole
    class_id: UUID | None = None
    """For a subject teacher and a class teacher."""
    subject_id: UUID | None = None
    """For a subject teacher."""
    basis: Basis
    """On what ground: number and date of the order."""
    valid_from: date | None = None
    """The first day; today without it."""
    valid_until: date | None = None
    """The last day; without it until released."""


class Assignment(BaseModel):
    """A duty that is held."""

    assignment_id: UUID
    role: StaffRole
    class_id: UUID | None
    subject_id: UUID | None
    basis: str | None
    """None for a duty that came with the school's bundle."""
    valid_from: date
    valid_until: date | None


class StaffMember(BaseModel):
    """Somebody of the staff."""

    person_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    has_account: bool
    assignments: list[Assignment]


@router.get("", summary="Staff and duties", responses=responses(AdmissionForbidden, InvalidCursor))
async def get_staff(school_id: UUID, caller: CurrentCaller, wired: Wired, paging: PageQuery) -> Page[StaffMember]:
    """The staff by name, with what each is admitted to; for the school's administrator and director (I-12)."""
    after = paging.position(str, str, UUID)
    async with wired.database.read() as session:
        await require_administrator(session, caller.account_id, school_id, wired.database.clock())
        staff, duties = await staff_with_duties(session, school_id, after, paging.limit)
    held: dict[UUID, list[Assignment]] = {}
    for duty in duties:
        held.setdefault(duty.person_id, []).append(Assignment.model_validate(duty, from_attributes=True))
    shown = staff[: paging.limit]
    last = shown[-1] if len(staff) > len(shown) else None
    return Page(
        items=[
            StaffMember(
                person_id=row.person_id,
                surname=row.surname,
                given_name=row.given_name,
                patronymic=row.patronymic,
                has_account=row.account_id is not None,
                assignments=held.get(row.person_id, []),
            )
            for row in shown
        ],
        next=cursor_of(last.surname, last.given_name, str(last.person_id)) if last else None,
    )


@router.post(
    "/{person_id}/assignments",
    status_code=201,
    summary="Admit to a duty",
    responses=responses(AdmissionForbidden, PersonNotFound, DutyHeldAlready, AdmissionUnfit),
)
async def post_assignment(
    school_id: UUID, person_id: UUID, body: NewAssignment, caller: CurrentCaller, wired: Wired
) -> Assignment:
    """Admit a teacher to a class and subject, or give another duty, on a basis that is recorded (I-12).

    The school's bundle does not end what was recorded here.
    """
    wish = Wish(body.role, body.class_id, body.subject_id, body.basis, body.valid_from, body.valid_until)
    row = await admit_staff(wired.database.uow, caller.account_id, school_id, person_id, wish)
    return Assignment.model_validate(row)


@router.delete(
    "/{person_id}/assignments/{assignment_id}",
    status_code=204,
    summary="Release from a duty",
    responses=responses(AdmissionForbidden, AssignmentNotFound),
)
async def delete_assignment(
    school_id: UUID, person_id: UUID, assignment_id: UUID, caller: CurrentCaller, wired: Wired
) -> None:
    """End a duty today; the access that came with it ends at once (I-15)."""
    await release_staff(wired.database.uow, caller.account_id, school_id, person_id, assignment_id)
