"""Sealed fields: a P3 value that one consumer needs travels encrypted for that consumer alone (law 7).

JWE compact, ECDH-ES on P-256 with AES-256-GCM. ECDH-ES and not ECDH-ES+A256KW: there is one recipient, so a
wrapped key would only make the value longer. The context («contact:<account id>») stands in the protected
header, which GCM authenticates: a sealed value moved into another event does not open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

Jwk = Mapping[str, Any]
"""A JSON Web Key as JSON gives it."""

_ALGORITHMS = ["ECDH-ES", "A256GCM"]
_CONTEXT = "ctx"
_HEADER = {"alg", "enc", "epk", _CONTEXT}
_REGISTRY = JWERegistry(
    header_registry={_CONTEXT: HeaderParameter("What the value belongs to", "str", required=True)},
    algorithms=_ALGORITHMS,
)


class SealBroken(Exception):
    """The value was changed, belongs to another context, or is sealed for somebody else."""


@dataclass(frozen=True, slots=True)
class SealingKeys:
    """The public keys of the consumers, by service name: what a producer needs to seal."""

    recipients: Mapping[str, Jwk]

    def seal_for_all(self, plaintext: str, context: str) -> dict[str, str]:
        """Seal one value for each recipient; the shape of `ContactVerified.sealed`."""
        return {name: seal(key, plaintext, context) for name, key in self.recipients.items()}


def new_sealing_key() -> dict[str, Any]:
    """Make a private P-256 JWK; hand `public_part` of it to the producers."""
    return dict(ECKey.generate_key("P-256", private=True).as_dict(private=True))


def public_part(private_jwk: Jwk) -> dict[str, Any]:
    """Answer the public half of a private JWK."""
    return dict(_key(private_jwk).as_dict(private=False))


def seal(recipient_public_jwk: Jwk, plaintext: str, context: str) -> str:
    """Encrypt a value for one recipient and bind it to a context.

    Args:
        recipient_public_jwk: the consumer's public P-256 key.
        plaintext: the value, for example an address.
        context: what the value belongs to, for example `contact:<account id>`.
    """
    header = {"alg": "ECDH-ES", "enc": "A256GCM", _CONTEXT: context}
    return jwe.encrypt_compact(header, plaintext, _key(recipient_public_jwk), registry=_REGISTRY)


def unseal(private_jwk: Jwk, token: str, context: str) -> str:
    """Open a sealed value.

    Raises:
        SealBroken: tampered with, not for this key, or made for another context.
    """
    try:
        opened = jwe.decrypt_compact(token, _key(private_jwk), registry=_REGISTRY)
        header = opened.headers()
        if set(header) != _HEADER or header["alg"] != "ECDH-ES" or header["enc"] != "A256GCM":
            raise SealBroken("not sealed the way this town seals")
        if header[_CONTEXT] != context:
            raise SealBroken("sealed for another context")
        return (opened.plaintext or b"").decode()
    except (JoseError, ValueError, TypeError, KeyError) as error:
        # `from None`: a library's message may quote what it could read of the value.
        raise SealBroken(f"cannot be opened ({type(error).__name__})") from None


def _key(jwk: Jwk) -> ECKey:
    return ECKey.import_key(dict(jwk))
