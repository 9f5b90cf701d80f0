"""Put right what the school knows of a pupil or representative of the own class (I-14)."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from identity.class_contacts.apply_correction import Changes, apply_correction, index_of, real_changes
from identity.class_contacts.person_card import PersonCard
from identity.class_contacts.queries import AnyRow, locked_person, replaced_alone, school_of_kept_person
from identity.class_contacts.rules import CONTACTS, needs_second_person
from identity.class_contacts.tables import proposed_corrections
from identity.errors import ContactsStale, PersonNotFound
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.turns import take_turn_in
from shared.crypto import FieldPlace
from shared.db import Tx, UnitOfWork


@dataclass(frozen=True, slots=True)
class Corrected:
    """What stands now, and the proposal that waits, if the change needs a second member of staff."""

    card: PersonCard
    proposal_id: UUID | None


async def correct_contacts(
    uow: UnitOfWork, keys: PersonalDataKeys, caller_id: UUID, person_id: UUID, version: int, wished: Changes
) -> Corrected:
    """Change a record, or propose the change if it would replace both contacts of somebody who has access.

    Raises:
        PersonNotFound: nobody of the caller's own class.
        ContactsStale: somebody was faster; carries the current state.
    """
    async with uow.begin() as tx:
        school_id = await school_of_kept_person(tx.session, caller_id, person_id, tx.now)
        if school_id is None:
            raise PersonNotFound
        await take_turn_in(tx.session, school_id, beside_others=True)
        row = await locked_person(tx.session, school_id, person_id)
        if row is None:
            raise PersonNotFound
        if row.version != version:
            raise ContactsStale(members={"current": PersonCard.of(keys.vault, row)})
        changes = real_changes(keys, row, wished)
        if not changes:
            return Corrected(PersonCard.of(keys.vault, row), None)
        proposal_id = None
        if await _needs_second_person(tx, keys, row, changes):
            proposal_id = await _propose(tx, keys, row, changes, caller_id)
        else:
            await apply_correction(tx, keys, row, changes, changed_by=caller_id)
        now = await locked_person(tx.session, school_id, person_id)
        assert now is not None, "it is held by this transaction"
        return Corrected(PersonCard.of(keys.vault, now), proposal_id)


async def _needs_second_person(tx: Tx, keys: PersonalDataKeys, row: AnyRow, changes: Changes) -> bool:
    if row.account_id is None or not any(field in CONTACTS for field in changes):
        return False
    stands = {field: getattr(row, f"{field}_index") for field in CONTACTS}
    replaced = await replaced_alone(tx.session, row.school_id, row.person_id, tx.now)
    will_stand = {
        field: index_of(keys, field, changes[field]) if field in changes else stands[field] for field in CONTACTS
    }
    return needs_second_person(has_access=True, stood=stands | replaced, will_stand=will_stand)


async def _propose(tx: Tx, keys: PersonalDataKeys, row: AnyRow, changes: Changes, caller_id: UUID) -> UUID:
    proposal_id = tx.new_id()
    key = keys.vault.open_person_key(row.data_key)
    sealed = key.encrypt(FieldPlace("proposed_corrections", "changes", row.person_id), json.dumps(dict(changes)))
    statement = insert(proposed_corrections).values(
        school_id=row.school_id,
        proposal_id=proposal_id,
        person_id=row.person_id,
        person_version=row.version,
        changes=sealed,
        proposed_by=caller_id,
        proposed_at=tx.now,
        state="waiting",
    )
    replaced = ("person_version", "changes", "proposed_by", "proposed_at", "proposal_id")
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=[proposed_corrections.c.school_id, proposed_corrections.c.person_id],
            index_where=proposed_corrections.c.state == "waiting",
            set_={name: statement.excluded[name] for name in replaced},
        )
    )
    return proposal_id
