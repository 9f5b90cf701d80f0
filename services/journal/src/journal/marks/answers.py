"""Control forms as they are answered."""

from typing import Literal, Self
from uuid import UUID

from journal.marks.queries import ControlForm
from shared.http import Answer


class ControlFormOut(Answer):
    """What kind of work a mark is for; a greater weight counts more."""

    control_form_id: UUID
    school_id: UUID
    name: str
    category: Literal["control", "class", "home"]
    weight: int
    position: int
    """The order that forms are offered in."""
    archived: bool
    """No longer offered; marks that were given for it keep it."""
    version: int

    @classmethod
    def of(cls, form: ControlForm) -> Self:
        return cls.model_validate(form, from_attributes=True)
