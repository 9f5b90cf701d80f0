"""Who answers for whom, who teaches what and who leads."""

from datetime import date
from typing import Any
from uuid import UUID

from identity.bulk import upsert
from identity.registry.duties import DutyKey, Holder, admission_of, assign, release
from identity.registry.tables import guardianships, staff_assignments
from identity.school_import.difference import differ
from identity.school_import.merge.state import Merge


async def merge_guardianships(merge: Merge) -> None:
    """Who answers for whom. Access follows from it when bindings are settled."""
    wanted = {
        (merge.person_ids[pupil], merge.person_ids[representative]): last_day
        for (pupil, representative), last_day in merge.roster.guardianships.items()
    }
    stored = merge.stored.guardianships
    difference = differ({pair: last_day for pair, (_, last_day) in stored.items()}, wanted)
    merge.counts["guardianships"] = difference.count()
    rows: list[tuple[tuple[UUID, UUID], date, date | None, date | None]] = [
        (pair, stored[pair][0] if pair in stored else merge.today, wanted[pair], None) for pair in difference.to_write
    ]
    rows += [(pair, *stored[pair], merge.today) for pair in difference.gone]
    await upsert(
        merge.tx.session,
        guardianships,
        [
            {
                "school_id": merge.school_id,
                "pupil_id": pupil_id,
                "representative_id": representative_id,
                "since": since,
                "last_day": last_day,
                "ended_on": ended_on,
            }
            for (pupil_id, representative_id), since, last_day, ended_on in rows
        ],
    )


async def merge_duties(merge: Merge, accounts: dict[UUID, UUID]) -> None:
    """Who teaches what and who leads; told again when the person's account or name has changed.

    What an administrator has recorded by hand, the bundle does not end, unless the person is gone; what was
    released by hand, it brings back only with another term.

    Args:
        merge: the import.
        accounts: person → account, those just issued included.
    """
    source_ids = {person_id: source_id for source_id, person_id in merge.person_ids.items()}
    assignments = merge.stored.assignments
    wanted = {
        DutyKey(
            merge.person_ids[duty.person],
            duty.role,
            merge.class_ids[duty.school_class] if duty.school_class else None,
            merge.subject_ids[duty.subject] if duty.subject else None,
        ): (term.valid_from, term.valid_until)
        for duty, term in merge.roster.duties.items()
    }
    held = {key: row for key, row in assignments.items() if row.released_on is None}
    for key, row in assignments.items():
        term = (row.valid_from, row.valid_until)
        if key in held and row.recorded_by is not None and key.person_id in merge.names:
            wanted[key] = term
        elif key not in held and row.released_by is not None and wanted.get(key) == term:
            del wanted[key]
    difference = differ({key: (row.valid_from, row.valid_until) for key, row in held.items()}, wanted)
    merge.counts["staff_assignments"] = difference.count()
    retold = [
        key
        for key, row in held.items()
        if key in wanted and (row.account_id != accounts.get(key.person_id) or key.person_id in merge.renamed)
    ]
    rows: list[dict[str, Any]] = []
    for key in dict.fromkeys((*difference.to_write, *retold)):
        person_id = key.person_id
        holder = Holder(source_ids[person_id], *merge.names[person_id], accounts.get(person_id))
        valid_from, valid_until = wanted[key]
        rows.append(
            assign(
                merge.tx,
                merge.school_id,
                key,
                holder,
                assignments.get(key),
                valid_from=valid_from,
                valid_until=valid_until,
                admission=admission_of(held[key]) if key in held else None,
            )
        )
    rows += [
        release(merge.tx, held[key], merge.today, account_id=accounts.get(key.person_id)) for key in difference.gone
    ]
    await upsert(merge.tx.session, staff_assignments, rows)
