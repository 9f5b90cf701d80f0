"""Settings of a process, from the environment; a wrong one is said plainly before anything starts."""

import base64
import binascii
import sys
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

_PREFIX = "ZVONOK_"


def _from_base64(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError("must be base64") from None


SecretBytes = Annotated[bytes, NoDecode, BeforeValidator(_from_base64)]
"""A key, written in base64 in the environment; give the field `repr=False`."""


_KEY_BYTES = 32


def _whole_key(value: bytes) -> bytes:
    if len(value) != _KEY_BYTES:
        raise ValueError(f"must be {_KEY_BYTES} bytes in base64 (`openssl rand -base64 {_KEY_BYTES}`)")
    return value


SecretKey = Annotated[SecretBytes, AfterValidator(_whole_key), Field(repr=False)]
"""A key of 32 bytes, likewise; no `repr` shows it."""


class ServiceSettings(BaseSettings):
    """What every service is told; a service adds its own. Variables have the prefix `ZVONOK_`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", frozen=True)

    database_url: str = Field(repr=False)
    """postgresql+asyncpg://…"""
    rabbitmq_url: str | None = Field(default=None, repr=False)
    """amqp://…; the worker's alone (law 4)."""
    jwks_url: str = "http://127.0.0.1:8101/.well-known/jwks.json"
    issuer: str = "https://zvonok.local/identity"
    audience: str = "zvonok"
    api_host: str = "127.0.0.1"
    api_port: int = 8100
    ops_port: int = 8200
    trusted_proxies: str = ""
    """Addresses of gateways, with commas, whose `X-Forwarded-For` names the client; from others it is ignored."""
    log_level: str = "INFO"
    otlp_endpoint: str | None = None
    sealing_key: dict[str, Any] | None = Field(default=None, repr=False)
    """This consumer's private JWK."""
    sealing_recipients: dict[str, dict[str, Any]] = {}
    """Service → its public JWK: for whom this producer seals."""
    lookup_key: SecretBytes | None = Field(default=None, repr=False)
    """32 bytes: the town's key for keyed hashes in events."""
    max_body_bytes: int = 1024 * 1024
    pool_size: int = 10


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load_settings(settings: type[SettingsT]) -> SettingsT:
    """Read settings from the environment; on a missing or wrong one name it on stderr and exit with 2."""
    try:
        return settings()
    except ValidationError as error:
        lines = [_sentence(str(item["loc"][0]), item) for item in error.errors() if item["loc"]]
    except SettingsError as error:
        lines = [str(error)]
    sys.stderr.write("\n".join(["The service cannot start, its settings are not right:", *lines]) + "\n")
    raise SystemExit(2)


def _sentence(name: str, item: Any) -> str:
    variable = name.upper() if name.upper().startswith(_PREFIX) else f"{_PREFIX}{name.upper()}"
    # The value is not quoted: it may be a key or a password.
    return f"  {variable} is missing" if item["type"] == "missing" else f"  {variable}: {item['msg']}"
