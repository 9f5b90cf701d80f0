"""Encrypted columns: P3 and P4 at rest, readable only with a key that the database does not hold.

Each person has a data key; the database keeps it wrapped (AES-KW, RFC 3394) by the master key from the
environment. Erasing a person is deleting the wrapped key: every ciphertext of the person, in backups
too, is unreadable from then on. A ciphertext is bound to its table, column and row, so that one copied
into another place does not open.
"""

from dataclasses import dataclass
from secrets import token_bytes
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

_KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"
"""First byte of a ciphertext: the way it was made, so that another way can come later."""


class FieldUnreadable(Exception):
    """The key does not fit, the person's key is gone, or the value was moved or changed."""


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a value stands; it opens nowhere else."""

    table: str
    column: str
    row_id: UUID

    def bound(self) -> bytes:
        """Answer the bytes that the cipher authenticates; NUL cannot stand in a name."""
        return b"\0".join((self.table.encode(), self.column.encode(), self.row_id.bytes))


class PersonKey:
    """One person's data key, unwrapped for the length of a use case; never kept, never logged."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, place: FieldPlace, value: str) -> bytes:
        """Encrypt one value for one place."""
        return self.encrypt_bytes(place, value.encode())

    def encrypt_bytes(self, place: FieldPlace, content: bytes) -> bytes:
        """Encrypt a file for one place."""
        nonce = token_bytes(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, content, place.bound())

    def decrypt(self, place: FieldPlace, stored: bytes) -> str:
        """Read one value back.

        Raises:
            FieldUnreadable: another person's, another place's, or changed.
        """
        try:
            return self.decrypt_bytes(place, stored).decode()
        except UnicodeDecodeError:
            raise FieldUnreadable(f"{place.table}.{place.column} is no text") from None

    def decrypt_bytes(self, place: FieldPlace, stored: bytes) -> bytes:
        """Read a file back.

        Raises:
            FieldUnreadable: another person's, another place's, or changed.
        """
        if stored[:1] != _FORMAT:
            raise FieldUnreadable("unknown format")
        nonce, sealed = stored[1 : 1 + _NONCE_BYTES], stored[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, place.bound())
        except (InvalidTag, ValueError):
            raise FieldUnreadable(f"{place.table}.{place.column} does not open") from None


class FieldVault:
    """Makes and unwraps data keys under the master key (32 bytes, from the environment)."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != _KEY_BYTES:
            raise ValueError(f"the master key has {_KEY_BYTES} bytes, got {len(master_key)}")
        self._master_key = master_key

    def new_person_key(self) -> tuple[PersonKey, bytes]:
        """Make a data key: the key to use now, and its wrapped form to store."""
        key = AESGCM.generate_key(bit_length=256)
        return PersonKey(key), aes_key_wrap(self._master_key, key)

    def open_person_key(self, wrapped: bytes) -> PersonKey:
        """Unwrap a stored data key.

        Raises:
            FieldUnreadable: wrapped under another master key, or changed.
        """
        try:
            return PersonKey(aes_key_unwrap(self._master_key, wrapped))
        except (InvalidUnwrap, ValueError):
            raise FieldUnreadable("the person's key does not open under this master key") from None
