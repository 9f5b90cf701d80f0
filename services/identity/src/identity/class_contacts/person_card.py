"""A person as the class teacher sees one: everything the school knows, in clear."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from identity.registry.history import PROTECTED
from shared.crypto import FieldPlace, FieldVault


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Never logged: the values have no `repr`."""

    person_id: UUID
    kind: str
    version: int
    surname: str
    given_name: str
    patronymic: str | None
    has_access: bool
    """An account is bound to this record."""
    waits_for_second_person: bool
    """A change of this record waits for another member of staff."""
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    snils: str | None = field(repr=False)
    birth_date: str | None = field(repr=False)

    @classmethod
    def of(cls, vault: FieldVault, row: Row[*tuple[Any, ...]]) -> "PersonCard":
        """Open the encrypted columns of a row of `queries.people_cards`."""
        return cls(
            person_id=row.person_id,
            kind=row.kind,
            version=row.version,
            surname=row.surname,
            given_name=row.given_name,
            patronymic=row.patronymic,
            has_access=row.account_id is not None,
            waits_for_second_person=row.waits,
            **opened_values(vault, row),
        )


def opened_values(vault: FieldVault, row: Row[*tuple[Any, ...]]) -> dict[str, str | None]:
    """The encrypted columns of a record, in clear."""
    key = vault.open_person_key(row.data_key)
    return {
        column: None
        if getattr(row, column) is None
        else key.decrypt(FieldPlace("people", column, row.person_id), getattr(row, column))
        for column in PROTECTED
    }
