"""Access tokens as I-9 has them: who, which session, since when. Nothing about the person, nothing about rights."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from joserfc import jwt

from identity.sessions.signing_keys import SigningKeys
from shared.ops.ids import Ids

ACCESS_LIFETIME = timedelta(minutes=15)
BY_PASSWORD = "1"  # noqa: S105 -- the authentication context «one factor», not a secret
_REFRESH_PREFIX = "zvr_"
_DEVICE_PREFIX = "zvd_"
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Signs access tokens."""

    keys: SigningKeys
    issuer: str
    audience: str
    ids: Ids

    def access_token(
        self,
        account_id: UUID,
        session_id: UUID,
        *,
        authenticated_at: datetime,
        now: datetime,
        bound_to: str | None = None,
    ) -> str:
        """A token of 15 minutes.

        Args:
            account_id: who.
            session_id: by which sign-in.
            authenticated_at: when the password was given last.
            now: the instant of issue.
            bound_to: the hash of the one page that the password or code was given for (J-32).
        """
        key = self.keys.active
        claims: dict[str, str | int | float] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(account_id),
            "sid": str(session_id),
            "jti": str(self.ids()),
            "iat": now.timestamp(),  # with its fraction: a token of the second of a cut-off must not count as older
            "exp": int((now + ACCESS_LIFETIME).timestamp()),
            "auth_time": int(authenticated_at.timestamp()),
            "acr": BY_PASSWORD,
        }
        if bound_to is not None:
            claims["bnd"] = bound_to
        return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": "at+jwt"}, claims, key)


def new_refresh_token() -> str:
    """256 random bits; the prefix lets secret scanners recognise one that has leaked."""
    return _REFRESH_PREFIX + token_urlsafe(_TOKEN_BYTES)


def new_device_token() -> str:
    """256 random bits by which a device is known again."""
    return _DEVICE_PREFIX + token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """How a refresh or device token is kept: a plain hash is enough for 256 random bits."""
    return sha256(token.encode()).digest()
