"""Everybody of the school."""

from typing import Any

from identity.bulk import remove, upsert
from identity.registry.history import PROTECTED
from identity.registry.tables import hand_corrections, people, value_history
from identity.school_import.difference import Difference, differ
from identity.school_import.merge.state import Merge
from identity.school_import.wanted_people import WantedPerson, person_row, wanted_person


async def merge_people(merge: Merge) -> None:
    """Everybody, with contacts encrypted. What is encrypted is compared by its keyed hash."""
    entries = {person.source_id: person for person in merge.roster.people}
    merge.person_ids = merge.ids(entries, merge.stored.people, "person_id")
    people_wanted = {
        key: wanted_person(
            merge.keys, entry, merge.stored.people.get(key), merge.stored.corrections.get(merge.person_ids[key], {})
        )
        for key, entry in entries.items()
    }
    merge.names = {merge.person_ids[key]: person.name for key, person in people_wanted.items()}
    merge.standing = {key: person.standing for key, person in people_wanted.items() if person.standing}
    known = {
        key: (
            row.kind,
            row.sex,
            (row.surname, row.given_name, row.patronymic),
            tuple(getattr(row, f"{column}_index") for column in PROTECTED),
        )
        for key, row in merge.stored.people.items()
        if row.present
    }
    wanted = {
        key: (person.entry.kind, person.entry.sex, tuple(person.name), tuple(person.indexes.values()))
        for key, person in people_wanted.items()
    }
    difference = differ(known, wanted)
    merge.counts["people"] = difference.count()
    merge.renamed = {merge.person_ids[key] for key in difference.changed if known[key][2] != wanted[key][2]}
    merge.touched = [merge.person_ids[key] for key in difference.to_write]
    merge.touched += [merge.stored.people[key].person_id for key in difference.gone]
    await _write(merge, people_wanted, difference)


async def _write(merge: Merge, wanted: dict[str, WantedPerson], difference: Difference[str]) -> None:
    await merge.switch_off(people, "present", [merge.stored.people[key].person_id for key in difference.gone])
    rows: list[dict[str, Any]] = []
    history: list[dict[str, Any]] = []
    for key in difference.to_write:
        row, replaced = person_row(
            merge.tx, merge.keys, wanted[key], merge.school_id, merge.person_ids[key], merge.stored.people.get(key)
        )
        rows.append(row)
        history += replaced
    await upsert(merge.tx.session, people, rows)
    await upsert(merge.tx.session, value_history, history)
    await remove(
        merge.tx.session,
        hand_corrections,
        [
            {"school_id": merge.school_id, "person_id": merge.person_ids[key], "field": name}
            for key, person in wanted.items()
            for name in person.overtaken
        ],
    )
