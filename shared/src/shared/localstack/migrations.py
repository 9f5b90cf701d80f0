"""Does a database have to be migrated again? Only if something that a migration may use has changed."""

import hashlib
from pathlib import Path

from shared.db import migrate


def fingerprint(service: str) -> str:
    """Of the service's migrations and of what they take from the kit; 12 hex digits."""
    digest = hashlib.sha256()
    kit = Path(migrate.__file__).parents[1]
    folders = [migrate.migrations_of(service), kit / "db", kit / "bus", kit / "access"]
    for folder in folders:
        for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.sql")]):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
