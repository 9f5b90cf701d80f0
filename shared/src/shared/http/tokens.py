"""Access tokens: verified locally, on every request, trusting nothing in them before the signature (I-9).

joserfc checks the signature; the rest is ours: the header has exactly alg, kid and typ (no jku, jwk, x5u,
crit: nothing of the token chooses its own key), `typ` is pinned, claims are checked for type and range.
"""

import asyncio
import json
import math
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import httpx
import structlog
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from shared.http.common_problems import TokenExpired, TokenInvalid
from shared.http.problems import TemporarilyUnavailable
from shared.ops.clock import Clock, system_clock

MAX_TOKEN_BYTES = 4096
SKEW_SECONDS = 30
"""Clocks of machines differ; a token from half a minute ahead is not hostile."""
REFETCH_SECONDS = 10.0
"""An unknown kid makes us ask identity, but strangers choose kids: at most once in this time."""
FIRST_FETCH_SECONDS = 1.0
"""Without any keys nobody can be let in: ask again soon, so that we are back at work when identity is."""
REFRESH_SECONDS = 300.0
"""Keys older than this are asked for anew in the background: retired keys go, next ones come."""
REMEMBERED = 4096
"""Tokens whose signature was checked: a client sends the same one for minutes, and checking costs 0.2 ms."""
_FETCH_TIMEOUT = 3.0
_MAX_JWKS_BYTES = 64 * 1024

_HASH = re.compile(r"[0-9a-f]{64}")
_registry = JWSRegistry(algorithms=["ES256"])
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. What they may do is not in the token: local access edges say it."""

    account_id: UUID
    session_id: UUID
    auth_time: datetime
    """When the password or code was entered last."""
    acr: str
    bound_to: str | None = None
    """The hash of the one page that the password or code was given for (J-32); None: for no page in particular."""


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """A token that is good by itself; its session may have been ended since."""

    caller: Caller
    issued_at: datetime
    expires_at: datetime


class KeySource(Protocol):
    """Where verification keys come from."""

    async def key(self, kid: str) -> ECKey | None:
        """Answer the key of that id, or None; raises `TemporarilyUnavailable` if it has none at all."""
        ...


class GivenKeys:
    """Keys known beforehand: identity's own, or a test's."""

    def __init__(self, jwks: Iterable[Mapping[str, Any]]) -> None:
        self._keys = _import(jwks)

    async def key(self, kid: str) -> ECKey | None:
        return self._keys.get(kid)


class JwksUrl:
    """Keys from identity's `/.well-known/jwks.json`, kept while identity is down."""

    def __init__(self, url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(timeout=_FETCH_TIMEOUT, transport=transport, trust_env=False)
        self._url = url
        self._keys: dict[str, ECKey] = {}
        self._fetched = -math.inf
        self._tried = -math.inf
        self._asking = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def aclose(self) -> None:
        """Stop asking and close the connection."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            with suppress(asyncio.CancelledError):
                await self._refreshing
        await self._client.aclose()

    async def key(self, kid: str) -> ECKey | None:
        found = self._keys.get(kid)
        if found is not None:
            self._refresh_if_old()
            return found
        async with self._asking:
            # Another request may have fetched it while this one waited.
            pause = REFETCH_SECONDS if self._keys else FIRST_FETCH_SECONDS
            if kid not in self._keys and time.monotonic() - self._tried >= pause:
                await self._fetch()
                self._tried = time.monotonic()  # those who queued behind a slow answer do not ask again at once
        if not self._keys:
            # Not 401: the caller's token may be good, it is us who cannot tell.
            raise TemporarilyUnavailable
        return self._keys.get(kid)

    def _refresh_if_old(self) -> None:
        now = time.monotonic()
        idle = self._refreshing is None or self._refreshing.done()
        if idle and now - self._fetched > REFRESH_SECONDS and now - self._tried >= REFETCH_SECONDS:
            self._refreshing = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        async with self._asking:
            await self._fetch()

    async def _fetch(self) -> None:
        self._tried = time.monotonic()
        try:
            response = await self._client.get(self._url)
            response.raise_for_status()
            if len(response.content) > _MAX_JWKS_BYTES:
                raise ValueError("too large")  # noqa: TRY301 - handled like any other unusable answer
            keys = _import(response.json()["keys"])
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            _log.warning("jwks_unavailable", error=type(error).__name__, kept=len(self._keys))
            return
        self._fetched = time.monotonic()
        if keys:
            self._keys = keys


def _import(jwks: Iterable[Mapping[str, Any]]) -> dict[str, ECKey]:
    keys = {}
    for jwk in jwks:
        if not isinstance(jwk, Mapping):
            raise TypeError("a key is not an object")
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256" and isinstance(jwk.get("kid"), str):
            key = ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
            keys[jwk["kid"]] = key
    return keys


class TokenVerifier:
    """Turns a bearer token into a caller, or refuses it with one indistinct answer."""

    def __init__(self, keys: KeySource, issuer: str, audience: str, clock: Clock = system_clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._remembered: dict[bytes, tuple[str, ECKey, VerifiedToken]] = {}
        self.clock = clock

    async def verify(self, token: str) -> VerifiedToken:
        """Verify a token by itself; ended sessions are the caller's next check.

        Raises:
            TokenExpired: it was good.
            TokenInvalid: anything else is wrong with it.
            TemporarilyUnavailable: no keys could be had yet.
        """
        if len(token) > MAX_TOKEN_BYTES or not token.isascii():
            raise TokenInvalid
        digest = sha256(token.encode()).digest()
        kid, known_key, known = self._remembered.get(digest, (None, None, None))
        kid = kid or _kid(token)
        key = await self._keys.key(kid)
        if key is None:
            raise TokenInvalid
        if known is None or known_key is not key:
            known = self._read(_claims(token, key))
            while len(self._remembered) >= REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[digest] = (kid, key, known)
        self._check_time(known)
        return known

    def _read(self, claims: dict[str, Any]) -> VerifiedToken:
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise TokenInvalid
        acr, jti = claims.get("acr"), claims.get("jti")
        if not isinstance(acr, str) or not isinstance(jti, str) or not jti:
            raise TokenInvalid
        verified = VerifiedToken(
            caller=Caller(
                account_id=_uuid(claims.get("sub")),
                session_id=_uuid(claims.get("sid")),
                auth_time=_instant(claims.get("auth_time")),
                acr=acr,
                bound_to=_hash(claims.get("bnd")),
            ),
            issued_at=_instant(claims.get("iat")),
            expires_at=_instant(claims.get("exp")),
        )
        starts = [verified.issued_at, verified.caller.auth_time]
        if "nbf" in claims:
            starts.append(_instant(claims["nbf"]))
        latest = self.clock().timestamp() + SKEW_SECONDS
        if any(start.timestamp() > latest for start in starts):
            raise TokenInvalid
        return verified

    def _check_time(self, verified: VerifiedToken) -> None:
        if verified.expires_at <= self.clock():
            raise TokenExpired


def _claims(token: str, key: ECKey) -> dict[str, Any]:
    """Check the signature and answer what it covers."""
    try:
        signed = jws.deserialize_compact(token, key, registry=_registry)
        claims = json.loads(signed.payload)
    except (JoseError, ValueError, RecursionError):
        raise TokenInvalid from None
    if not isinstance(claims, dict):
        raise TokenInvalid
    return claims


def _kid(token: str) -> str:
    """Check the unverified header and answer its key id."""
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise TokenInvalid
    try:
        header = json.loads(urlsafe_b64decode(parts[0].encode()), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise TokenInvalid from None
    if not isinstance(header, dict) or set(header) != {"alg", "kid", "typ"}:
        raise TokenInvalid
    kid = header["kid"]
    if header["alg"] != "ES256" or header["typ"] != "at+jwt" or not isinstance(kid, str):
        raise TokenInvalid
    return kid


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _uuid(value: object) -> UUID:
    if not isinstance(value, str):
        raise TokenInvalid
    try:
        return UUID(value)
    except ValueError:
        raise TokenInvalid from None


def _hash(value: object) -> str | None:
    if value is not None and (not isinstance(value, str) or _HASH.fullmatch(value) is None):
        raise TokenInvalid
    return value


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenInvalid
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise TokenInvalid from None
