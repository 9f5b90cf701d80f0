"""Settings of support: what every service is told, and the key that requesters' contacts are kept under."""

from typing import Annotated, Any

from pydantic import AfterValidator

from shared.ops.settings import SecretKey, ServiceSettings

NOTIFICATIONS = "notifications"
"""Who writes to requesters, and so for whom their address is sealed."""


def _has_notifications(value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    if NOTIFICATIONS not in value:
        raise ValueError(f'must have the public key of {NOTIFICATIONS}: {{"{NOTIFICATIONS}": {{…JWK…}}}}')
    return value


class Settings(ServiceSettings):
    """Environment of support's processes, prefix `ZVONOK_`."""

    master_key: SecretKey
    """Everything secret here is derived from it or wrapped by it. Lost: all contacts of requesters are lost."""
    sealing_recipients: Annotated[dict[str, dict[str, Any]], AfterValidator(_has_notifications)]
    """Service → its public JWK; notifications must be among them: it writes to requesters."""
    api_port: int = 8105
    ops_port: int = 8205
