"""The town on one page: the services, their ports, and what each is told beside the common settings."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from shared.bus import Subscriptions
from shared.localstack.runner import Planned
from town.up.keys import SEALED_FOR, Keys

API_PORTS: Mapping[str, int] = {
    "identity": 8101,
    "journal": 8102,
    "delegation": 8103,
    "notifications": 8104,
    "support": 8105,
}
OPS = 100
"""A worker's operations page (health, metrics, AsyncAPI) is at the API's port + 100."""
SMTP_PORT = 8125
MAIL_PORT = 8126
SMS_PORT = 8127
SERVICES = tuple(API_PORTS)


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are in this town: all ports are shifted by one offset, so that several towns fit on a machine."""

    offset: int

    def api_port(self, service: str) -> int:
        return API_PORTS[service] + self.offset

    def ops_port(self, service: str) -> int:
        return API_PORTS[service] + OPS + self.offset

    def base_url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.api_port(service)}"

    def ops_url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ops_port(service)}"

    @property
    def smtp_port(self) -> int:
        return SMTP_PORT + self.offset

    @property
    def mail_port(self) -> int:
        return MAIL_PORT + self.offset

    @property
    def mail_url(self) -> str:
        return f"http://127.0.0.1:{self.mail_port}"

    @property
    def sms_port(self) -> int:
        return SMS_PORT + self.offset

    @property
    def sms_url(self) -> str:
        return f"http://127.0.0.1:{self.sms_port}"

    @property
    def all_ports(self) -> list[int]:
        pairs = [(self.api_port(service), self.ops_port(service)) for service in SERVICES]
        return [port for pair in pairs for port in pair] + [self.smtp_port, self.mail_port, self.sms_port]


def listening(services: Iterable[str] = SERVICES) -> list[Subscriptions]:
    """What each of these services listens to: what a broker's topology is made of."""
    return [import_module(f"{service}.events").subscriptions for service in services]


def own_settings(service: str, places: Places, keys: Keys) -> dict[str, str]:
    """What this service alone is told. Names without the prefix ZVONOK_."""
    table: dict[str, dict[str, str]] = {
        "identity": {
            "MASTER_KEY": keys.random_key("identity-master-key"),
            "SIGNING_KEYS": json.dumps(keys.signing_keys()),
        },
        "journal": {
            "MASTER_KEY": keys.random_key("journal-master-key"),
            "SEAL_KEYS": json.dumps(keys.seal_keys()),
        },
        "delegation": {},
        "notifications": {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(places.smtp_port),
            "MAIL_FROM": "no-reply@zvonok.example",
            "SMS_URL": f"{places.sms_url}/messages",
        },
        "support": {"MASTER_KEY": keys.random_key("support-master-key")},
    }
    return table[service]


def settings_of(service: str, process: str, places: Places, keys: Keys, links: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a service's process.

    `links`: DATABASE_URL and RABBITMQ_URL of this service; only a worker is given the broker's (law 4), and only a
    worker opens what was sealed for its service.
    """
    told = {
        "DATABASE_URL": links["DATABASE_URL"],
        "JWKS_URL": f"{places.base_url('identity')}/.well-known/jwks.json",
        "API_PORT": str(places.api_port(service)),
        "OPS_PORT": str(places.ops_port(service)),
        "LOOKUP_KEY": keys.random_key("town-lookup-key"),
        "SEALING_RECIPIENTS": json.dumps(keys.sealing_recipients()),
        **own_settings(service, places, keys),
    }
    if process == "worker":
        told["RABBITMQ_URL"] = links["RABBITMQ_URL"]
        if service in SEALED_FOR:
            told["SEALING_KEY"] = json.dumps(keys.sealing_key(service))
    passed_on = {name: os.environ[name] for name in ("ZVONOK_LOG_LEVEL", "ZVONOK_OTLP_ENDPOINT") if name in os.environ}
    return _base_environment() | passed_on | {f"ZVONOK_{name}": value for name, value in told.items()}


def service_process(service: str, process: str, places: Places, env: Mapping[str, str]) -> Planned:
    """`journal-api` or `journal-worker`."""
    port = places.api_port(service) if process == "api" else places.ops_port(service)
    return Planned(
        name=f"{service}-{process}",
        command=(command_of(service), process),
        env=env,
        ports=(port,),
        ready_url=f"http://127.0.0.1:{port}/health/ready",
    )


def mail_process(places: Places, keep: Path) -> Planned:
    """The local mail sink."""
    options = ("--smtp", str(places.smtp_port), "--http", str(places.mail_port), "--keep", str(keep))
    return Planned(
        name="mail",
        command=(sys.executable, "-m", "shared.localstack.mail_sink", *options),
        env=_base_environment(),
        ports=(places.smtp_port, places.mail_port),
        ready_url=f"{places.mail_url}/health/ready",
    )


def sms_process(places: Places) -> Planned:
    """The local SMS gateway."""
    return Planned(
        name="sms",
        command=(sys.executable, "-m", "shared.localstack.sms_sink", "--http", str(places.sms_port)),
        env=_base_environment(),
        ports=(places.sms_port,),
        ready_url=f"{places.sms_url}/health/ready",
    )


def command_of(service: str) -> str:
    """A service's own command, installed beside this interpreter."""
    return str(Path(sys.executable).parent / service)


def _base_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "TZ": "UTC"}
