"""What a feed shows, and its secret (J-6). Pure."""

from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe

DAYS_BEFORE = timedelta(days=14)
DAYS_AHEAD = timedelta(days=60)
"""Calendar programs fetch again and again: what was and what comes, not the whole year each time."""

SECRET_BYTES = 24
_PREFIX = "zvf_"


def new_secret() -> str:
    """192 random bits; the prefix lets secret scanners recognise one that has leaked."""
    return _PREFIX + token_urlsafe(SECRET_BYTES)


def secret_hash(secret: str) -> bytes:
    """What is kept of a secret; a plain hash is enough for so many random bits."""
    return sha256(secret.encode()).digest()


def days_of_feed(today: date) -> tuple[date, date]:
    """The first and the last day that a feed shows."""
    return today - DAYS_BEFORE, today + DAYS_AHEAD
