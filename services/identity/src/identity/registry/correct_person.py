"""Put values of a record right: what stood before is kept, and the school's bundle does not undo it (I-13, I-14)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from identity.bulk import upsert
from identity.errors import PersonNotFound
from identity.personal_data.contacts import comparable_email
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.duties import DutyKey, Holder, admission_of, assign
from identity.registry.history import FIELDS, NAMES, PROTECTED, history_row
from identity.registry.tables import enrolments, hand_corrections, people, staff_assignments, value_history
from identity.registry.turns import take_turn_in
from shared.contracts.identity import PupilEnrolled
from shared.crypto import FieldPlace, PersonKey
from shared.db import Tx


async def correct_person(
    tx: Tx,
    keys: PersonalDataKeys,
    school_id: UUID,
    person_id: UUID,
    values: Mapping[str, str | None],
    *,
    changed_by: UUID,
    confirmed_by: UUID | None = None,
) -> tuple[str, ...]:
    """Write new values of one record; answers the fields that were really changed.

    Whoever calls it has asked for authority, has the values in their formats, and lets matching look again.

    Args:
        tx: the open transaction.
        keys: personal data is encrypted with them.
        school_id: of the record.
        person_id: of the record.
        values: field (one of `FIELDS`) → value as it is written; None takes it away. Birth dates in ISO form.
        changed_by: whose account changes it.
        confirmed_by: the second member of staff, where one was needed.

    Raises:
        PersonNotFound: no such person, or gone from the school.
    """
    await take_turn_in(tx.session, school_id, beside_others=True)
    record = await _locked(tx, school_id, person_id)
    key = keys.vault.open_person_key(record.data_key)
    wanted = {field: values[field] for field in FIELDS if field in values}
    before = {field: _stood(keys, key, record, field) for field in wanted}
    said = {field: _index(keys, field, value) for field, value in wanted.items()}
    changed = tuple(field for field in wanted if said[field] != (before[field] or (None, None))[1])
    if not changed:
        return ()
    history = [
        history_row(
            tx, key, school_id, person_id, field, before[field], changed_by=changed_by, confirmed_by=confirmed_by
        )
        for field in changed
    ]
    columns: dict[str, Any] = {}
    for field in changed:
        value = wanted[field]
        if field in NAMES:
            columns[field] = value
            continue
        columns[field] = key.encrypt(FieldPlace("people", field, person_id), value) if value else None
        columns[f"{field}_index"] = said[field]
    await tx.session.execute(
        update(people)
        .where(people.c.school_id == school_id, people.c.person_id == person_id)
        .values(**columns, version=people.c.version + 1)
    )
    await upsert(tx.session, value_history, history)
    await _stands_against_the_bundle(
        tx, school_id, person_id, {field: (before[field], said[field]) for field in changed}
    )
    if not set(NAMES).isdisjoint(changed):
        name = {name: wanted.get(name, getattr(record, name)) for name in NAMES}
        await _tell_pupils_name(tx, record, name)
        await _tell_staffs_name(tx, record, name)
    return changed


async def _locked(tx: Tx, school_id: UUID, person_id: UUID) -> Row[Any]:
    found = await tx.session.execute(
        select(people)
        .where(people.c.school_id == school_id, people.c.person_id == person_id, people.c.present)
        .with_for_update(key_share=True)
    )
    record = found.one_or_none()
    if record is None:
        raise PersonNotFound
    return record


def _stood(keys: PersonalDataKeys, key: PersonKey, record: Row[Any], field: str) -> tuple[str, bytes] | None:
    """The value and its keyed hash as they are."""
    stored = getattr(record, field)
    if stored is None:
        return None
    if field in PROTECTED:
        return key.decrypt(FieldPlace("people", field, record.person_id), stored), getattr(record, f"{field}_index")
    return stored, keys.own_index.of(field, stored)


def _index(keys: PersonalDataKeys, field: str, value: str | None) -> bytes | None:
    if not value:
        return None
    return keys.own_index.of(field, comparable_email(value) if field == "email" else value)


async def _stands_against_the_bundle(
    tx: Tx, school_id: UUID, person_id: UUID, changes: Mapping[str, tuple[tuple[str, bytes] | None, bytes | None]]
) -> None:
    """What the bundle said is what stood before, unless that was a correction itself; back to it is none."""
    corrected = hand_corrections.c
    mine = (corrected.school_id == school_id) & (corrected.person_id == person_id)
    known = {
        row.field: row.bundle_index
        for row in await tx.session.execute(select(corrected.field, corrected.bundle_index).where(mine))
    }
    rows: list[dict[str, Any]] = []
    back: list[str] = []
    for field, (stood, stands) in changes.items():
        said = known[field] if field in known else (stood[1] if stood else None)
        if stands == said:
            back.append(field)
        else:
            rows.append({"school_id": school_id, "person_id": person_id, "field": field, "bundle_index": said})
    if back:
        await tx.session.execute(delete(hand_corrections).where(mine, corrected.field.in_(back)))
    await upsert(tx.session, hand_corrections, rows)


async def _tell_pupils_name(tx: Tx, record: Row[Any], name: Mapping[str, str | None]) -> None:
    """The town knows pupils by name: say it again, whole."""
    found = await tx.session.execute(
        select(enrolments.c.class_id, enrolments.c.since).where(
            enrolments.c.school_id == record.school_id,
            enrolments.c.pupil_id == record.person_id,
            enrolments.c.left_on.is_(None),
        )
    )
    enrolment = found.one_or_none()
    if enrolment is not None:
        tx.emit(
            PupilEnrolled(
                school_id=record.school_id,
                pupil_id=record.person_id,
                class_id=enrolment.class_id,
                **name,
                since=enrolment.since,
            )
        )


async def _tell_staffs_name(tx: Tx, record: Row[Any], name: Mapping[str, Any]) -> None:
    """A representative may hold a duty too, and the town knows who teaches by name."""
    duty = staff_assignments.c
    held = await tx.session.execute(
        select(staff_assignments).where(
            duty.school_id == record.school_id, duty.person_id == record.person_id, duty.released_on.is_(None)
        )
    )
    rows = [
        assign(
            tx,
            record.school_id,
            DutyKey(row.person_id, row.role, row.class_id, row.subject_id),
            Holder(record.source_id, **name, account_id=row.account_id),
            row,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            admission=admission_of(row),
        )
        for row in held
    ]
    await upsert(tx.session, staff_assignments, rows)
