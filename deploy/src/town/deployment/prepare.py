"""`town deployment`: write the secrets of a new deployment, once, for compose.yaml or Kubernetes.

Into the given directory, readable by its owner only: `postgres.env` and `<service>-<process>.env` with all settings,
`definitions.json` for RabbitMQ with users (hashed passwords), permissions and topology, `secrets.json` with the
passwords and keys themselves. A second time the same secrets are written again: nothing is replaced.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.bus.topology import definitions, permissions
from town.up.keys import Keys
from town.up.table import SERVICES, Places, listening, settings_of

API_PORT, OPS_PORT = "8000", "8001"
"""Inside a container every service has the same ports."""


def prepare(
    out: Path,
    *,
    postgres: str = "postgres:5432",
    rabbitmq: str = "rabbitmq:5672",
    smtp: str = "mail:25",
    sms: str = "http://sms/messages",
    portal: str = "https://portal.zvonok.example",
) -> list[Path]:
    """Write all files and answer their paths.

    Args:
        out: a directory outside of the repository's history (`deploy/.secrets` is ignored by git).
        postgres: host and port as the services reach it.
        rabbitmq: likewise.
        smtp: the mail server that notifications sends through.
        sms: the address of the SMS gateway; its token is added to notifications-worker.env by hand.
        portal: where the portal frontend is, for links in messages.
    """
    out.mkdir(parents=True, exist_ok=True)
    out.chmod(0o700)
    keys = Keys(out / "secrets.json")
    passwords = {f"PASSWORD_{name.upper()}": keys.password(f"postgres-{name}") for name in SERVICES}
    files = [_env(out / "postgres.env", {"POSTGRES_PASSWORD": keys.password("postgres-admin"), **passwords})]
    for service in SERVICES:
        links = {
            "DATABASE_URL": f"postgresql+asyncpg://{service}:{keys.password(f'postgres-{service}')}@{postgres}/{service}",
            "RABBITMQ_URL": f"amqp://{service}:{keys.password(f'rabbitmq-{service}')}@{rabbitmq}/%2F",
        }
        for process in ("api", "worker"):
            told = settings_of(service, process, Places(0), keys, links)
            told = {name: value for name, value in told.items() if name.startswith("ZVONOK_")}
            files.append(_env(out / f"{service}-{process}.env", told | _inside_containers(smtp, sms, portal)))
    files.append(_private(out / "definitions.json", json.dumps(broker_definitions(keys), indent=2) + "\n"))
    return [*files, out / "secrets.json"]


def broker_definitions(keys: Keys) -> dict[str, Any]:
    """RabbitMQ's import file: topology, and one user per service that may only do what its service does."""
    topology = definitions(listening())
    users = [_user("zvonok_admin", keys.password("rabbitmq-admin"), ["administrator"])]
    users += [_user(service, keys.password(f"rabbitmq-{service}"), []) for service in SERVICES]
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    rights = [{"user": "zvonok_admin", "vhost": "/", **everything}]
    rights += [{"user": service, "vhost": "/", **permissions(service)} for service in SERVICES]
    return {"vhosts": [{"name": "/"}], "users": users, "permissions": rights, **topology}


def _user(name: str, password: str, tags: list[str]) -> dict[str, Any]:
    salt = secrets.token_bytes(4)
    hashed = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    return {
        "name": name,
        "password_hash": hashed,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
        "limits": {},
    }


def _inside_containers(smtp: str, sms: str, portal: str) -> dict[str, str]:
    host, _, port = smtp.partition(":")
    return {
        "ZVONOK_API_HOST": "0.0.0.0",  # noqa: S104 -- inside a container; the gateway stands before it
        "ZVONOK_API_PORT": API_PORT,
        "ZVONOK_OPS_PORT": OPS_PORT,
        "ZVONOK_JWKS_URL": f"http://identity-api:{API_PORT}/.well-known/jwks.json",
        "ZVONOK_SMTP_HOST": host,
        "ZVONOK_SMTP_PORT": port or "25",
        "ZVONOK_SMS_URL": sms,
        "ZVONOK_PORTAL_URL": portal,
    }


def _env(path: Path, content: Mapping[str, str]) -> Path:
    return _private(path, "".join(f"{name}={value}\n" for name, value in sorted(content.items())))


def _private(path: Path, content: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(content)
    return path
