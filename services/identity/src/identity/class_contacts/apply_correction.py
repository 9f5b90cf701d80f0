"""Write a correction of the class teacher, and look again at whom it lets in (I-14, I-21)."""

from collections.abc import Mapping
from uuid import UUID

from identity.class_contacts.queries import AnyRow
from identity.matching.reconsider import reconsider_records
from identity.personal_data.contacts import comparable_email
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.correct_person import correct_person
from identity.registry.history import PROTECTED
from shared.db import Tx

Changes = Mapping[str, str | None]
"""Field → the new value in normal form; None: there is none."""


def index_of(keys: PersonalDataKeys, field: str, value: str | None) -> bytes | None:
    """The keyed hash by which a value is compared; only an e-mail is written otherwise than it is compared."""
    if value is None:
        return None
    return keys.own_index.of(field, comparable_email(value) if field == "email" else value)


def real_changes(keys: PersonalDataKeys, row: AnyRow, wished: Changes) -> dict[str, str | None]:
    """Those wishes that differ from what stands."""
    return {
        field: value
        for field, value in wished.items()
        if (
            getattr(row, f"{field}_index") != index_of(keys, field, value)
            if field in PROTECTED
            else getattr(row, field) != value
        )
    }


async def apply_correction(
    tx: Tx,
    keys: PersonalDataKeys,
    row: AnyRow,
    changes: Changes,
    *,
    changed_by: UUID,
    confirmed_by: UUID | None = None,
) -> None:
    """Write changes of a record, and let matching look at it again in the same transaction.

    Args:
        tx: the open transaction, which holds the record.
        keys: values are encrypted and hashed with them.
        row: the record as it stands.
        changes: what really changes.
        changed_by: the account of the class teacher.
        confirmed_by: that of the second member of staff, where one was needed.
    """
    school_id, person_id = row.school_id, row.person_id
    await correct_person(tx, keys, school_id, person_id, changes, changed_by=changed_by, confirmed_by=confirmed_by)
    await reconsider_records(tx, keys, school_id, [person_id])
