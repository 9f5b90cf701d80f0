"""A school changes or archives a kind of work (J-9). One that was used is never deleted: its marks keep it.

Another weight counts at once and everywhere: averages are always reckoned from what stands.
"""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from journal.access.actions import KEEP_CONTROL_FORMS
from journal.access.check import may
from journal.errors import ControlFormNameTaken, ControlFormNotFound, SchoolNotFound, StaleControlForm
from journal.marks.queries import ControlForm, form_of
from journal.marks.tables import control_forms
from shared.access import Object
from shared.db import UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class ControlFormChange:
    """What is to be different; None leaves it as it is."""

    name: str | None = None
    category: Literal["control", "class", "home"] | None = None
    weight: int | None = None
    position: int | None = None
    archived: bool | None = None


async def change_control_form(
    uow: UnitOfWork, caller: Caller, school_id: UUID, control_form_id: UUID, version: int, change: ControlFormChange
) -> ControlForm:
    """Change a control form; for deputies and the director.

    Raises:
        SchoolNotFound: no such school, or not the caller's to run.
        ControlFormNotFound: the school has no such form.
        StaleControlForm: `version` is not the current one.
        ControlFormNameTaken: another form of the school has this name.
    """
    try:
        async with uow.begin() as tx:
            if not await may(tx.session, caller.account_id, KEEP_CONTROL_FORMS, Object("school", school_id), tx.now):
                raise SchoolNotFound
            this = (control_forms.c.school_id == school_id) & (control_forms.c.control_form_id == control_form_id)
            row = (await tx.session.execute(select(control_forms).where(this).with_for_update(key_share=True))).first()
            if row is None:
                raise ControlFormNotFound
            if row.version != version:
                current = {"version": row.version, "name": row.name, "category": row.category, "weight": row.weight}
                raise StaleControlForm(base=version, current=row.version, members={"current": current})
            values: dict[str, Any] = {
                name: value
                for name in ("name", "category", "weight", "position")
                if (value := getattr(change, name)) is not None
            }
            if change.archived is not None and change.archived != (row.archived_at is not None):
                values["archived_at"] = tx.now if change.archived else None
            if not values:
                return form_of(row)
            changed = await tx.session.execute(
                update(control_forms).where(this).values(**values, version=version + 1).returning(control_forms)
            )
            return form_of(changed.one())
    except IntegrityError as error:
        # The only rule that another row can break; the transaction is over.
        raise ControlFormNameTaken(name=change.name) from error
