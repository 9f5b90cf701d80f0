"""Passwords: argon2id with 46 MiB (I-7), hashed beside the event loop and only a few at a time."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

MEMORY_KIB = 46 * 1024
"""46 MiB, one pass, one lane: OWASP's first recommendation for argon2id."""

LONGEST_QUEUE = 200
"""Who waits longer than this many hashes (some seconds) is better told to come back."""


class TooBusy(Exception):
    """More people sign in at this moment than this process can serve in reasonable time."""


class Passwords:
    """Hashes and compares. Memory is bounded by `at_once` × 46 MiB however many people sign in together."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._hasher = PasswordHasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The encoded hash of a password."""
        return await self._run(partial(self._hasher.hash, comparable_password(password)))

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is right. Without a hash a dummy is compared, so that nobody can tell the
        missing account by the time it takes (I-3).
        """
        return await self._run(partial(self._verify, comparable_password(password), password_hash))

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _dummy(self) -> str:
        return self._hasher.hash("nobody has this password")

    def _verify(self, password: str, password_hash: str | None) -> bool:
        try:
            self._hasher.verify(password_hash or self._dummy, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    async def _run(self, work: partial[T]) -> T:
        if self._waiting >= LONGEST_QUEUE:
            raise TooBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def comparable_password(typed: str) -> str:
    """One spelling for what looks the same: «й» typed as one or as two code points is the same password."""
    return unicodedata.normalize("NFC", typed)
