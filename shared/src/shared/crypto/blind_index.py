"""Look-up without reading: an encrypted column is searched by the keyed hash of its normal form."""

import hmac
from hashlib import sha256

_KEY_BYTES = 32


class BlindIndex:
    """HMAC-SHA256 under one key; the kind keeps equal values of different kinds apart.

    A plain hash would not do: all phone numbers of a country are hashed in minutes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < _KEY_BYTES:
            raise ValueError(f"a blind index needs a key of at least {_KEY_BYTES} bytes, got {len(key)}")
        self._key = key

    def of(self, kind: str, normal_value: str) -> bytes:
        """Answer 32 bytes; equal for equal values of one kind, else unrelated.

        Args:
            kind: `phone`, `email`, `snils`, `surname` …
            normal_value: the value in its normal form (I-4, I-17); this function normalises nothing.
        """
        # The kind is length-prefixed, so that («ab», «c») and («a», «bc») differ.
        message = len(kind.encode()).to_bytes(2) + kind.encode() + normal_value.encode()
        return hmac.digest(self._key, message, sha256)
