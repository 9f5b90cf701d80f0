"""A school adds a kind of work (J-9)."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from journal.access.actions import KEEP_CONTROL_FORMS
from journal.access.check import may
from journal.errors import ControlFormNameTaken, SchoolNotFound
from journal.marks.queries import ControlForm, form_of
from journal.marks.tables import control_forms
from shared.access import Object
from shared.db import UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class NewControlForm:
    """What the school calls it, and how much it counts; without a position it is offered last."""

    name: str
    category: Literal["control", "class", "home"]
    weight: int
    position: int | None = None


async def add_control_form(uow: UnitOfWork, caller: Caller, school_id: UUID, new: NewControlForm) -> ControlForm:
    """Add a control form; for deputies and the director.

    Raises:
        SchoolNotFound: no such school, or not the caller's to run.
        ControlFormNameTaken: the school has a form of this name, perhaps an archived one.
    """
    async with uow.begin() as tx:
        if not await may(tx.session, caller.account_id, KEEP_CONTROL_FORMS, Object("school", school_id), tx.now):
            raise SchoolNotFound
        last = select(func.coalesce(func.max(control_forms.c.position), 0) + 1).where(
            control_forms.c.school_id == school_id
        )
        statement = insert(control_forms).values(
            school_id=school_id,
            control_form_id=tx.new_id(),
            name=new.name,
            category=new.category,
            weight=new.weight,
            position=last.scalar_subquery() if new.position is None else new.position,
        )
        added = await tx.session.execute(
            statement.on_conflict_do_nothing(index_elements=["school_id", "name"]).returning(control_forms)
        )
        row = added.first()
        if row is None:
            raise ControlFormNameTaken(name=new.name)
        return form_of(row)
