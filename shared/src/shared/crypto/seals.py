"""Ed25519 keys that seal documents for good: the first seals, all of them verify."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey


@dataclass(frozen=True, slots=True)
class Seals:
    """A service's Ed25519 keys, by their ids."""

    private: Mapping[str, Ed25519PrivateKey]
    public: Mapping[str, Ed25519PublicKey]
    documents: tuple[dict[str, Any], ...]
    """The public halves as JWK, for those who verify without us."""

    @classmethod
    def of(cls, jwks: Mapping[str, Any]) -> Self:
        """Read a JWK set; keys without their private half only verify.

        Raises:
            ValueError: something in it is no Ed25519 key.
        """
        private: dict[str, Ed25519PrivateKey] = {}
        public: dict[str, Ed25519PublicKey] = {}
        documents = []
        try:
            for jwk in jwks["keys"]:
                key = OKPKey.import_key(dict(jwk))
                public_key = key.public_key
                if not isinstance(public_key, Ed25519PublicKey) or not key.kid:
                    raise ValueError("not an Ed25519 key with an id")  # noqa: TRY301 -- told like any other unusable key
                public[key.kid] = public_key
                private_key = key.private_key
                if isinstance(private_key, Ed25519PrivateKey):
                    private[key.kid] = private_key
                documents.append({**key.as_dict(private=False), "kid": key.kid})
        except (JoseError, KeyError, TypeError, ValueError, AttributeError):
            # `from None`: a message may quote the key.
            raise ValueError("not a JWK set of Ed25519 keys") from None
        return cls(private, public, tuple(documents))

    @property
    def sealing(self) -> tuple[str, Ed25519PrivateKey]:
        """The id and the key that seals now; LookupError if there is none."""
        for found in self.private.items():
            return found
        raise LookupError("no private key")


def new_seal_keys() -> dict[str, Any]:
    """A JWK set with one new private key, for the setting `ZVONOK_SEAL_KEYS`."""
    key = OKPKey.generate_key("Ed25519", {"kid": secrets.token_hex(8), "use": "sig"})
    document: dict[str, Any] = json.loads(json.dumps({"keys": [key.as_dict(private=True)]}))
    return document
