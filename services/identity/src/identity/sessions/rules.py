"""Pure rules of signing in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address

FREE_FAILURES = 5
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
"""Failures older than this count for nothing."""

SESSION_LIFETIME = timedelta(days=30)
"""A session that nobody renews for so long has ended."""

REFRESH_GRACE = timedelta(seconds=10)
"""Two tabs renew at the same moment, or a phone repeats a request: no theft. Later it is."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """What is remembered of one login."""

    failures: int
    last_attempt_at: datetime
    blocked_until: datetime


def delay_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: five are free, then 2 s, 4 s … 15 min (I-8)."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    # The exponent is capped, so that a persistent stranger does not overflow the calendar.
    doublings = min(failures - FREE_FAILURES, 20)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def wait_of(throttle: Throttle, now: datetime) -> timedelta:
    """How long the next attempt has to wait; none while failures are free.

    Attempts at the same moment take their turn in another order than they came: one that came a little earlier than
    the last one counted has nothing to wait for.
    """
    if throttle.failures < FREE_FAILURES:
        return timedelta(0)
    return max(throttle.blocked_until - now, timedelta(0))


def attempted(before: Throttle | None, now: datetime) -> Throttle:
    """The throttle after one more attempt, which counts as failed until the password turns out right.

    Charged beforehand: a hundred attempts at the same instant must not all be the first one.
    """
    failures = 1
    if before is not None and now - before.last_attempt_at < FORGOTTEN_AFTER:
        failures = before.failures + 1
    return Throttle(failures, now, now + delay_after(failures))


ADDRESS_FREE_FAILURES = 60
"""A school sits behind one address: as many people may mistype there before anybody waits."""
ADDRESS_INTERVAL = timedelta(seconds=10)
"""One failure is forgiven after so long."""


def address_wait(clear_at: datetime | None, now: datetime) -> timedelta:
    """How long an address has to wait before its next attempt (I-8).

    Args:
        clear_at: when all its failures will be forgiven; None without any.
        now: the instant of the attempt.
    """
    if clear_at is None:
        return timedelta(0)
    return max(clear_at - now - ADDRESS_FREE_FAILURES * ADDRESS_INTERVAL, timedelta(0))


def address_failed(clear_at: datetime | None, now: datetime) -> datetime:
    """When all failures of an address will be forgiven, after one more.

    Attempts that were under way together may overdraw the allowance; that is paid by a longer wait, so that the
    rate holds in the long run, but nobody ever waits longer than `LONGEST_DELAY`.
    """
    longest = ADDRESS_FREE_FAILURES * ADDRESS_INTERVAL + LONGEST_DELAY
    return min(max(clear_at or now, now) + ADDRESS_INTERVAL, now + longest)


def network_of(address: str | None) -> str | None:
    """What counts as one place: an IPv4 address, the first 64 bits of an IPv6 one; None for no address at all."""
    if not address:
        return None
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip())
    except (AddressValueError, ValueError):
        return None
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)


ASSERTION_LIFETIME = timedelta(minutes=5)
"""A frontend signs one for each request; longer than this it never needs it."""
ASSERTION_SKEW = timedelta(seconds=30)
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a known frontend has said of itself."""

    client_id: str
    jti: str
    expires_at: datetime


def read_assertion(claims: object, audience: str, now: datetime) -> Assertion | None:
    """The assertion, if its claims are those of RFC 7523 and it lives now and not for long; else None.

    Args:
        claims: of a JWT whose signature is checked apart.
        audience: our issuer; a list with it alone is good too.
        now: the instant of the request.
    """
    if not isinstance(claims, dict):
        return None
    client_id, jti = claims.get("iss"), claims.get("jti")
    issued_at, expires_at = _instant(claims.get("iat")), _instant(claims.get("exp"))
    named = all(isinstance(each, str) and 0 < len(each) <= _LONGEST_ID for each in (client_id, jti))
    if not named or claims.get("sub") != client_id or claims.get("aud") not in (audience, [audience]):
        return None
    if issued_at is None or expires_at is None or "nbf" in claims:
        return None
    lives = issued_at - ASSERTION_SKEW <= now < expires_at
    if not lives or expires_at - issued_at > ASSERTION_LIFETIME:
        return None
    return Assertion(str(client_id), str(jti), expires_at)


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
