"""Write a correction: the values, what they replace, what the bundle said, and what the town has to hear of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from identity.bulk import upsert
from identity.class_contacts.queries import AnyRow
from identity.matching.reconsider import reconsider_records
from identity.personal_data.contacts import comparable_email
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.duties import DutyKey, Holder, admission_of, assign
from identity.registry.history import NAMES, PROTECTED, history_row
from identity.registry.tables import enrolments, hand_corrections, people, staff_assignments, value_history
from shared.contracts.identity import PupilEnrolled
from shared.crypto import FieldPlace
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
    """Write changes of a record that this transaction holds.

    Args:
        tx: the open transaction.
        keys: values are encrypted and hashed with them.
        row: the record as it stands.
        changes: what really changes.
        changed_by: the account of the class teacher.
        confirmed_by: that of the second member of staff, where one was needed.
    """
    before = _standing_values(keys, row)
    await _write_values(tx, keys, row, changes)
    key = keys.vault.open_person_key(row.data_key)
    await upsert(
        tx.session,
        value_history,
        [
            history_row(
                tx, key, row.school_id, row.person_id, field, before[field],
                changed_by=changed_by, confirmed_by=confirmed_by,
            )
            for field in changes
        ],
    )  # fmt: skip
    await _note_corrections(tx, keys, row, before, changes)
    if any(field in NAMES for field in changes):
        await _retell(tx, row, changes)
    await reconsider_records(tx, keys, row.school_id, [row.person_id])


def _standing_values(keys: PersonalDataKeys, row: AnyRow) -> dict[str, tuple[str, bytes] | None]:
    key = keys.vault.open_person_key(row.data_key)
    stands: dict[str, tuple[str, bytes] | None] = {}
    for field in NAMES:
        value = getattr(row, field)
        stands[field] = None if value is None else (value, keys.own_index.of(field, value))
    for field in PROTECTED:
        stored, index = getattr(row, field), getattr(row, f"{field}_index")
        stands[field] = (
            None if stored is None else (key.decrypt(FieldPlace("people", field, row.person_id), stored), index)
        )
    return stands


async def _write_values(tx: Tx, keys: PersonalDataKeys, row: AnyRow, changes: Changes) -> None:
    key = keys.vault.open_person_key(row.data_key)
    values: dict[str, Any] = {"version": row.version + 1}
    for field, value in changes.items():
        if field in NAMES:
            values[field] = value
            continue
        place = FieldPlace("people", field, row.person_id)
        values[field] = None if value is None else key.encrypt(place, value)
        values[f"{field}_index"] = index_of(keys, field, value)
    await tx.session.execute(
        update(people).where(people.c.school_id == row.school_id, people.c.person_id == row.person_id).values(values)
    )


async def _note_corrections(
    tx: Tx, keys: PersonalDataKeys, row: AnyRow, before: Mapping[str, tuple[str, bytes] | None], changes: Changes
) -> None:
    """Remember what the bundle said, so that its repeating it does not undo the correction."""
    corrected = hand_corrections.c
    mine = (corrected.school_id == row.school_id) & (corrected.person_id == row.person_id)
    known = {
        each.field: each.bundle_index
        for each in await tx.session.execute(select(corrected.field, corrected.bundle_index).where(mine))
    }
    rows, back = [], []
    for field, value in changes.items():
        stood = before[field]
        said = known[field] if field in known else (stood[1] if stood else None)
        if index_of(keys, field, value) == said:
            back.append(field)
        else:
            rows.append({"school_id": row.school_id, "person_id": row.person_id, "field": field, "bundle_index": said})
    if back:
        await tx.session.execute(delete(hand_corrections).where(mine, corrected.field.in_(back)))
    await upsert(tx.session, hand_corrections, rows)


async def _retell(tx: Tx, row: AnyRow, changes: Changes) -> None:
    """The town knows a pupil, and a member of staff, by name (I-16)."""
    surname, given_name, patronymic = (changes.get(field, getattr(row, field)) for field in NAMES)
    learns = enrolments.c
    enrolment = (
        await tx.session.execute(
            select(learns.class_id, learns.since).where(
                learns.school_id == row.school_id, learns.pupil_id == row.person_id, learns.left_on.is_(None)
            )
        )
    ).one_or_none()
    assert surname is not None, "the routes let no name be taken away"
    assert given_name is not None, "the routes let no name be taken away"
    if enrolment is not None:
        tx.emit(
            PupilEnrolled(
                school_id=row.school_id,
                pupil_id=row.person_id,
                class_id=enrolment.class_id,
                surname=surname,
                given_name=given_name,
                patronymic=patronymic,
                since=enrolment.since,
            )
        )
    duty = staff_assignments.c
    held = await tx.session.execute(
        select(staff_assignments).where(
            duty.school_id == row.school_id, duty.person_id == row.person_id, duty.released_on.is_(None)
        )
    )
    holder = Holder(row.source_id, surname, given_name, patronymic, row.account_id)
    rows = [
        assign(
            tx,
            row.school_id,
            DutyKey(each.person_id, each.role, each.class_id, each.subject_id),
            holder,
            each,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            admission=admission_of(each),
        )
        for each in held
    ]
    await upsert(tx.session, staff_assignments, rows)
