"""Read the contacts of the own class, in clear; that it was read is written down (I-14)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from identity.class_contacts.person_card import PersonCard
from identity.class_contacts.queries import families_of_class, kept_class, people_of_class
from identity.class_contacts.tables import contact_reads
from identity.errors import ClassNotFound
from identity.personal_data.keeping import PersonalDataKeys
from shared.db import UnitOfWork


@dataclass(frozen=True, slots=True)
class Register:
    """A class, its people, and who answers for whom."""

    school_id: UUID
    class_id: UUID
    class_name: str
    people: list[PersonCard]
    families: dict[UUID, list[UUID]]
    """Pupil → representatives."""


async def read_contacts(uow: UnitOfWork, keys: PersonalDataKeys, caller_id: UUID, class_id: UUID) -> Register:
    """The register of a class; what cannot be written down cannot be read either.

    Raises:
        ClassNotFound: the caller is not the class teacher of such a class today.
    """
    async with uow.begin() as tx:
        kept = await kept_class(tx.session, caller_id, class_id, tx.now)
        if kept is None:
            raise ClassNotFound
        rows = await people_of_class(tx.session, kept.school_id, class_id)
        families: dict[UUID, list[UUID]] = {}
        for pair in await families_of_class(tx.session, kept.school_id, class_id):
            families.setdefault(pair.pupil_id, []).append(pair.representative_id)
        await tx.session.execute(
            insert(contact_reads).values(
                school_id=kept.school_id,
                read_id=tx.new_id(),
                class_id=class_id,
                account_id=caller_id,
                people=len(rows),
                read_at=tx.now,
            )
        )
    cards = [PersonCard.of(keys.vault, row) for row in rows]
    return Register(kept.school_id, class_id, kept.name, cards, families)
