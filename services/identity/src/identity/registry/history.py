"""What stood before a change, kept for the day when somebody asks who changed it (I-14)."""

from typing import Any
from uuid import UUID

from shared.crypto import FieldPlace, PersonKey
from shared.db import Tx

NAMES = ("surname", "given_name", "patronymic")
PROTECTED = ("phone", "email", "snils", "birth_date")
"""Encrypted columns of `people`; each has a keyed hash beside it."""

FIELDS = (*NAMES, *PROTECTED)
"""What the school knows a person by: what a teacher may put right and what has a history."""


def history_row(
    tx: Tx,
    key: PersonKey,
    school_id: UUID,
    person_id: UUID,
    field: str,
    before: tuple[str, bytes] | None,
    *,
    changed_by: UUID | None = None,
    confirmed_by: UUID | None = None,
) -> dict[str, Any]:
    """A row of `value_history`.

    Args:
        tx: the open transaction.
        key: the person's own.
        school_id: of the record.
        person_id: of the record.
        field: one of `FIELDS`.
        before: the value and its keyed hash; None where there was none.
        changed_by: whose account changed it; None for an import.
        confirmed_by: the second member of staff.
    """
    change_id = tx.new_id()
    value, index = before or (None, None)
    return {
        "school_id": school_id,
        "change_id": change_id,
        "person_id": person_id,
        "field": field,
        "value_before": None if value is None else key.encrypt(FieldPlace("value_history", field, change_id), value),
        "index_before": index,
        "changed_at": tx.now,
        "changed_by": changed_by,
        "confirmed_by": confirmed_by,
    }
