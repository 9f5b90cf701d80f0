"""Settings of delegation: what every service is told, and the town's key for keyed hashes."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.ops.settings import SecretBytes, ServiceSettings

_KEY_BYTES = 32


def _whole_key(value: bytes) -> bytes:
    if len(value) != _KEY_BYTES:
        raise ValueError(f"must be {_KEY_BYTES} bytes in base64, the same as identity's")
    return value


class Settings(ServiceSettings):
    """Environment of delegation's processes, prefix `ZVONOK_`."""

    lookup_key: Annotated[SecretBytes, AfterValidator(_whole_key), Field(repr=False)]
    """32 bytes in base64, the same as identity's: people are looked up by hashes under it (D-2)."""
    invitation_answer_seconds: Annotated[float, Field(ge=0, le=5)] = 0.15
    """An accepted `POST /invitations` answers after this long, whether the addressee is known or not (D-2)."""
    api_port: int = 8103
    ops_port: int = 8203
