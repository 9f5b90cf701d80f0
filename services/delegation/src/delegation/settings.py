"""Settings of delegation: what every service is told, and the town's key for keyed hashes."""

from typing import Annotated

from pydantic import Field

from shared.ops.settings import SecretKey, ServiceSettings


class Settings(ServiceSettings):
    """Environment of delegation's processes, prefix `ZVONOK_`."""

    lookup_key: SecretKey
    """32 bytes in base64, the same as identity's: people are looked up by hashes under it (D-2)."""
    invitation_answer_seconds: Annotated[float, Field(ge=0, le=5)] = 0.15
    """An accepted `POST /invitations` answers after this long, whether the addressee is known or not (D-2)."""
    api_port: int = 8103
    ops_port: int = 8203
