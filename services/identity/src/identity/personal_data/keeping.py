"""How personal data is kept: encrypted at rest, found by keyed hashes, sealed on its way out (law 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from identity.personal_data.contacts import Identifier
from shared.contracts.event import Sealed
from shared.crypto import BlindIndex, FieldVault, SealingKeys
from shared.crypto.sealed import Jwk


@dataclass(frozen=True, slots=True)
class PersonalDataKeys:
    """All keys that personal data needs; lives in the process, never in the database."""

    vault: FieldVault
    own_index: BlindIndex
    """For look-ups in this database."""
    town_index: BlindIndex
    """For hashes that travel in events, so that delegation can meet an account by phone and surname."""
    seals: SealingKeys

    @classmethod
    def from_secrets(cls, *, master_key: bytes, lookup_key: bytes, recipients: Mapping[str, Jwk]) -> Self:
        """Build from the settings. The index key is derived: one secret less to lose, and none is used twice.

        Args:
            master_key: 32 bytes; whoever loses it loses every contact in the database.
            lookup_key: 32 bytes, the same in every service of the town.
            recipients: public sealing keys by service name.
        """
        derived = HKDF(SHA256(), length=32, salt=None, info=b"zvonok identity blind index").derive(master_key)
        return cls(FieldVault(master_key), BlindIndex(derived), BlindIndex(lookup_key), SealingKeys(recipients))

    def find(self, identifier: Identifier) -> bytes:
        """The keyed hash under which an identifier is looked up."""
        return self.own_index.of(identifier.kind, identifier.value)

    def town_hash(self, kind: str, normal_value: str) -> str:
        """The hex hash that other services may meet this value by."""
        return self.town_index.of(kind, normal_value).hex()

    def sealed_contact(self, account_id: UUID, address: str) -> dict[str, Sealed]:
        """One address, encrypted for each consumer apart and bound to the account."""
        return self.seals.seal_for_all(address, f"contact:{account_id}")
