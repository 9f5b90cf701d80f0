"""The form of a registration in progress, and how it is kept: as one ciphertext."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.role import Role
from identity.errors import RegistrationNotFound
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from identity.registration.tables import registrations as table
from shared.crypto import FieldPlace, PersonKey

_TOKEN_PREFIX = "zvg_"  # noqa: S105 -- lets secret scanners recognise one that has leaked


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, in the forms of I-4."""

    surname: str
    given_name: str
    patronymic: str | None
    phone: str = field(repr=False)
    email: str = field(repr=False)
    snils: str | None = field(repr=False)
    role: Role | None = None

    @property
    def name(self) -> PersonName:
        return PersonName(self.surname, self.given_name, self.patronymic)

    @property
    def contact(self) -> Identifier:
        """The phone that the SMS goes to."""
        return Identifier("phone", self.phone)

    def sealed(self, key: PersonKey, registration_id: UUID) -> bytes:
        """The ciphertext to keep."""
        return key.encrypt(FieldPlace(table.name, "form", registration_id), json.dumps(asdict(self)))

    @classmethod
    def of(cls, keys: PersonalDataKeys, row: Row[Any]) -> Self:
        """The form of a stored registration."""
        key = keys.vault.open_person_key(row.data_key)
        return cls(**json.loads(key.decrypt(FieldPlace(table.name, "form", row.registration_id), row.form)))


def new_token() -> str:
    """256 random bits: whoever has them goes on with the registration."""
    return _TOKEN_PREFIX + token_urlsafe(32)


def token_hash(keys: PersonalDataKeys, token: str) -> bytes:
    """The keyed hash that is kept of it."""
    return keys.own_index.of("registration", token)


async def in_progress(session: AsyncSession, keys: PersonalDataKeys, token: str, now: datetime) -> Row[Any]:
    """The registration that a token goes on with.

    Raises:
        RegistrationNotFound: unknown, lapsed, finished.
    """
    found = await session.execute(
        select(table).where(table.c.token_hash == token_hash(keys, token), table.c.expires_at > now)
    )
    row = found.one_or_none()
    if row is None:
        raise RegistrationNotFound
    return row
