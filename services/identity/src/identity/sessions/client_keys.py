"""The public keys of known frontends, from the settings (I-11)."""

from collections.abc import Mapping
from typing import Any

from joserfc.jwk import ECKey

from identity.sessions.signing_keys import new_signing_key


class ClientKeys:
    """Client id → its keys. Several, so that a frontend can change its key without a pause."""

    def __init__(self, clients: Mapping[str, Mapping[str, Any]]) -> None:
        self._keys = {
            (client_id, jwk["kid"]): ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
            for client_id, jwk_set in clients.items()
            for jwk in jwk_set["keys"]
        }

    def key(self, client_id: str, kid: object) -> ECKey | None:
        """The key that a client names, if it is the client's own."""
        return self._keys.get((client_id, kid)) if isinstance(kid, str) else None


def new_client_key() -> tuple[dict[str, Any], dict[str, Any]]:
    """A private JWK for the frontend, and the public one for `ZVONOK_CLIENTS`."""
    private = new_signing_key()
    return private, {name: value for name, value in private.items() if name != "d"}
