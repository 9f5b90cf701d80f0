"""The keys that access tokens are signed with: one signs, all are published (I-9)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from joserfc.jwk import ECKey

_PUBLIC = ("kty", "crv", "x", "y", "kid", "use", "alg")


class SigningKeys:
    """A JWK set, the signing key first."""

    def __init__(self, jwk_set: Mapping[str, Any]) -> None:
        keys = [ECKey.import_key(dict(jwk)) for jwk in jwk_set["keys"]]
        if any(key.curve_name != "P-256" or not key.is_private or not key.kid for key in keys):
            raise ValueError("every signing key is a private P-256 key with a kid")
        self.active = keys[0]
        self.public: list[dict[str, Any]] = [
            {
                name: value
                for name, value in {**key.as_dict(private=False), "use": "sig", "alg": "ES256"}.items()
                if name in _PUBLIC
            }
            for key in keys
        ]
        self.document = json.dumps({"keys": self.public}).encode()
        self.etag = f'"{hashlib.sha256(self.document).hexdigest()[:32]}"'


def new_signing_key() -> dict[str, Any]:
    """A private P-256 JWK whose `kid` is its thumbprint."""
    key = ECKey.generate_key("P-256", private=True)
    return {**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}


def new_key_set() -> dict[str, Any]:
    """A signing key and the next one, which verifiers thus know long before it signs."""
    return {"keys": [new_signing_key(), new_signing_key()]}


def rotated(jwk_set: Mapping[str, Any]) -> dict[str, Any]:
    """The second key starts to sign, a new one waits, the one that signed until now is still accepted."""
    keys = list(jwk_set["keys"])
    following = keys[1] if len(keys) > 1 else new_signing_key()
    return {"keys": [following, new_signing_key(), keys[0]]}
