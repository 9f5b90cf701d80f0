"""People as the registry should keep them: as the bundle says, but for what a teacher has put right since.

A correction stands while the bundle goes on saying what it said when it was made. Once the bundle says something
new, the school's own system has moved on, and its word counts (I-13, I-14).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from identity.personal_data.contacts import comparable_email
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from identity.registry.history import FIELDS, NAMES, PROTECTED, history_row
from identity.school_import.roster import PersonEntry
from shared.crypto import FieldPlace, PersonKey
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """One person, and where each value comes from."""

    entry: PersonEntry
    name: PersonName
    indexes: dict[str, bytes | None]
    """Keyed hashes of the protected columns."""
    standing: frozenset[str]
    """Protected columns whose stored value stays as it is."""
    overtaken: tuple[str, ...]
    """Corrections that the bundle has overtaken."""


def wanted_person(
    keys: PersonalDataKeys, entry: PersonEntry, row: Row[Any] | None, corrections: Mapping[str, bytes | None]
) -> WantedPerson:
    """Weigh the bundle's word against the corrections of one person."""
    said = _said(entry)
    indexes = {column: _index(keys, column, said[column]) for column in PROTECTED}
    name = entry.name
    if row is None or not corrections:
        return WantedPerson(entry, name, indexes, frozenset(), ())
    overtaken = tuple(field for field, then in corrections.items() if _index(keys, field, said[field]) != then)
    standing = corrections.keys() - set(overtaken)
    name = PersonName(*(getattr(row if field in standing else entry.name, field) for field in NAMES))
    for column in standing & set(PROTECTED):
        indexes[column] = getattr(row, f"{column}_index")
    return WantedPerson(entry, name, indexes, frozenset(standing & set(PROTECTED)), overtaken)


def person_row(
    tx: Tx, keys: PersonalDataKeys, wanted: WantedPerson, school_id: UUID, person_id: UUID, before: Row[Any] | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of `people` to write, and those of `value_history` for what it replaces."""
    if before is None:
        key, wrapped = keys.vault.new_person_key()
    else:
        key, wrapped = keys.vault.open_person_key(before.data_key), before.data_key
    entry = wanted.entry
    written = {
        "phone": entry.phone,
        "email": entry.email,
        "snils": entry.snils,
        "birth_date": entry.birth_date.isoformat() if entry.birth_date else None,
    }

    def kept(column: str) -> bytes | None:
        if before is not None and column in wanted.standing:
            stored: bytes | None = getattr(before, column)
            return stored
        value = written[column]
        return key.encrypt(FieldPlace("people", column, person_id), value) if value else None

    row = {
        "school_id": school_id,
        "person_id": person_id,
        "source_id": entry.source_id,
        "kind": entry.kind,
        **wanted.name._asdict(),
        "sex": entry.sex,
        "data_key": wrapped,
        "present": True,
        "version": before.version + 1 if before else 1,
        **{column: kept(column) for column in PROTECTED},
        **{f"{column}_index": index for column, index in wanted.indexes.items()},
    }
    history = [] if before is None else list(_replaced(tx, keys, key, before, row))
    return row, history


def _replaced(
    tx: Tx, keys: PersonalDataKeys, key: PersonKey, before: Row[Any], row: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for field in FIELDS:
        compared = f"{field}_index" if field in PROTECTED else field
        was = getattr(before, compared)
        if was == row[compared]:
            continue
        stood: tuple[str, bytes] | None = None
        if was is not None and field in PROTECTED:
            stood = (key.decrypt(FieldPlace("people", field, before.person_id), getattr(before, field)), was)
        elif was is not None:
            stood = (was, keys.own_index.of(field, was))
        yield history_row(tx, key, before.school_id, before.person_id, field, stood)


def _said(entry: PersonEntry) -> dict[str, str | None]:
    return {
        **entry.name._asdict(),
        "phone": entry.phone,
        "email": comparable_email(entry.email) if entry.email else None,
        "snils": entry.snils,
        "birth_date": entry.birth_date.isoformat() if entry.birth_date else None,
    }


def _index(keys: PersonalDataKeys, field: str, value: str | None) -> bytes | None:
    return keys.own_index.of(field, value) if value else None
