"""The keys and passwords of a local town, made once, kept in one file that only its owner can read."""

import base64
import json
import secrets
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from shared.crypto import new_seal_keys
from shared.crypto.sealed import new_sealing_key, public_part
from shared.localstack.secrets import SecretBook

SEALED_FOR = ("notifications", "support")
"""Who needs a P3 value (an address to send to) and so has a sealing key."""


class Keys:
    """What the services are told by environment."""

    def __init__(self, path: Path) -> None:
        self.book = SecretBook(path)

    def password(self, who: str) -> str:
        return self.book.get(who)

    def random_key(self, name: str) -> str:
        """32 random bytes in base64."""
        return self.book.get(name, lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    def signing_keys(self) -> dict[str, Any]:
        """Identity's private ES256 keys as a JWK set: the one that signs and the one that will be next."""

        def make() -> str:
            made = [
                ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "use": "sig", "alg": "ES256"})
                for _ in range(2)
            ]
            return json.dumps({"keys": [key.as_dict(private=True) for key in made]})

        keys: dict[str, Any] = json.loads(self.book.get("identity-signing-keys", make))
        return keys

    def seal_keys(self) -> dict[str, Any]:
        """Journal's private Ed25519 keys, which seal signed weeks, as a JWK set."""
        keys: dict[str, Any] = json.loads(self.book.get("journal-seal-keys", lambda: json.dumps(new_seal_keys())))
        return keys

    def sealing_key(self, service: str) -> dict[str, Any]:
        """A consumer's private JWK."""
        key: dict[str, Any] = json.loads(
            self.book.get(f"{service}-sealing-key", lambda: json.dumps(new_sealing_key())),
        )
        return key

    def sealing_recipients(self) -> dict[str, Any]:
        """The public halves, for producers."""
        return {service: public_part(self.sealing_key(service)) for service in SEALED_FOR}
