"""Settings of support: what every service is told, and the key that requesters' contacts are kept under."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from shared.ops.settings import SecretBytes, ServiceSettings

NOTIFICATIONS = "notifications"
"""Who writes to requesters, and so for whom their address is sealed."""
_KEY_BYTES = 32


def _whole_key(value: bytes) -> bytes:
    if len(value) != _KEY_BYTES:
        raise ValueError(f"must be {_KEY_BYTES} bytes in base64 (`openssl rand -base64 {_KEY_BYTES}`)")
    return value


def _has_notifications(value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    if NOTIFICATIONS not in value:
        raise ValueError(f'must have the public key of {NOTIFICATIONS}: {{"{NOTIFICATIONS}": {{…JWK…}}}}')
    return value


class Settings(ServiceSettings):
    """Environment of support's processes, prefix `ZVONOK_`."""

    master_key: Annotated[SecretBytes, AfterValidator(_whole_key), Field(repr=False)]
    """Everything secret here is derived from it or wrapped by it. Lost: all contacts of requesters are lost."""
    sealing_recipients: Annotated[dict[str, dict[str, Any]], AfterValidator(_has_notifications)]
    """Service → its public JWK; notifications must be among them: it writes to requesters."""
    api_port: int = 8105
    ops_port: int = 8205
