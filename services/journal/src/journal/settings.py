"""Settings of journal: what every service is told, and the keys of signed weeks and of what families say."""

from typing import Any

from pydantic import Field

from shared.ops.settings import SecretKey, ServiceSettings


class Settings(ServiceSettings):
    """Environment of journal's processes, prefix `ZVONOK_`."""

    master_key: SecretKey
    """Wraps the data key of every notice's comment. Lost: all comments are lost."""
    seal_keys: dict[str, Any] | None = Field(default=None, repr=False)
    """JWK set with private Ed25519 keys (`journal generate-seal-keys`). The first seals, all verify; without them
    weeks cannot be signed."""
    api_port: int = 8102
    ops_port: int = 8202
