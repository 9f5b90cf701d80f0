"""Passwords and keys of one local stack: made once, kept in one private file, handed on by environment."""

import fcntl
import secrets
from collections.abc import Callable
from pathlib import Path

from shared.localstack.processes import read_json, write_json


class SecretBook:
    """Named secrets in a JSON file with mode 0600. A secret that was made stays the same until the file is deleted."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str, make: Callable[[], str] | None = None) -> str:
        """The secret of this name, made on first use (a random password unless `make` says how)."""
        known = read_json(self._path)
        if name not in known:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.with_suffix(".lock").open("w") as lock:  # two at once must not make two
                fcntl.flock(lock, fcntl.LOCK_EX)
                known = read_json(self._path)
                if name not in known:
                    known[name] = make() if make else secrets.token_urlsafe(24)
                    write_json(self._path, known)
        return str(known[name])
