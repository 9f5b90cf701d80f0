"""Who calls: dependencies for routes."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.access.cutoffs import is_cut_off
from shared.http.common_problems import StepUpRequired, TokenInvalid
from shared.http.problems import Unauthenticated
from shared.http.tokens import Caller, VerifiedToken

STEP_UP = timedelta(minutes=5)


class _AccessToken(HTTPBearer):
    """The bearer scheme and its check as one dependency: each one more costs a request as much as a small query."""

    def __init__(self) -> None:
        super().__init__(
            auto_error=False,
            bearerFormat="JWT",
            scheme_name="AccessToken",
            description="Access token from `POST /api/identity/v1/sessions`, 15 minutes.",
        )

    async def __call__(  # type: ignore[override] # FastAPI takes whatever a dependency answers
        self, request: Request
    ) -> VerifiedToken:
        """Answer a token that is good by itself; refuse a missing or wrong one."""
        credentials = await super().__call__(request)
        if credentials is None:
            if "authorization" in request.headers:
                raise TokenInvalid
            raise Unauthenticated
        container: Any = request.app.state.container
        token: VerifiedToken = await container.tokens.verify(credentials.credentials)
        return token


_access_token = _AccessToken()

BearerToken = Annotated[VerifiedToken, Depends(_access_token)]
"""For routes whose first statement asks for `CUT_OFF` itself, and refuses: the session may have been ended since."""


async def current_caller(request: Request, token: BearerToken) -> Caller:
    """Answer who calls; refuse a missing, wrong or void token."""
    caller = token.caller
    container: Any = request.app.state.container
    async with container.database.driver() as connection:
        if await is_cut_off(connection, caller.account_id, caller.session_id, token.issued_at):
            raise TokenInvalid
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller)]
"""The signed-in caller of a route."""


_scheme = HTTPBearer(
    auto_error=False, bearerFormat="JWT", scheme_name="AccessToken", description=_access_token.model.description
)


async def optional_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]
) -> Caller | None:
    """Answer who calls, None for a stranger; a wrong or void token is refused all the same."""
    if credentials is None and "authorization" not in request.headers:
        return None
    return await current_caller(request, await _access_token(request))


OptionalCaller = Annotated[Caller | None, Depends(optional_caller)]
"""The caller of a route that strangers may call too."""


async def recent_caller(request: Request, caller: CurrentCaller) -> Caller:
    """Answer who calls, if the password or code was entered within the last five minutes (I-11)."""
    container: Any = request.app.state.container
    if caller.auth_time < container.tokens.clock() - STEP_UP:
        raise StepUpRequired
    return caller


RecentCaller = Annotated[Caller, Depends(recent_caller)]
"""The caller of a route that needs a fresh password (step-up)."""
