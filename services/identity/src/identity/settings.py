"""Settings of identity: what every service is told, and its own keys."""

import os
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from shared.ops.settings import SecretBytes, ServiceSettings

_KEY_BYTES = 32


def _whole_key(value: bytes) -> bytes:
    if len(value) != _KEY_BYTES:
        raise ValueError(f"must be {_KEY_BYTES} bytes in base64; `identity generate-keys` makes one")
    return value


def _has_keys(value: dict[str, Any]) -> dict[str, Any]:
    keys = value.get("keys")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) and "d" in key for key in keys):
        raise ValueError("must be a JWK set with private keys; `identity generate-keys` makes one")
    return value


Key = Annotated[SecretBytes, AfterValidator(_whole_key)]


class Settings(ServiceSettings):
    """Variables have the prefix `ZVONOK_`."""

    master_key: Key
    """Wraps the data key of every person. Lost: all contacts in the database are lost."""
    lookup_key: Key
    """The town's key for hashes in events."""
    signing_keys: Annotated[dict[str, Any], AfterValidator(_has_keys), Field(repr=False)]
    """JWK set with private keys. The first signs; the others are published: the next one, and the one before."""
    api_port: int = 8101
    ops_port: int = 8201
    max_body_bytes: int = 4 * 1024 * 1024
    """The bundle of a school with 15,000 pupils has some 2 MiB."""
    hashes_at_once: int = Field(default=max(1, (os.cpu_count() or 2)), ge=1, le=64)
    """Passwords hashed at the same time; each takes 46 MiB and one core for some 40 ms."""
