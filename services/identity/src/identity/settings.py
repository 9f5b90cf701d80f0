"""Settings of identity: what every service is told, and its own keys."""

import os
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from shared.ops.settings import SecretKey, ServiceSettings


def _has_keys(value: dict[str, Any]) -> dict[str, Any]:
    keys = value.get("keys")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) and "d" in key for key in keys):
        raise ValueError("must be a JWK set with private keys; `identity generate-keys` makes one")
    return value


def _public_keys(value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for client_id, jwk_set in value.items():
        keys = jwk_set.get("keys")
        if not isinstance(keys, list) or not keys or not all(_is_public(key) for key in keys):
            raise ValueError(f"the keys of {client_id!r} must be a JWK set of public P-256 keys, each with a kid")
    return value


def _is_public(key: Any) -> bool:
    members = ("kty", "crv", "x", "y", "kid")
    whole = isinstance(key, dict) and all(isinstance(key.get(name), str) and key[name] for name in members)
    return whole and "d" not in key and (key["kty"], key["crv"]) == ("EC", "P-256")


class Settings(ServiceSettings):
    """Variables have the prefix `ZVONOK_`."""

    master_key: SecretKey
    """Wraps the data key of every person. Lost: all contacts in the database are lost."""
    lookup_key: SecretKey
    """The town's key for hashes in events."""
    signing_keys: Annotated[dict[str, Any], AfterValidator(_has_keys), Field(repr=False)]
    """JWK set with private keys. The first signs; the others are published: the next one, and the one before."""
    clients: Annotated[dict[str, dict[str, Any]], AfterValidator(_public_keys)] = Field(default_factory=dict)
    """Known frontends: client id → public JWK set. They alone speak for their users' addresses and devices (I-11)."""
    api_port: int = 8101
    ops_port: int = 8201
    max_body_bytes: int = 4 * 1024 * 1024
    """The bundle of a school with 15,000 pupils has some 2 MiB."""
    hashes_at_once: int = Field(default=max(1, (os.cpu_count() or 2)), ge=1, le=64)
    """Passwords hashed at the same time; each takes 46 MiB and one core for some 40 ms."""
