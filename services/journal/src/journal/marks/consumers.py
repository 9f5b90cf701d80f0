"""A school that opens gets the usual control forms (J-9); it changes them as it likes."""

from typing import Literal

from sqlalchemy.dialects.postgresql import insert

from journal.events import subscriptions
from journal.marks.tables import control_forms
from shared.contracts.identity import SchoolOpened
from shared.db import Tx

DEFAULT_FORMS: tuple[tuple[str, Literal["control", "class", "home"], int], ...] = (
    ("Контрольная работа", "control", 5),
    ("Диктант", "control", 5),
    ("Самостоятельная работа", "class", 3),
    ("Лабораторная работа", "class", 3),
    ("Ответ на уроке", "class", 3),
    ("Работа на уроке", "class", 2),
    ("Домашняя работа", "home", 1),
)
"""Name, category, weight: control works weigh over class works over home works."""


@subscriptions.on(SchoolOpened)
async def give_default_forms(tx: Tx, event: SchoolOpened) -> None:
    """Adds those that the school does not have; what it changed stays as it is."""
    statement = insert(control_forms).on_conflict_do_nothing(index_elements=["school_id", "name"])
    rows = [
        {
            "school_id": event.school_id,
            "control_form_id": tx.new_id(),
            "name": name,
            "category": category,
            "weight": weight,
            "position": position,
        }
        for position, (name, category, weight) in enumerate(DEFAULT_FORMS, start=1)
    ]
    await tx.session.execute(statement, rows)
