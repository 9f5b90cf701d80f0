"""What the steps of one import share."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, update

from identity.bulk import among
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from identity.school_import.difference import Counts
from identity.school_import.roster import Roster
from identity.school_import.stored import Stored
from shared.db import Tx


@dataclass(slots=True)
class Merge:
    """One import inside one transaction: what is wanted, what stands, and what the steps have found so far."""

    tx: Tx
    keys: PersonalDataKeys
    roster: Roster
    stored: Stored
    today: date
    school_id: UUID = field(init=False)
    year_id: UUID = field(init=False)
    subject_ids: dict[str, UUID] = field(default_factory=dict)
    class_ids: dict[str, UUID] = field(default_factory=dict)
    person_ids: dict[str, UUID] = field(default_factory=dict)
    names: dict[UUID, PersonName] = field(default_factory=dict)
    """As the registry keeps them: a teacher's correction may stand against the bundle."""
    standing: dict[str, frozenset[str]] = field(default_factory=dict)
    """Source id → contacts that a teacher has put right and the bundle does not change."""
    renamed: set[UUID] = field(default_factory=set)
    """People whose name differs from what the town was told."""
    touched: list[UUID] = field(default_factory=list)
    """People who are new or of whom something is: who may open whose diary is to be judged again (I-21)."""
    counts: dict[str, Counts] = field(default_factory=dict)

    def ids(self, wanted: Any, stored: dict[str, Any], column: str) -> dict[str, UUID]:
        """Known ids of known source ids, new ones for the rest."""
        return {key: getattr(stored[key], column) if key in stored else self.tx.new_id() for key in wanted}

    async def switch_off(self, table: Table, flag: str, ids: list[UUID]) -> None:
        """Say of rows of a school's table that they are no longer there; nothing is deleted."""
        if ids:
            key = list(table.primary_key)[1]
            await self.tx.session.execute(
                update(table).where(table.c.school_id == self.school_id, among(key, ids)).values({flag: False})
            )
