"""Access tokens for tests, signed like identity's: ES256, `at+jwt`, the claims every service checks."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER = "https://zvonok.local/identity"
AUDIENCE = "zvonok"


class Signing:
    """A key of this test run, and tokens signed with it."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": f"test-{secrets.token_hex(4)}", "use": "sig", "alg": "ES256"})

    @property
    def jwks(self) -> dict[str, Any]:
        """The public half, as identity publishes it."""
        return {"keys": [self.key.as_dict(private=False)]}

    @property
    def key_source(self) -> Any:
        """What a TokenVerifier reads keys from."""
        from shared.http.tokens import GivenKeys

        return GivenKeys(self.jwks["keys"])

    def token(
        self,
        account_id: UUID,
        *,
        auth_time: datetime | None = None,
        acr: str = "1",
        session_id: UUID | None = None,
        lifetime: timedelta = timedelta(minutes=10),
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A valid access token of this account; any claim or header field may be replaced, None leaves it out."""
        now = datetime.now(UTC)
        stated: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(account_id),
            "sid": str(session_id or uuid4()),
            "jti": str(uuid4()),
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "auth_time": int((auth_time or now).timestamp()),
            "acr": acr,
        }
        stated = {name: value for name, value in (stated | claims).items() if value is not None}
        fields: dict[str, Any] = {"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid}
        fields = {name: value for name, value in (fields | (header or {})).items() if value is not None}
        return jwt.encode(fields, stated, self.key)

    def bearer(self, account_id: UUID, **options: Any) -> dict[str, str]:
        """The Authorization header with such a token."""
        return {"Authorization": f"Bearer {self.token(account_id, **options)}"}
